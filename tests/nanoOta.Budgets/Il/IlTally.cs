namespace nanoOta.Budgets.Il
{
    /// <summary>What instrumented code has executed so far. One for each load context, as statics are.</summary>
    public static class IlTally
    {
        /// <summary>IL instructions of SHA-256.</summary>
        public static long Hash;

        /// <summary>IL instructions of everything else.</summary>
        public static long Rest;

        /// <summary>Instructions that allocate: new objects, new arrays, boxing.</summary>
        public static long Allocations;
    }
}
