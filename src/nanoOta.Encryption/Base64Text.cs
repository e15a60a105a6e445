// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System.Text;

namespace nanoOta
{
    /// <summary>Base64url without padding (RFC 7515, section 2). nanoOta.Signing has its own, so that neither package loads the other one.</summary>
    internal static class Base64Text
    {
        /// <summary>Reads a text.</summary>
        /// <param name="text">The text; may be null.</param>
        /// <returns>The bytes; null when it is not base64url, or has bits left over that are not zero.</returns>
        internal static byte[] Read(string text)
        {
            byte[] c = text == null ? new byte[0] : Encoding.UTF8.GetBytes(text);
            byte[] bytes = new byte[c.Length * 6 / 8];
            uint bits = 0;
            int waiting = 0;
            int length = 0;
            for (int i = 0; i < c.Length; i++)
            {
                int value = c[i] >= 'A' && c[i] <= 'Z' ? c[i] - 'A'
                    : c[i] >= 'a' && c[i] <= 'z' ? c[i] - 'a' + 26
                    : c[i] >= '0' && c[i] <= '9' ? c[i] - '0' + 52
                    : c[i] == '-' ? 62 : c[i] == '_' ? 63 : -1;
                if (value < 0)
                {
                    return null;
                }

                bits = (bits << 6) | (uint)value;
                waiting += 6;
                if (waiting >= 8)
                {
                    waiting -= 8;
                    bytes[length++] = (byte)(bits >> waiting);
                }
            }

            // Six bits that wait are a character too many; two or four must be zero.
            return waiting == 6 || (bits & ((1u << waiting) - 1)) != 0 ? null : bytes;
        }
    }
}
