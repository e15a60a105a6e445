using System.Security.Cryptography;
using System.Text;

namespace nanoOta.Tests.Download
{
    /// <summary>An update's two files, as small as a size says, and files that are taken for them.</summary>
    internal sealed class UpdateFiles
    {
        private const int Kinds = 64;

        private static readonly UpdateFiles?[] _made = new UpdateFiles[Kinds];

        private UpdateFiles(int size)
        {
            Image = new byte[size];
            new Random(size).NextBytes(Image);
            Manifest = ManifestOf("1.1.0", Image, size);
            OtherManifest = ManifestOf("1.2.0", Image, size);
        }

        public byte[] Image { get; }

        public byte[] Manifest { get; }

        /// <summary>The manifest of another version.</summary>
        public byte[] OtherManifest { get; }

        /// <summary>Files of about a size; made once.</summary>
        public static UpdateFiles Of(int size)
        {
            int kind = size % Kinds;
            return _made[kind] ??= new UpdateFiles(1 + (kind * 14_000 / Kinds));
        }

        /// <summary>An image of the same size that differs from a byte on.</summary>
        public byte[] OtherImage(int from)
        {
            byte[] other = [.. Image];
            for (int i = from % Image.Length; i < other.Length; i++)
            {
                other[i] ^= 0x55;
            }

            return other;
        }

        /// <summary>The right version's manifest, of a build whose image does not lie there.</summary>
        public byte[] ManifestOfOtherImage(bool otherSize)
        {
            return ManifestOf("1.1.0", [.. Image, 1, 2, 3], Image.Length + (otherSize ? 1 : 0));
        }

        private static byte[] ManifestOf(string version, byte[] image, int size)
        {
            return Encoding.ASCII.GetBytes(
                $$"""{"schema":1,"version":"{{version}}","components":[{"id":"{{PlainModule.Id}}","version":"{{version}}","size":{{size}},"sha256":"{{Convert.ToHexStringLower(SHA256.HashData(image))}}","urls":["v1_1_0.bin"]}]}""");
        }
    }
}
