using System.Net;
using System.Net.Sockets;
using System.Text;

namespace nanoOta.StandIns
{
    /// <summary>
    /// Reads lines and bytes from a connection through 256 bytes of buffer, with the device's peculiarities
    /// (System.Net.Http a37532d0, InputNetworkStreamWrapper).
    /// </summary>
    internal sealed class ResponseReader(Connection connection)
    {
        internal const int BufferSize = 256;

        private readonly byte[] _buffer = new byte[BufferSize];
        private int _start;
        private int _end;

        internal Connection Connection => connection;

        /// <summary>Bytes at hand in the buffer.</summary>
        internal int Buffered => _end - _start;

        /// <summary>A reader that goes on where this one is; this one has lost its buffer.</summary>
        internal ResponseReader Split()
        {
            ResponseReader other = new(connection) { _end = Buffered };
            Array.Copy(_buffer, _start, other._buffer, 0, Buffered);
            _start = _end = 0;
            return other;
        }

        /// <summary>Takes from the buffer.</summary>
        internal int Take(byte[] buffer, int offset, int count)
        {
            int taken = Math.Min(count, Buffered);
            Array.Copy(_buffer, _start, buffer, offset, taken);
            _start += taken;
            return taken;
        }

        /// <summary>Fills the empty buffer with what has arrived, or waits for one byte.</summary>
        /// <returns>0 when the peer has closed.</returns>
        internal int Refill()
        {
            _start = _end = 0;
            return _end = connection.Read(_buffer, 0, Math.Clamp(connection.Available, 1, BufferSize));
        }

        /// <summary>The next byte.</summary>
        /// <exception cref="SocketException">ConnectionAborted: the peer has closed.</exception>
        internal byte ReadByte()
        {
            byte value = Peek();
            _start++;
            return value;
        }

        /// <summary>
        /// Reads a line and leaves out its last two bytes, whatever they are: a line that a bare LF ends loses a character
        /// of its text, and so does one that breaks off.
        /// </summary>
        /// <param name="limit">Bytes that the line must not reach, its end included.</param>
        /// <exception cref="SocketException">ConnectionAborted: the peer has closed before the line.</exception>
        /// <exception cref="WebException">The line is too long.</exception>
        internal string ReadLine(int limit)
        {
            List<byte> line = [];
            while (line.Count != limit && TryRead(line))
            {
                if (line[^1] == '\r')
                {
                    // Takes the next byte with it, LF or not.
                    TryRead(line);
                    break;
                }

                if (line[^1] == '\n')
                {
                    break;
                }
            }

            if (line.Count == limit)
            {
                throw new WebException("A line of the response is too long.", WebExceptionStatus.ServerProtocolViolation);
            }

            if (line.Count == 0)
            {
                throw new SocketException(SocketError.ConnectionAborted);
            }

            string text = Encoding.UTF8.GetString([.. line.Take(line.Count - 2)]);

            // A device's string ends at a zero byte.
            return text.IndexOf('\0') is >= 0 and int zero ? text[..zero] : text;
        }

        /// <summary>Reads a header with its continuation lines; an empty one ends the head.</summary>
        internal string ReadHeader(int limit)
        {
            string header = ReadLine(limit);
            if (header.Length == 0)
            {
                return header;
            }

            limit -= header.Length;
            while (limit > 0)
            {
                if (Peek() is not ((byte)' ' or (byte)'\t'))
                {
                    return header;
                }

                string continuation = ReadLine(limit);
                limit -= continuation.Length;
                header += continuation;
            }

            throw new WebException("A header of the response is too long.", WebExceptionStatus.ServerProtocolViolation);
        }

        private byte Peek()
        {
            return Buffered > 0 || Refill() > 0 ? _buffer[_start] : throw new SocketException(SocketError.ConnectionAborted);
        }

        private bool TryRead(List<byte> line)
        {
            if (Buffered == 0 && Refill() == 0)
            {
                return false;
            }

            line.Add(_buffer[_start++]);
            return true;
        }
    }
}
