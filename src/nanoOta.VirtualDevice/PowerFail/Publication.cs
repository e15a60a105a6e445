namespace nanoOta.VirtualDevice.PowerFail
{
    /// <summary>What was put on the server for a version.</summary>
    /// <param name="More">More members of its manifest, each with its comma.</param>
    /// <param name="Images">Its images, each with its component's id and version.</param>
    internal sealed record Publication(string More, IReadOnlyList<(string Id, string Version, string Url, byte[] Image)> Images);
}
