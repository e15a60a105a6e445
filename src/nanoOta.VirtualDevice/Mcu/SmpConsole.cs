using System.Formats.Cbor;
using System.Text;
using LibraryReader = System.Formats.Cbor.CborReader;

namespace nanoOta.VirtualDevice.Mcu
{
    /// <summary>
    /// The console side of MCUboot's boot_serial: reads lines, decodes each by itself, puts packets together, has them handled, and answers in
    /// lines. What is not a whole packet with the right CRC is passed over without a word.
    /// </summary>
    /// <param name="handle">Answers a request: operation, group, command and body; an empty answer is not sent.</param>
    internal sealed class SmpConsole(Func<int, int, int, byte[], byte[]> handle)
    {
        private const int LineLength = 124;
        private const int HeaderLength = 8;

        private readonly List<byte> _line = [];
        private readonly List<byte> _packet = [];
        private readonly List<byte> _sent = [];

        /// <summary>MCUBOOT_SERIAL_MAX_RECEIVE_SIZE.</summary>
        public int MaxReceive { get; set; } = 512;

        /// <summary>What is done to each line on its way, in either direction.</summary>
        public Func<byte[], IEnumerable<byte[]>> Line { get; set; } = line => [line];

        /// <summary>Done once an answer is on its way.</summary>
        public Action? AfterAnswer { get; set; }

        /// <summary>Reads a value of a map by its key: long, bool, string or bytes; null when it is not there.</summary>
        public static object? Read(byte[] body, string key)
        {
            try
            {
                var reader = new LibraryReader(body, CborConformanceMode.Lax);
                reader.ReadStartMap();
                while (reader.PeekState() != CborReaderState.EndMap)
                {
                    if (reader.ReadTextString() != key)
                    {
                        reader.SkipValue();
                        continue;
                    }

                    return reader.PeekState() switch
                    {
                        CborReaderState.UnsignedInteger => reader.ReadInt64(),
                        CborReaderState.Boolean => reader.ReadBoolean(),
                        CborReaderState.TextString => reader.ReadTextString(),
                        CborReaderState.ByteString => reader.ReadByteString(),
                        _ => null,
                    };
                }
            }
            catch (Exception e) when (e is CborContentException or InvalidOperationException or OverflowException)
            {
                // Not what a request is: as if it were not there.
            }

            return null;
        }

        /// <summary>A map of indefinite length, as zcbor writes it.</summary>
        public static byte[] Map(Action<CborWriter> write)
        {
            var writer = new CborWriter(CborConformanceMode.Lax, convertIndefiniteLengthEncodings: false);
            writer.WriteStartMap(null);
            write(writer);
            writer.WriteEndMap();
            return writer.Encode();
        }

        /// <summary>Forgets what came in. What was sent is on its way.</summary>
        public void Clear()
        {
            _line.Clear();
            _packet.Clear();
        }

        /// <summary>What is to be sent.</summary>
        public byte[] TakeSent()
        {
            byte[] sent = [.. _sent];
            _sent.Clear();
            return sent;
        }

        /// <summary>Takes what came in.</summary>
        public void Receive(ReadOnlySpan<byte> bytes)
        {
            foreach (byte b in bytes)
            {
                _line.Add(b);
                if (b == '\n' || _line.Count > MaxReceive)
                {
                    byte[] line = [.. _line];
                    _line.Clear();
                    foreach (byte[] arrived in Line(line))
                    {
                        TakeLine(arrived);
                    }
                }
            }
        }

        /// <summary>CRC-16/XMODEM, bit by bit.</summary>
        public static ushort Crc(IEnumerable<byte> bytes)
        {
            int crc = 0;
            foreach (byte b in bytes)
            {
                crc ^= b << 8;
                for (int bit = 0; bit < 8; bit++)
                {
                    crc = (crc & 0x8000) != 0 ? (crc << 1) ^ 0x1021 : crc << 1;
                }
            }

            return (ushort)crc;
        }

        private void TakeLine(byte[] line)
        {
            bool first = line.Length > 2 && line[0] == 6 && line[1] == 9;
            if (!first && !(line.Length > 2 && line[0] == 4 && line[1] == 20))
            {
                return;
            }

            if (first)
            {
                _packet.Clear();
            }

            try
            {
                _packet.AddRange(Convert.FromBase64String(Encoding.Latin1.GetString(line.AsSpan(2)).TrimEnd('\n')));
            }
            catch (FormatException)
            {
                return;
            }

            if (_packet.Count > MaxReceive || _packet.Count <= 2 || ((_packet[0] << 8) | _packet[1]) != _packet.Count - 2 || Crc(_packet.Skip(2)) != 0)
            {
                return;
            }

            byte[] packet = [.. _packet.Skip(2).Take(_packet.Count - 4)];
            if (packet.Length < HeaderLength || (packet[0] & 7) is not (0 or 2))
            {
                return;
            }

            byte[] answer = handle(packet[0] & 7, (packet[4] << 8) | packet[5], packet[7], packet[HeaderLength..]);
            if (answer.Length > 0)
            {
                Send(packet, answer);
            }

            AfterAnswer?.Invoke();
            AfterAnswer = null;
        }

        private void Send(byte[] request, byte[] body)
        {
            byte[] header = [(byte)((request[0] & 7) + 1), 0, (byte)(body.Length >> 8), (byte)body.Length, .. request.AsSpan(4, 4)];
            byte[] packet = [.. header, .. body];
            int total = packet.Length + 2;
            ushort crc = Crc(packet);
            string text = Convert.ToBase64String([(byte)(total >> 8), (byte)total, .. packet, (byte)(crc >> 8), (byte)crc]);
            for (int at = 0; at < text.Length; at += LineLength)
            {
                byte[] line = [.. at == 0 ? "\x06\x09"u8 : "\x04\x14"u8, .. Encoding.ASCII.GetBytes(text[at..Math.Min(text.Length, at + LineLength)]), (byte)'\n'];
                foreach (byte[] arrives in Line(line))
                {
                    _sent.AddRange(arrives);
                }
            }
        }
    }
}
