using System.Security.Cryptography;
using System.Text;
using nanoOta.VirtualDevice;
using nanoOta.VirtualDevice.Cloud;
using nanoOta.VirtualDevice.Deltas;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.Tests.Deltas
{
    /// <summary>Images of several assemblies, and what a manifest says of them.</summary>
    internal static class DeltaImages
    {
        public const string ImageFile = "v2.bin";
        public const string PatchFile = "v2.lz4";

        public static byte[] Corlib { get; } = EditedAssembly.Mscorlib();

        public static byte[] Part(string name, int size, ulong seed = 1)
        {
            return DeploymentBuilder.Assembly(new AssemblySpec(name, new(1, 0)), size, seed);
        }

        public static byte[] App(ushort minor, int size = 7600)
        {
            return DeploymentBuilder.Assembly(new AssemblySpec("App", new(1, minor)), size, 5);
        }

        public static byte[] Join(params byte[][] parts)
        {
            return [.. parts.SelectMany(part => part)];
        }

        /// <summary>A component with its parts, and a patch when there is one.</summary>
        public static ManifestComponent Component(byte[] old, byte[] image, byte[]? patch)
        {
            return new ManifestComponent
            {
                Id = ManifestComponent.Deployment,
                Version = SemanticVersion.Parse("1.1.0"),
                Size = image.Length,
                Sha256 = SHA256.HashData(image),
                Urls = [ImageFile],
                Parts = ImageParts.Read(image)!.Base64,
                Patches = patch == null ? null : Encoding.UTF8.GetBytes(Patches(old, patch)),
            };
        }

        public static string Patches(byte[] old, byte[] patch)
        {
            return $$"""[{"from":"0011223344556677","url":"other.lz4","size":9,"sha256":"x"},{"from":"{{ImageParts.Read(old)!.Id}}","url":"{{PatchFile}}","size":{{patch.Length}},"sha256":"{{Convert.ToHexStringLower(SHA256.HashData(patch))}}"}]""";
        }

        public static MemoryServer Server(byte[] image, byte[]? patch)
        {
            var server = new MemoryServer();
            server.Put(DeltaRun.Container + ImageFile, image);
            if (patch != null)
            {
                server.Put(DeltaRun.Container + PatchFile, patch);
            }

            return server;
        }

        public static DeltaRun Run(byte[] old, byte[] image, byte[]? patch, Func<int, bool>? reboots = null, int maxRead = 4096)
        {
            return new DeltaRun(old, Component(old, image, patch), Server(image, patch)) { RebootsAt = reboots ?? (_ => false), MaxRead = maxRead };
        }
    }
}
