using System.Net.Sockets;

namespace nanoOta.StandIns
{
    /// <summary>
    /// The body of a response, and on the way there the stream for a request's body. It returns 0 at the end that
    /// Content-Length promises and just as well when the peer closes early; what the peer sent beyond that length may
    /// come along. To close it closes the connection.
    /// </summary>
    internal sealed class ResponseStream(ResponseReader reader, int length, bool isChunked) : Stream
    {
        // -1: to the end of the connection. Other negative lengths from the wire let nothing through but the buffer.
        private int _left = length;
        private uint? _chunkSize;
        private uint _chunkOffset;

        public override bool CanRead => true;

        public override bool CanWrite => true;

        public override bool CanSeek => false;

        public override bool CanTimeout => true;

        public override int ReadTimeout
        {
            get => reader.Connection.ReadTimeout;
            set => reader.Connection.ReadTimeout = CheckTimeout(value);
        }

        public override int WriteTimeout
        {
            get => reader.Connection.WriteTimeout;
            set => reader.Connection.WriteTimeout = CheckTimeout(value);
        }

        /// <summary>What can be read without waiting, or the size of the chunk: never the length of the body.</summary>
        public override long Length => isChunked && _chunkSize is uint size ? size : reader.Connection.Available + reader.Buffered;

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            int read = isChunked ? ReadChunked(buffer, offset, count) : ReadRaw(buffer, offset, count);
            NetworkMeter.CountBody(read);
            return read;
        }

        /// <summary>Heeds neither chunks nor length, and throws at the end instead of returning -1.</summary>
        /// <exception cref="SocketException">The peer has closed.</exception>
        public override int ReadByte()
        {
            byte value = reader.ReadByte();
            NetworkMeter.CountBody(1);
            return value;
        }

        public override void Write(byte[] buffer, int offset, int count) => reader.Connection.Write(buffer, offset, count);

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            reader.Connection.Dispose();
            base.Dispose(disposing);
        }

        private static int CheckTimeout(int value)
        {
            return value is 0 or < Timeout.Infinite ? throw new ArgumentOutOfRangeException(nameof(value)) : value;
        }

        private int ReadChunked(byte[] buffer, int offset, int count)
        {
            if (_chunkSize is null)
            {
                _chunkSize = ChunkHeader.ReadSize(reader);
                _chunkOffset = 0;
            }

            if (_chunkSize == 0)
            {
                return 0;
            }

            int read = ReadRaw(buffer, offset, (int)Math.Min(count, _chunkSize.Value - _chunkOffset));
            _chunkOffset += (uint)read;
            if (_chunkOffset == _chunkSize)
            {
                _chunkSize = null;
            }

            return read;
        }

        private int ReadRaw(byte[] buffer, int offset, int count)
        {
            int read = reader.Take(buffer, offset, count);
            int missing = count - read;
            if (missing > 0 && (_left == -1 || _left > read))
            {
                // Waits though there is something already; and less than a buffer's length goes through the buffer.
                if (missing >= ResponseReader.BufferSize)
                {
                    read += reader.Connection.Read(buffer, offset + read, missing);
                }
                else if (reader.Refill() > 0)
                {
                    read += reader.Take(buffer, offset + read, missing);
                }
                else
                {
                    // What was taken before is lost.
                    return 0;
                }
            }

            if (_left > 0)
            {
                _left = Math.Max(0, _left - read);
            }

            return read;
        }
    }
}
