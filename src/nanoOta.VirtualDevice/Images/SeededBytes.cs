namespace nanoOta.VirtualDevice.Images
{
    /// <summary>
    /// Filler for made images: the same bytes from the same seed on every machine and .NET version,
    /// which <see cref="Random"/> does not promise. (SplitMix64.)
    /// </summary>
    internal static class SeededBytes
    {
        public static void Fill(Span<byte> target, ulong seed)
        {
            ulong word = 0;
            for (int i = 0; i < target.Length; i++)
            {
                if (i % 8 == 0)
                {
                    seed += 0x9E3779B97F4A7C15;
                    word = (seed ^ (seed >> 30)) * 0xBF58476D1CE4E5B9;
                    word = (word ^ (word >> 27)) * 0x94D049BB133111EB;
                    word ^= word >> 31;
                }

                target[i] = (byte)(word >> (i % 8 * 8));
            }
        }
    }
}
