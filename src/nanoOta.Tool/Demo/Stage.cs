using System.Collections.Concurrent;
using nanoOta.Tool.Devices;
using nanoOta.Tool.Packing;
using nanoOta.VirtualDevice;
using nanoOta.VirtualDevice.Cloud;
using nanoOta.VirtualDevice.Deltas;
using nanoOta.VirtualDevice.Images;
using nanoOta.VirtualDevice.Slots;

namespace nanoOta.Tool.Demo
{
    /// <summary>What the demo needs: a device in a folder for the time being, a container on a real HTTP server, and an operator.</summary>
    internal sealed class Stage : IDisposable
    {
        // Two operations a block where each is a sector, otherwise one: beyond a checkpoint, and before the end.
        private const int BlockLength = 4096;
        private const int OtherOperations = 20;

        private const string Container = "firmware/";

        // Slow enough for a progress bar to be watched.
        private const int WatchableRate = 400 * 1024;

        private readonly Output _output;
        private readonly CoreKind _core;
        private readonly ConcurrentDictionary<string, byte[]> _files = new();
        private readonly string _folder = Directory.CreateTempSubdirectory("nanoota").FullName;
        private readonly FileServer _server;
        private readonly StateFolder _device;
        private readonly SlotPicture _picture;

        /// <summary>Makes a device that runs a version.</summary>
        public Stage(Output output, FlashLayout layout, CoreKind core, string version)
        {
            _core = core;
            _output = output;
            _picture = new SlotPicture(output, version);
            ImageSize = layout.IsStock ? 88 * 1024 : 512 * 1024;
            int blocks = ImageSize / BlockLength;
            CutAt = layout.IsStock ? blocks + 1 : (layout.Sectors.LengthAt(0) == BlockLength ? blocks : blocks / 2) + OtherOperations;
            _device = StateFolder.Create(Path.Combine(_folder, "device"), layout, Storage.Make(layout, Image(version), null));
            _server = new FileServer(_files.GetValueOrDefault)
            {
                BytesPerSecond = output.IsTerminal ? WatchableRate : 0,
                Served = request => Requests.Enqueue(request),
            };
        }

        /// <summary>Whether a device fetches only what changed: not with stock firmware, whose application is one file.</summary>
        public bool HasDeltas => !_device.Layout.IsStock;

        /// <summary>The size of every version's image, in bytes.</summary>
        public int ImageSize { get; }

        /// <summary>An operation in the second half of a download.</summary>
        public int CutAt { get; }

        /// <summary>What devices asked the server for.</summary>
        public ConcurrentQueue<ServedRequest> Requests { get; } = new();

        /// <summary>Publishes a version.</summary>
        /// <returns>Its image, as it lies on the server.</returns>
        public byte[] Publish(string version)
        {
            return Publish(version, Image(version), null);
        }

        /// <summary>Publishes a version that is another one with one line changed, and a patch for devices that run that one.</summary>
        public void PublishChanged(string version, string before)
        {
            AssemblyVersion.TryParse(version, out AssemblyVersion own);
            byte[] old = Image(before);
            Publish(version, SampleImages.Changed(old, own), new Predecessor(before, SemanticVersion.Parse(before).FileStem, old, ImageParts.Read(old)!));
        }

        private byte[] Publish(string version, byte[] content, Predecessor? before)
        {
            string path = Path.Combine(_folder, version + ".bin");
            OutputFile.Write(path, content);
            PackedImage read = PackedImage.Read(path, _device.Layout);
            read = before == null ? read : PatchMaker.WithPatches(read, [before], most: 1, _ => { });
            var package = Package.Make([read], version, _device.Layout.Target, counter: null);
            foreach ((string file, byte[] bytes) in package.Content)
            {
                _files[Container + file] = bytes;
            }

            return read.Bytes;
        }

        /// <summary>The operator wants a version, and the device runs.</summary>
        public RunResult Request(int chapter, string version, SelfTestMode selfTest = SelfTestMode.Pass, long cutAfter = 0)
        {
            Requests.Clear();
            _picture.Wanted = version;
            var run = new DeviceRun
            {
                State = _device,
                Core = _core,
                Desired = $$"""{"updateVersion":"{{version}}","updateUrl":"{{_server.Url}}{{Container}}"}""",
                SelfTest = selfTest,
                CutAfter = cutAfter,
            };
            return RunView.Watch(_output, run.Run, chapter, _picture.On);
        }

        /// <inheritdoc/>
        public void Dispose()
        {
            _server.Dispose();
            Directory.Delete(_folder, recursive: true);
        }

        private byte[] Image(string version)
        {
            AssemblyVersion.TryParse(version, out AssemblyVersion own);
            return SampleImages.Deployment(own, ImageSize, seed: (ulong)own.Minor);
        }
    }
}
