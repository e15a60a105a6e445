extern alias StandIns;

using nanoOta.VirtualDevice.Images;
using nanoOta.VirtualDevice.Stock;
using StandIns::nanoOta.StandIns;
using DeviceStream = StandIns::System.IO.FileStream;
using DeviceThread = StandIns::System.Threading.Thread;

namespace nanoOta.Tests.Stock
{
    /// <summary>A drive, and what a boot makes of it: for tests that call the module and the loader themselves.</summary>
    internal sealed class StockBench
    {
        public const string Root = StockDevice.Root;

        private readonly byte[] _buffer = new byte[4096];

        public StockBench(int capacity = 256 * 1024)
        {
            Files = new VirtualFileSystem(capacity);
            VirtualFileSystem.Current = Files;
            DeviceBoard.Current = Board;
            DeviceClock.Current = Clock;
            Boot();
        }

        public VirtualFileSystem Files { get; }

        public DeviceBoard Board { get; } = new();

        public ManualClock Clock { get; } = new(new DateTime(2026, 11, 20, 12, 0, 0, DateTimeKind.Utc));

        public AppRuntimeModel Runtime { get; private set; } = new();

        public AppFolders Folders { get; private set; } = null!;

        public string Version => Folders.VersionOf("app");

        public const int HeapReserve = 32_768;

        public int Heap { get; set; } = AppRuntimeModel.Heap;

        public int Space { get; set; } = 100_000;

        /// <summary>Files that somebody else has open for so many milliseconds from the next boot on, so that nobody can read them.</summary>
        public Dictionary<string, long> InUse { get; } = [];

        public ModuleStatus Status
        {
            get
            {
                var status = new ModuleStatus();
                Folders.GetStatus(status);
                return status;
            }
        }

        /// <summary>The power fails and comes back, or the device reboots: the same to files that are closed.</summary>
        public void Boot(bool hasEntryPoint = true)
        {
            Files.CutPower();
            Files.RestorePower();
            Board.RebootRequested = null;
            Runtime = new AppRuntimeModel { Free = Heap, HasEntryPoint = hasEntryPoint };
            if (InUse.Count == 0)
            {
                Folders = new AppFolders(Root, Space, Runtime, HeapReserve);
                return;
            }

            foreach ((string name, long milliseconds) in InUse)
            {
                var file = new DeviceStream(Root + name, FileMode.Open);
                Clock.Schedule.Add(milliseconds, null, file.Dispose);
            }

            InUse.Clear();
            Run(() => Folders = new AppFolders(Root, Space, Runtime, HeapReserve));
        }

        /// <summary>Does something on a thread of the device, where waiting takes no time. A reboot ends it.</summary>
        public void Run(Action work)
        {
            var main = new DeviceThread(() => work());
            main.Start();
            Assert.True(Clock.Schedule.RunUntil(() => !main.IsAlive || Board.RebootRequested != null, 60_000));
            Assert.Empty(Clock.Schedule.Uncaught);
        }

        public static byte[] Image(string version, int size = 9000)
        {
            Assert.True(AssemblyVersion.TryParse(version, out AssemblyVersion own));
            return SampleImages.Deployment(own, size, (ulong)own.Minor);
        }

        public static UpdateManifest Manifest(string version, byte[] image)
        {
            var component = new ManifestComponent { Id = "app", Version = SemanticVersion.Parse(version), Size = image.Length };
            return new UpdateManifest { Version = SemanticVersion.Parse(version), Components = [component] };
        }

        public ResultCode Write(byte[] image)
        {
            ResultCode code = Folders.Prepare(Manifest("1.0.0", image).Components[0], 0);
            for (int at = 0; at < image.Length && code == ResultCode.None; at += _buffer.Length)
            {
                int count = Math.Min(_buffer.Length, image.Length - at);
                image.AsSpan(at, count).CopyTo(_buffer);
                code = Folders.Write(_buffer, count);
            }

            return code;
        }

        public ResultCode Verify(string version, byte[] image)
        {
            ResultCode code = Write(image);
            return code == ResultCode.None ? Folders.Verify(Manifest(version, image), _buffer) : code;
        }

        /// <summary>Everything up to the reboot into a trial.</summary>
        public void Activate(string version)
        {
            byte[] image = Image(version);
            Assert.Equal(ResultCode.None, Folders.Check(Manifest(version, image).Components[0]));
            Assert.Equal(ResultCode.None, Verify(version, image));
            Assert.Equal(ResultCode.None, Folders.Activate(Manifest(version, image), Digest(version)));
            Assert.True(Folders.NeedsReboot());
        }

        /// <summary>The same, and the trial passed.</summary>
        public void Install(string version)
        {
            Activate(version);
            Boot();
            Assert.True(Folders.Start());
            Assert.Equal(ResultCode.None, Folders.Confirm());
            Boot();
        }

        public static byte[] Digest(string version)
        {
            return [.. Enumerable.Repeat((byte)version.Sum(c => c), 32)];
        }
    }
}
