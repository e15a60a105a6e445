namespace nanoOta.Budgets.Il
{
    /// <summary>What instrumented code has executed so far. One for each load context, as statics are.</summary>
    public static class IlTally
    {
        /// <summary>IL instructions of SHA-256.</summary>
        public static long Hash;

        /// <summary>What these cost the interpreter, in ARM instructions.</summary>
        public static long HashCost;

        /// <summary>IL instructions of RS256.</summary>
        public static long Rsa;

        /// <summary>What these cost the interpreter, in ARM instructions.</summary>
        public static long RsaCost;

        /// <summary>IL instructions of everything else.</summary>
        public static long Rest;

        /// <summary>What these cost the interpreter, in ARM instructions.</summary>
        public static long RestCost;

        /// <summary>Instructions that allocate: new objects, new arrays, boxing.</summary>
        public static long Allocations;
    }

    /// <summary>Instructions executed between two moments.</summary>
    /// <param name="Il">IL instructions.</param>
    /// <param name="Cost">What they cost the interpreter, in ARM instructions.</param>
    internal readonly record struct IlCount(long Il, long Cost)
    {
        /// <summary>What instrumented code has executed so far, SHA-256 and RS256 among it.</summary>
        public static IlCount Managed => Native + Crypto;

        /// <summary>The same without SHA-256 and RS256, which on our firmware are native code.</summary>
        public static IlCount Native => new(IlTally.Rest, IlTally.RestCost);

        /// <summary>SHA-256 alone.</summary>
        public static IlCount Hash => new(IlTally.Hash, IlTally.HashCost);

        private static IlCount Crypto => Hash + new IlCount(IlTally.Rsa, IlTally.RsaCost);

        /// <summary>The sum.</summary>
        public static IlCount operator +(IlCount one, IlCount other) => new(one.Il + other.Il, one.Cost + other.Cost);

        /// <summary>The difference.</summary>
        public static IlCount operator -(IlCount one, IlCount other) => new(one.Il - other.Il, one.Cost - other.Cost);
    }
}
