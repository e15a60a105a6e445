// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

namespace nanoOta
{
    /// <summary>
    /// SMP over a console, as MCUboot's serial recovery and Zephyr's shell transport speak it: length, packet and CRC-16 as one Base64 text, in
    /// lines of at most 127 characters. A packet's first line begins with 06 09, the others with 04 14; each ends with a line feed.
    /// </summary>
    internal sealed class SmpFrames
    {
        /// <summary>The longest packet, header included: what MCUboot takes by default, less its length and its CRC.</summary>
        internal const int MaxPacket = 508;

        private const int LineLength = 124;
        private const int FirstMark = 0x0609;
        private const int NextMark = 0x0414;

        // Length and CRC lie around the packet.
        private readonly byte[] _raw = new byte[2 + MaxPacket + 2];
        private readonly byte[] _lines = new byte[((2 + MaxPacket + 2 + 2) / 3 * 4 + LineLength - 1) / LineLength * 3 + (2 + MaxPacket + 2 + 2) / 3 * 4];

        // What comes in.
        private readonly byte[] _received = new byte[2 + MaxPacket + 2];
        private int _mark;
        private bool _inLine;
        private int _count;
        private int _bits;
        private int _digits;
        private int _padding;

        /// <summary>The packet that came last, from index 2 on.</summary>
        internal byte[] Received => _received;

        /// <summary>Its length.</summary>
        internal int ReceivedLength;

        /// <summary>The packet to be sent, from index 2 on.</summary>
        internal byte[] Packet => _raw;

        /// <summary>What <see cref="Encode"/> made.</summary>
        internal byte[] Lines => _lines;

        /// <summary>Makes the packet's lines.</summary>
        /// <param name="length">Its length, at most <see cref="MaxPacket"/>.</param>
        /// <returns>How many bytes of <see cref="Lines"/> they take.</returns>
        internal int Encode(int length)
        {
            int total = length + 2;
            _raw[0] = (byte)(total >> 8);
            _raw[1] = (byte)total;
            int crc = Crc16(_raw, 2, length);
            _raw[2 + length] = (byte)(crc >> 8);
            _raw[3 + length] = (byte)crc;
            int end = 2 + total;
            int at = 0;
            int column = LineLength;
            for (int i = 0; i < end; i += 3)
            {
                if (column == LineLength)
                {
                    at = Begin(at, i == 0 ? FirstMark : NextMark);
                    column = 0;
                }

                int bits = (_raw[i] << 16) | (i + 1 < end ? _raw[i + 1] << 8 : 0) | (i + 2 < end ? _raw[i + 2] : 0);
                _lines[at++] = Digit(bits >> 18);
                _lines[at++] = Digit(bits >> 12);
                _lines[at++] = i + 1 < end ? Digit(bits >> 6) : (byte)'=';
                _lines[at++] = i + 2 < end ? Digit(bits) : (byte)'=';
                column += 4;
            }

            _lines[at++] = (byte)'\n';
            return at;
        }

        /// <summary>Forgets a packet that is half received.</summary>
        internal void Forget()
        {
            _mark = 0;
            _inLine = false;
            _count = -1;
        }

        /// <summary>Takes the next byte that came in. What belongs to no frame, such as a log, is passed over.</summary>
        /// <returns>Whether a whole packet has come, with the right CRC.</returns>
        internal bool Take(byte b)
        {
            _mark = ((_mark << 8) | b) & 0xFFFF;
            if (_mark == FirstMark || _mark == NextMark)
            {
                _count = _mark == FirstMark ? 0 : _count;
                _inLine = true;
                _bits = 0;
                _digits = 0;
                _padding = 0;
                return false;
            }

            if (!_inLine)
            {
                return false;
            }

            if (b == '\n')
            {
                _inLine = false;
                return _count >= 0 && _digits == 0 && IsWhole();
            }

            // The first character of a mark may come at any time; anything else that is not Base64 spoils the packet.
            int digit = Value(b);
            if (digit >= 0 && _padding == 0)
            {
                Add(digit);
            }
            else if (b == '=' && _digits >= 2)
            {
                _padding++;
                Add(0);
            }
            else if (b != '\r')
            {
                Forget();
                _mark = b;
            }

            return false;
        }

        /// <summary>CRC-16/XMODEM: polynomial 0x1021, from 0 on.</summary>
        internal static int Crc16(byte[] data, int start, int count)
        {
            int crc = 0;
            for (int i = 0; i < count; i++)
            {
                // Eight bits at once: the polynomial has few terms.
                int x = ((crc >> 8) ^ data[start + i]) & 0xFF;
                x ^= x >> 4;
                crc = ((crc << 8) ^ (x << 12) ^ (x << 5) ^ x) & 0xFFFF;
            }

            return crc;
        }

        private void Add(int digit)
        {
            _bits = (_bits << 6) | digit;
            if (++_digits < 4)
            {
                return;
            }

            for (int i = 0; i < 3 - _padding && _count >= 0; i++)
            {
                if (_count == _received.Length)
                {
                    Forget();
                    return;
                }

                _received[_count++] = (byte)(_bits >> (16 - 8 * i));
            }

            _bits = 0;
            _digits = 0;
        }

        private bool IsWhole()
        {
            if (_count < 4)
            {
                return false;
            }

            int length = (_received[0] << 8) | _received[1];
            if (length > _count - 2)
            {
                return false;
            }

            bool isRight = length == _count - 2 && Crc16(_received, 2, length) == 0;
            ReceivedLength = length - 2;
            _count = -1;
            return isRight;
        }

        private int Begin(int at, int mark)
        {
            if (at > 0)
            {
                _lines[at++] = (byte)'\n';
            }

            _lines[at++] = (byte)(mark >> 8);
            _lines[at++] = (byte)mark;
            return at;
        }

        private static byte Digit(int bits)
        {
            bits &= 63;
            return (byte)(bits < 26 ? 'A' + bits : bits < 52 ? 'a' - 26 + bits : bits < 62 ? '0' - 52 + bits : bits == 62 ? '+' : '/');
        }

        private static int Value(byte b)
        {
            return b >= 'A' && b <= 'Z' ? b - 'A' : b >= 'a' && b <= 'z' ? b - 'a' + 26 : b >= '0' && b <= '9' ? b - '0' + 52
                : b == '+' ? 62 : b == '/' ? 63 : -1;
        }
    }
}
