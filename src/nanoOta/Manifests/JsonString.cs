// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System.Text;

namespace nanoOta
{
    /// <summary>The strings of <see cref="JsonReader"/>: their check, byte by byte, and their text.</summary>
    internal static class JsonString
    {
        /// <summary>Checks the string that begins with the quote at a place.</summary>
        /// <param name="text">The buffer.</param>
        /// <param name="at">Where the opening quote is.</param>
        /// <param name="end">Where the text ends.</param>
        /// <param name="hash">A hash of the characters with their escapes resolved, to tell names apart.</param>
        /// <returns>The index behind the closing quote, or the complement (~) of the index that is wrong.</returns>
        internal static int Scan(byte[] text, int at, int end, out uint hash)
        {
            hash = 2166136261;
            for (at++; at < end; )
            {
                int start = at;
                uint c = text[at];
                if (c == '"')
                {
                    return at + 1;
                }

                // What is neither an escape nor outside printable ASCII stands for itself.
                c = c >= ' ' && c < 0x80 && c != '\\' ? text[at++] : Character(text, ref at, end);
                if (c == 0)
                {
                    return ~start;
                }

                hash = (hash ^ c) * 16777619;
            }

            return ~end;
        }

        /// <summary>The text of a string that <see cref="Scan"/> has passed.</summary>
        internal static string Decode(byte[] text, int at)
        {
            int end = ++at;
            bool escaped = false;
            while (text[end] != '"')
            {
                if (text[end] == '\\')
                {
                    escaped = true;
                    end++;
                }

                end++;
            }

            if (!escaped)
            {
                return Encoding.UTF8.GetString(text, at, end - at);
            }

            // No escape is shorter than what it stands for.
            byte[] plain = new byte[end - at];
            int count = 0;
            while (at < end)
            {
                count = PutUtf8(plain, count, Character(text, ref at, end));
            }

            return Encoding.UTF8.GetString(plain, 0, count);
        }

        // Reads a character, as it stands or escaped, and goes behind it; 0 for every fault: a NUL is refused as well.
        private static uint Character(byte[] text, ref int at, int end)
        {
            if (text[at] != '\\')
            {
                uint plain = Utf8(text, ref at, end);
                return plain < ' ' ? 0 : plain;
            }

            uint c = Escape(text, ref at, end);
            if (c < 0xD800 || c >= 0xE000)
            {
                return c;
            }

            // The halves of a pair are escapes, the second right behind the first.
            uint low = c < 0xDC00 && at < end && text[at] == '\\' ? Escape(text, ref at, end) : 0;
            return low >= 0xDC00 && low < 0xE000 ? 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00) : 0;
        }

        // Reads an escape and goes behind it; 0 when it is none.
        private static uint Escape(byte[] text, ref int at, int end)
        {
            if (end - at < 2)
            {
                return 0;
            }

            byte kind = text[at + 1];
            at += 2;
            int letter = "\"\\/btnfr".IndexOf((char)kind);
            if (letter >= 0)
            {
                return "\"\\/\b\t\n\f\r"[letter];
            }

            if (kind != 'u' || end - at < 4)
            {
                return 0;
            }

            uint value = 0;
            for (int i = 0; i < 4; i++)
            {
                int digit = Hex.Digit(text[at++]);
                if (digit < 0)
                {
                    return 0;
                }

                value = (value << 4) | (uint)digit;
            }

            return value;
        }

        // Reads a character and goes behind it; 0 when it is not UTF-8 in its shortest form, or is half of a pair.
        private static uint Utf8(byte[] text, ref int at, int end)
        {
            uint c = text[at++];
            if (c < 0x80)
            {
                return c;
            }

            int more = c >= 0xF0 ? 3 : c >= 0xE0 ? 2 : 1;
            uint least = more == 3 ? 0x10000u : more == 2 ? 0x800u : 0x80u;
            if (c < 0xC2 || c > 0xF4 || end - at < more)
            {
                return 0;
            }

            c &= 0x3Fu >> more;
            for (; more > 0; more--)
            {
                uint next = text[at++];
                if ((next & 0xC0) != 0x80)
                {
                    return 0;
                }

                c = (c << 6) | (next & 0x3F);
            }

            return c < least || c > 0x10FFFF || (c >= 0xD800 && c < 0xE000) ? 0 : c;
        }

        private static int PutUtf8(byte[] to, int at, uint c)
        {
            if (c < 0x80)
            {
                to[at++] = (byte)c;
                return at;
            }

            int more = c >= 0x10000 ? 3 : c >= 0x800 ? 2 : 1;
            to[at++] = (byte)((more == 3 ? 0xF0u : more == 2 ? 0xE0u : 0xC0u) | (c >> (6 * more)));
            for (more--; more >= 0; more--)
            {
                to[at++] = (byte)(0x80 | ((c >> (6 * more)) & 0x3F));
            }

            return at;
        }
    }
}
