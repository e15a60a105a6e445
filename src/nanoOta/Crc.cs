// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System.Text;

namespace nanoOta
{
    /// <summary>
    /// The common CRC-32 (reflected polynomial 0xEDB88320, as in zip and Ethernet), four bits at a time: it guards records of a
    /// few hundred bytes.
    /// </summary>
    internal static class Crc
    {
        // Made when first used: as an initialised array it would cost more flash than the code that makes it.
        private static uint[] s_nibbles;

        /// <summary>The checksum of the first bytes of a buffer.</summary>
        internal static uint Of(byte[] data, int count)
        {
            uint[] nibbles = s_nibbles;
            if (nibbles == null)
            {
                nibbles = new uint[16];
                for (uint i = 0; i < 16; i++)
                {
                    uint remainder = i;
                    for (int bit = 0; bit < 4; bit++)
                    {
                        remainder = (remainder >> 1) ^ ((remainder & 1) * 0xEDB88320);
                    }

                    nibbles[i] = remainder;
                }

                s_nibbles = nibbles;
            }

            uint crc = 0xFFFFFFFF;
            for (int i = 0; i < count; i++)
            {
                crc ^= data[i];
                crc = (crc >> 4) ^ nibbles[crc & 15];
                crc = (crc >> 4) ^ nibbles[crc & 15];
            }

            return ~crc;
        }

        /// <summary>The checksum of a text's UTF-8 bytes; 0 for null.</summary>
        internal static uint Of(string text)
        {
            if (text == null)
            {
                return 0;
            }

            byte[] bytes = Encoding.UTF8.GetBytes(text);
            return Of(bytes, bytes.Length);
        }
    }
}
