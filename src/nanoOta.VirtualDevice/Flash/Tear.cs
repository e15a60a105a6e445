namespace nanoOta.VirtualDevice.Flash
{
    /// <summary>What a power cut leaves of the operation it falls into.</summary>
    public enum TearKind
    {
        /// <summary>Nothing of it has happened.</summary>
        Nothing,

        /// <summary>The first part of the bytes is done, the rest untouched.</summary>
        Prefix,

        /// <summary>Some of the bits are done, anywhere.</summary>
        SomeBits,

        /// <summary>The bits that were to change read differently each time.</summary>
        Unstable,

        /// <summary>All of it is done.</summary>
        All,
    }

    /// <summary>How the operation at which the power is cut is left.</summary>
    /// <param name="Kind">The kind.</param>
    /// <param name="Seed">Decides how much, and which bits.</param>
    public readonly record struct Tear(TearKind Kind, int Seed)
    {
        /// <summary>
        /// For each bit that the operation was to change, whether it did: applied to what it would have made of the bytes.
        /// </summary>
        /// <param name="before">The bytes before; becomes what is left.</param>
        /// <param name="after">The bytes as the whole operation would leave them.</param>
        /// <param name="weak">Receives the bits that read unstable from now on; those that were so stay it where nothing happened.</param>
        public void Apply(Span<byte> before, ReadOnlySpan<byte> after, Span<byte> weak)
        {
            var random = new Random(Seed);
            int done = Kind switch
            {
                TearKind.Nothing => 0,
                TearKind.Prefix => random.Next(before.Length),
                _ => before.Length,
            };
            for (int i = 0; i < done; i++)
            {
                byte changing = (byte)((before[i] ^ after[i]) | weak[i]);
                byte changed = Kind == TearKind.SomeBits ? (byte)(changing & random.Next(256)) : changing;
                before[i] = (byte)((before[i] & ~changed) | (after[i] & changed));
                weak[i] = Kind == TearKind.Unstable ? changing : (byte)(weak[i] & ~changed);
            }
        }
    }
}
