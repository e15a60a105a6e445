// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

namespace nanoOta.DeviceTests
{
    /// <summary>Bytes as tests write them down.</summary>
    internal static class Hexadecimal
    {
        internal static byte[] Bytes(string digits)
        {
            char[] c = digits.ToCharArray();
            byte[] bytes = new byte[c.Length / 2];
            for (int i = 0; i < bytes.Length; i++)
            {
                bytes[i] = (byte)(Digit(c[2 * i]) * 16 + Digit(c[2 * i + 1]));
            }

            return bytes;
        }

        internal static string Text(byte[] bytes)
        {
            string text = string.Empty;
            for (int i = 0; i < bytes.Length; i++)
            {
                text += bytes[i].ToString("x2");
            }

            return text;
        }

        private static int Digit(char c)
        {
            return c <= '9' ? c - '0' : c - 'a' + 10;
        }
    }
}
