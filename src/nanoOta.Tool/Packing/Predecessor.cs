using nanoOta.VirtualDevice.Deltas;

namespace nanoOta.Tool.Packing
{
    /// <summary>An image that devices run already, from which a patch is made.</summary>
    /// <param name="Name">What the user calls it: a version or a file.</param>
    /// <param name="Stem">What stands for it in file names, for example <c>v1_0_0</c>.</param>
    /// <param name="Bytes">The image.</param>
    /// <param name="Parts">Its parts.</param>
    internal sealed record Predecessor(string Name, string Stem, byte[] Bytes, ImageParts Parts);
}
