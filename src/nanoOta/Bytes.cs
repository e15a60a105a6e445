// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

namespace nanoOta
{
    /// <summary>What records and digests need of byte arrays. Numbers are little-endian.</summary>
    internal static class Bytes
    {
        internal static bool Equal(byte[] a, byte[] b)
        {
            if (a == null || b == null)
            {
                return a == b;
            }

            return a.Length == b.Length && Equal(a, 0, b, 0, a.Length);
        }

        internal static bool Equal(byte[] a, int aStart, byte[] b, int bStart, int count)
        {
            for (int i = 0; i < count; i++)
            {
                if (a[aStart + i] != b[bStart + i])
                {
                    return false;
                }
            }

            return true;
        }

        internal static uint GetUInt32(byte[] b, int at)
        {
            return b[at] | ((uint)b[at + 1] << 8) | ((uint)b[at + 2] << 16) | ((uint)b[at + 3] << 24);
        }

        internal static void PutUInt32(byte[] b, int at, uint value)
        {
            b[at] = (byte)value;
            b[at + 1] = (byte)(value >> 8);
            b[at + 2] = (byte)(value >> 16);
            b[at + 3] = (byte)(value >> 24);
        }
    }
}
