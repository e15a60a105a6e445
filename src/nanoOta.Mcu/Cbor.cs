// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

namespace nanoOta
{
    /// <summary>Writes the little CBOR (RFC 8949) that requests to an MCU need. The caller knows that the buffer suffices.</summary>
    internal static class Cbor
    {
        internal const int Unsigned = 0;
        internal const int ByteString = 2;
        internal const int TextString = 3;
        internal const int Array = 4;
        internal const int Map = 5;
        internal const int Tag = 6;
        internal const int Simple = 7;

        internal const byte False = 0xF4;
        internal const byte True = 0xF5;

        /// <summary>The head of an item: its kind, and its value, length or count.</summary>
        /// <returns>The index behind it.</returns>
        internal static int Head(byte[] to, int at, int kind, int value)
        {
            int top = kind << 5;
            if (value < 24)
            {
                to[at++] = (byte)(top | value);
                return at;
            }

            int bytes = value < 0x100 ? 1 : value < 0x10000 ? 2 : 4;
            to[at++] = (byte)(top | (bytes == 1 ? 24 : bytes == 2 ? 25 : 26));
            for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
            {
                to[at++] = (byte)(value >> shift);
            }

            return at;
        }

        /// <summary>A text of ASCII characters.</summary>
        internal static int Text(byte[] to, int at, string text)
        {
            at = Head(to, at, TextString, text.Length);
            for (int i = 0; i < text.Length; i++)
            {
                to[at++] = (byte)text[i];
            }

            return at;
        }

        /// <summary>A string of bytes.</summary>
        internal static int Bytes(byte[] to, int at, byte[] value, int count)
        {
            at = Head(to, at, ByteString, count);
            System.Array.Copy(value, 0, to, at, count);
            return at + count;
        }
    }
}
