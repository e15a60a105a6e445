// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System.Text;

namespace nanoOta
{
    /// <summary>
    /// Base64url without padding (RFC 7515, section 2), read strictly: exactly one text stands for any bytes. So no padding, no
    /// white space, no other alphabet, and no bits left over that are not zero.
    /// </summary>
    public static class Base64Url
    {
        /// <summary>Reads a text.</summary>
        /// <param name="text">Holds its characters.</param>
        /// <param name="start">Where they begin.</param>
        /// <param name="count">How many they are.</param>
        /// <param name="to">Receives the bytes, from its start on, three for four characters; may be <paramref name="text"/> itself.</param>
        /// <returns>How many bytes it stands for; -1 when it is not base64url, and <paramref name="to"/> then holds anything.</returns>
        public static int Decode(byte[] text, int start, int count, byte[] to)
        {
            uint bits = 0;
            int waiting = 0;
            int length = 0;
            for (int end = start + count; start < end; start++)
            {
                uint c = text[start];
                if (c - 'a' < 26)
                {
                    c -= 'a' - 26;
                }
                else if (c - 'A' < 26)
                {
                    c -= 'A';
                }
                else if (c - '0' < 10)
                {
                    c += 52 - '0';
                }
                else if (c == '-')
                {
                    c = 62;
                }
                else if (c == '_')
                {
                    c = 63;
                }
                else
                {
                    return -1;
                }

                bits = (bits << 6) | c;
                waiting += 6;
                if (waiting >= 8)
                {
                    waiting -= 8;
                    to[length++] = (byte)(bits >> waiting);
                }
            }

            // Six bits that wait are a character too many; two or four must be zero.
            return waiting == 6 || (bits & ((1u << waiting) - 1)) != 0 ? -1 : length;
        }

        /// <summary>Reads a text of at most so many bytes.</summary>
        /// <param name="text">Holds its characters.</param>
        /// <param name="start">Where they begin.</param>
        /// <param name="count">How many they are.</param>
        /// <param name="maxLength">The most bytes it may stand for.</param>
        /// <returns>The bytes; null when it is not base64url, or stands for more.</returns>
        public static byte[] Read(byte[] text, int start, int count, int maxLength)
        {
            int length = count / 4 * 3 + (count & 3) * 3 / 4;
            if (length > maxLength)
            {
                return null;
            }

            byte[] bytes = new byte[length];
            return Decode(text, start, count, bytes) < 0 ? null : bytes;
        }

        /// <summary>Reads a text in base64 of either alphabet, with or without padding: Azure Device Update uses both.</summary>
        /// <param name="text">The text; may be null.</param>
        /// <param name="maxLength">The most bytes it may stand for.</param>
        /// <returns>The bytes; null when it is not base64, or stands for more.</returns>
        public static byte[] ReadEither(string text, int maxLength)
        {
            byte[] characters = Encoding.UTF8.GetBytes(text == null ? "=" : text);
            int count = characters.Length;
            if ((count & 3) == 0)
            {
                // Padding may only fill up four.
                count -= count > 0 && characters[count - 1] == '=' ? 1 : 0;
                count -= count > 0 && count < characters.Length && characters[count - 1] == '=' ? 1 : 0;
            }

            for (int i = 0; i < count; i++)
            {
                byte c = characters[i];
                characters[i] = c == '+' ? (byte)'-' : c == '/' ? (byte)'_' : c;
            }

            return Read(characters, 0, count, maxLength);
        }
    }
}
