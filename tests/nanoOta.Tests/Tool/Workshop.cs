using System.Collections.Concurrent;
using nanoOta.VirtualDevice.Cloud;

namespace nanoOta.Tests.Tool
{
    /// <summary>A folder for the time of a test, with images, devices, and a server for what is packed.</summary>
    internal sealed class Workshop : IDisposable
    {
        public Workshop(int bytesPerSecond = 0)
        {
            Server = new FileServer(FileServer.Folder(Folder)) { BytesPerSecond = bytesPerSecond, Served = Requests.Enqueue };
        }

        public string Folder { get; } = Directory.CreateTempSubdirectory("nanoota-tests").FullName;

        public FileServer Server { get; }

        public ConcurrentQueue<ServedRequest> Requests { get; } = new();

        /// <summary>The container that <see cref="Pack"/> packs into.</summary>
        public string Container => Server.Url + "firmware";

        public void Dispose()
        {
            Server.Dispose();
            Directory.Delete(Folder, recursive: true);
        }

        public string PathOf(string name)
        {
            return Path.Combine(Folder, name);
        }

        public string Write(string name, string text)
        {
            File.WriteAllText(PathOf(name), text);
            return PathOf(name);
        }

        /// <summary>Makes an image.</summary>
        public string Image(string version, int size = 40000, string kind = "deployment", int seed = 0)
        {
            string path = PathOf($"{kind}-{version}-{size}-{seed}.bin");
            Done("image", "make", "--kind", kind, "--version", version, "--size", $"{size}", "--seed", $"{seed}", "--out", path);
            return path;
        }

        /// <summary>Packs a version into the container.</summary>
        public void Pack(string version, params string[] more)
        {
            Done(["pack", Image(version), "--version", version, "--out", PathOf("firmware"), .. more]);
        }

        /// <summary>Makes a device that runs 1.0.0.</summary>
        public string Device(string layout = "esp32-4mb")
        {
            string folder = PathOf($"device{Directory.GetDirectories(Folder).Length}");
            Done("device", "new", "--state", folder, "--layout", layout, "--image", Image("1.0.0"));
            return folder;
        }

        /// <summary>Another device that is in the same state.</summary>
        public string Copy(string device)
        {
            string folder = PathOf($"device{Directory.GetDirectories(Folder).Length}");
            Directory.CreateDirectory(folder);
            foreach (string file in Directory.GetFiles(device))
            {
                File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
            }

            return folder;
        }

        /// <summary>Runs a device with a twin that wants a version from the container.</summary>
        public ToolResult Request(string device, string version, params string[] more)
        {
            return Twin(device, $$"""{"updateVersion":"{{version}}","updateUrl":"{{Container}}"}""", more);
        }

        /// <summary>Runs a device with a twin.</summary>
        public ToolResult Twin(string device, string desired, params string[] more)
        {
            return ToolResult.Of(["device", "run", "--state", device, "--twin", Write("twin.json", desired), "--json", .. more]);
        }

        private static void Done(params string[] args)
        {
            ToolResult result = ToolResult.Of(args);
            Assert.True(result.ExitCode == 0, result.Error);
        }
    }
}
