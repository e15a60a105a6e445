using System.Security.Cryptography;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.Tool.Packing
{
    /// <summary>Compares a file with what a manifest says of it.</summary>
    internal static class FileCheck
    {
        /// <summary>Compares length and SHA-256.</summary>
        /// <param name="name">What the check is called: the file's name.</param>
        /// <param name="bytes">The file.</param>
        /// <param name="size">The manifest's length, in bytes.</param>
        /// <param name="sha256">The manifest's hash, in lower-case hexadecimal digits.</param>
        /// <param name="ofSize">What devices do when the length differs.</param>
        /// <param name="ofHash">What devices do when the hash differs.</param>
        public static ImageCheck Of(string name, byte[] bytes, int size, string sha256, string ofSize, string ofHash)
        {
            string hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
            return bytes.Length != size ? new ImageCheck(name, false, $"It has {bytes.Length} bytes, the manifest says {size}: {ofSize}. Pack again.")
                : hash != sha256 ? new ImageCheck(name, false, $"Its SHA-256 is {hash[..16]}…, the manifest says {sha256[..16]}…: {ofHash}. Pack again.")
                : new ImageCheck(name, true, "Size and SHA-256 are the manifest's.");
        }
    }
}
