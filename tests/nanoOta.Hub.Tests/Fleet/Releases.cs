using nanoOta.Tool;
using nanoOta.VirtualDevice.Cloud;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.Hub.Tests
{
    /// <summary>Packed updates on a real HTTP server.</summary>
    internal sealed class Releases : IDisposable
    {
        private const int ImageSize = 32 * 1024;

        private readonly string _folder = Directory.CreateTempSubdirectory("nanoota").FullName;
        private readonly FileServer _server;

        public Releases()
        {
            _server = new FileServer(FileServer.Folder(_folder));
        }

        public string Url => _server.Url.TrimEnd('/');

        /// <summary>Packs a version.</summary>
        public void Publish(string version, ulong seed)
        {
            Assert.True(AssemblyVersion.TryParse(version, out AssemblyVersion own));
            string image = Path.Combine(_folder, ".app.bin");
            File.WriteAllBytes(image, SampleImages.Deployment(own, ImageSize, seed));
            using var error = new StringWriter();
            Assert.Equal(0, CommandLine.Run(["pack", image, "--version", version, "--layout", "esp32-4mb", "--out", _folder], TextWriter.Null, error));
        }

        public void Dispose()
        {
            _server.Dispose();
            Directory.Delete(_folder, recursive: true);
        }
    }
}
