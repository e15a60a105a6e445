namespace nanoOta.Mutants.Coverage
{
    /// <summary>A class of tests: what it takes by itself, and what it reaches.</summary>
    /// <param name="Name">Its full name.</param>
    /// <param name="Cost">What a process with it alone took, instrumented.</param>
    /// <param name="Blocks">The basic blocks that it reaches.</param>
    internal sealed record CoveringClass(string Name, Running.RunCost Cost, HashSet<int> Blocks);
}
