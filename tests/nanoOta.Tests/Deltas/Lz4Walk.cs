namespace nanoOta.Tests.Deltas
{
    /// <summary>Decodes an LZ4 block byte by byte, straight from the format's description, for comparison with the library.</summary>
    internal static class Lz4Walk
    {
        /// <summary>The part that a patch's records give, one for each 32 KiB; those with a dictionary have this one.</summary>
        public static byte[] Part(ReadOnlySpan<byte> patch, ReadOnlySpan<byte> old, int length)
        {
            var part = new List<byte>();
            for (int at = 0; at < patch.Length;)
            {
                int size = patch[at + 4] | (patch[at + 5] << 8) | (patch[at + 6] << 16);
                ReadOnlySpan<byte> block = patch.Slice(at + 8, size);
                ReadOnlySpan<byte> dictionary = patch[at] == 255 ? [] : old[..Math.Min(old.Length, part.Count + 49152)];
                part.AddRange(patch[at + 2] == 0 ? block : Decode(block, dictionary, Math.Min(32768, length - part.Count)));
                at += 8 + size;
            }

            return [.. part];
        }

        /// <summary>The output; throws on anything wrong.</summary>
        public static byte[] Decode(ReadOnlySpan<byte> block, ReadOnlySpan<byte> dictionary, int length)
        {
            var window = new List<byte>(dictionary.Length + length);
            window.AddRange(dictionary);
            int at = 0;
            while (true)
            {
                int token = block[at++];
                for (int literals = Length(block, ref at, token >> 4); literals > 0; literals--)
                {
                    window.Add(block[at++]);
                }

                if (at == block.Length)
                {
                    return [.. window.Skip(dictionary.Length)];
                }

                int offset = block[at] | (block[at + 1] << 8);
                at += 2;
                for (int match = Length(block, ref at, token & 15) + 4; match > 0; match--)
                {
                    window.Add(window[^offset]);
                }
            }
        }

        private static int Length(ReadOnlySpan<byte> block, ref int at, int nibble)
        {
            int length = nibble;
            for (int next = nibble == 15 ? 255 : 0; next == 255; length += next)
            {
                next = block[at++];
            }

            return length;
        }
    }
}
