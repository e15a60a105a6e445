// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System.Text;

namespace nanoOta
{
    /// <summary>Base64 of either alphabet: Azure Device Update uses both, and padding in one of them.</summary>
    internal static class AnyBase64
    {
        internal static byte[] Read(string text, int maxLength)
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

            return Base64Url.Read(characters, 0, count, maxLength);
        }
    }
}
