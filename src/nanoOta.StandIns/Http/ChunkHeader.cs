using System.Net;
using System.Text;

namespace nanoOta.StandIns
{
    /// <summary>Reads the line before a chunk, with the end of the chunk before it, as the device's state machine does.</summary>
    internal static class ChunkHeader
    {
        private const int MaxLength = 1024;

        private enum State
        {
            /// <summary>Behind the chunk before, or at the very beginning.</summary>
            Start,
            Size,
            ExtensionName,
            ExtensionValue,
            LineFeed,
        }

        /// <summary>Reads the size of the next chunk; 0 ends the body, and trailers after it are never read.</summary>
        /// <returns>The size; a negative one on the wire is a huge one here.</returns>
        /// <exception cref="ProtocolViolationException">It is not formed like one.</exception>
        /// <exception cref="FormatException">The size is no hexadecimal number.</exception>
        /// <exception cref="ArgumentOutOfRangeException">The size has more than 32 bits.</exception>
        /// <exception cref="IndexOutOfRangeException">More than 1024 bytes in a row without <c>;</c>, <c>=</c> or CR.</exception>
        /// <exception cref="System.Net.Sockets.SocketException">The peer has closed.</exception>
        internal static uint ReadSize(ResponseReader reader)
        {
            State state = State.Start;
            uint size = 0;
            List<byte> token = [];
            while (true)
            {
                byte value = reader.ReadByte();
                switch (value)
                {
                    case (byte)'\r' when state == State.Start:
                        break;
                    case (byte)'\r' when state is State.Size or State.ExtensionValue:
                        size = state == State.Size ? Parse(token) : size;
                        token.Clear();
                        state = State.LineFeed;
                        break;
                    case (byte)'\n' when state == State.Start:
                        state = State.Size;
                        break;
                    case (byte)'\n' when state == State.LineFeed:
                        return size;
                    case (byte)';' when state == State.Size:
                        size = Parse(token);
                        token.Clear();
                        state = State.ExtensionName;
                        break;
                    case (byte)'=' when state == State.ExtensionName:
                        token.Clear();
                        state = State.ExtensionValue;
                        break;
                    case (byte)'\r' or (byte)'\n' or (byte)';' or (byte)'=':
                        // An extension without a value, too: RFC 9112 allows it, the device does not.
                        throw new ProtocolViolationException();
                    default:
                        state = state == State.Start ? State.Size : state;
                        if (token.Count == MaxLength)
                        {
                            throw new IndexOutOfRangeException();
                        }

                        token.Add(value);
                        if (state == State.LineFeed)
                        {
                            throw new ProtocolViolationException();
                        }

                        break;
                }
            }
        }

        private static uint Parse(List<byte> token)
        {
            return unchecked((uint)DeviceNumber.ParseHex(Encoding.UTF8.GetString([.. token])));
        }
    }
}
