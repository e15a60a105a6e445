// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

namespace nanoOta
{
    /// <summary>Hexadecimal digits, as digests are written in manifests.</summary>
    public static class Hex
    {
        /// <summary>The value of a digit.</summary>
        /// <param name="c">The character, of either case.</param>
        /// <returns>0 to 15, or -1 when it is no digit.</returns>
        public static int Digit(int c)
        {
            if (c >= '0' && c <= '9')
            {
                return c - '0';
            }

            c |= 0x20;
            return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
        }

        /// <summary>Reads bytes from twice as many digits.</summary>
        /// <param name="text">The digits.</param>
        /// <param name="length">How many bytes they must give.</param>
        /// <returns>The bytes; null when the text is null, of another length, or holds anything but digits.</returns>
        public static byte[] Parse(string text, int length)
        {
            if (text == null || text.Length != 2 * length)
            {
                return null;
            }

            char[] digits = text.ToCharArray();
            byte[] bytes = new byte[length];
            for (int i = 0; i < length; i++)
            {
                int high = Digit(digits[2 * i]);
                int low = Digit(digits[2 * i + 1]);
                if (high < 0 || low < 0)
                {
                    return null;
                }

                bytes[i] = (byte)((high << 4) | low);
            }

            return bytes;
        }
    }
}
