namespace nanoOta.VirtualDevice.Fuzzing
{
    /// <summary>Something that takes bytes from outside.</summary>
    /// <param name="Name">Its name, for findings.</param>
    /// <param name="Share">How many of a thousand inputs it is given.</param>
    /// <param name="Seeds">Good inputs.</param>
    /// <param name="Take">Takes an input; throws when it finds a defect.</param>
    public sealed record FuzzTarget(string Name, int Share, IReadOnlyList<byte[]> Seeds, Action<byte[]> Take);

    /// <summary>An input that was not borne.</summary>
    /// <param name="Target">By what.</param>
    /// <param name="Input">The input.</param>
    /// <param name="What">What happened.</param>
    public sealed record FuzzFinding(string Target, byte[] Input, string What);

    /// <summary>A target did with an input what it must not do.</summary>
    public sealed class FuzzException(string what) : Exception(what);
}
