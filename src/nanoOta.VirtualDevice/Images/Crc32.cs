namespace nanoOta.VirtualDevice.Images
{
    /// <summary>The two directions of the CRC-32 with polynomial 0x04C11DB7 that image formats use.</summary>
    public static class Crc32
    {
        private static readonly uint[] _mostSignificantFirst = [.. Enumerable.Range(0, 256).Select(ForwardEntry)];
        private static readonly uint[] _leastSignificantFirst = [.. Enumerable.Range(0, 256).Select(ReflectedEntry)];

        /// <summary>nanoFramework's CRC (assembly headers and bodies): most significant bit first, start 0, no final xor.</summary>
        /// <param name="data">The bytes to cover.</param>
        /// <param name="crc">The CRC of what comes before <paramref name="data"/>; 0 at the start.</param>
        public static uint Nano(ReadOnlySpan<byte> data, uint crc = 0)
        {
            foreach (byte value in data)
            {
                crc = _mostSignificantFirst[(crc >> 24) ^ value] ^ (crc << 8);
            }

            return crc;
        }

        /// <summary>The ordinary CRC-32 of IEEE 802.3, zlib and PNG.</summary>
        public static uint Ieee(ReadOnlySpan<byte> data)
        {
            return EspLe(0, data);
        }

        /// <summary>ESP-IDF's <c>crc32_le(seed, data)</c>; otadata uses it with seed 0xFFFFFFFF over the sequence number.</summary>
        public static uint EspLe(uint seed, ReadOnlySpan<byte> data)
        {
            uint crc = ~seed;
            foreach (byte value in data)
            {
                crc = _leastSignificantFirst[(crc ^ value) & 0xFF] ^ (crc >> 8);
            }

            return ~crc;
        }

        private static uint ForwardEntry(int index)
        {
            uint entry = (uint)index << 24;
            for (int bit = 0; bit < 8; bit++)
            {
                entry = (entry & 0x80000000) != 0 ? (entry << 1) ^ 0x04C11DB7 : entry << 1;
            }

            return entry;
        }

        private static uint ReflectedEntry(int index)
        {
            uint entry = (uint)index;
            for (int bit = 0; bit < 8; bit++)
            {
                entry = (entry & 1) != 0 ? (entry >> 1) ^ 0xEDB88320 : entry >> 1;
            }

            return entry;
        }
    }
}
