using System.Security.Cryptography;
using System.Text;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.Budgets
{
    /// <summary>The update that everything is measured with: a deployment 1.1.0 in a container, with its manifest.</summary>
    internal static class Offers
    {
        /// <summary>The version offered.</summary>
        public const string Version = "1.1.0";

        /// <summary>Where its files lie.</summary>
        public const string Container = "https://files.example/firmware/";

        /// <summary>The URL of its manifest.</summary>
        public const string ManifestUrl = Container + "v1_1_0.json";

        /// <summary>The URL of its image.</summary>
        public const string ImageUrl = Container + ImageName;

        /// <summary>The target it is for.</summary>
        public const string Target = "ESP32_REV3";

        private const string ImageName = "v1_1_0.bin";

        /// <summary>What an operator writes into the twin.</summary>
        public static string Desired => $$"""{"updateVersion":"{{Version}}","updateUrl":"{{Container}}"}""";

        /// <summary>A deployment of so many bytes, a multiple of 4.</summary>
        public static byte[] Image(int size)
        {
            return SampleImages.Deployment(new AssemblyVersion(1, 1), size);
        }

        /// <summary>The manifest of an image.</summary>
        public static byte[] Manifest(byte[] image)
        {
            return Encoding.UTF8.GetBytes($$"""
                {"schema":1,"version":"{{Version}}","counter":7,"compatibility":{"target":"{{Target}}"},"components":[{"id":"deployment",
                "version":"{{Version}}","size":{{image.Length}},"sha256":"{{Convert.ToHexStringLower(SHA256.HashData(image))}}","urls":["{{ImageName}}"]}]}
                """);
        }
    }
}
