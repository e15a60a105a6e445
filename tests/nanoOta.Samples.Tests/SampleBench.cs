extern alias StandIns;

using System.Text.RegularExpressions;
using nanoOta.VirtualDevice;
using nanoOta.VirtualDevice.Applications;
using nanoOta.VirtualDevice.Cloud;
using nanoOta.VirtualDevice.Flash;
using nanoOta.VirtualDevice.Images;
using StandIns::nanoOta.StandIns;
using DeviceFile = StandIns::System.IO.File;

namespace nanoOta.Samples.Tests
{
    /// <summary>A device from the factory with a sample as its application, and servers. All time is the device's own.</summary>
    internal sealed class SampleBench : IDisposable
    {
        private const int ImageLength = 90000;

        // Everything that the tests wait for happens in this time or never: a trial is given up after ten minutes, polls are an hour apart.
        private static readonly TimeSpan _patience = TimeSpan.FromHours(4);

        private readonly string _folder = Directory.CreateTempSubdirectory("nanoota-samples").FullName;
        private readonly Dictionary<string, ApplicationFile> _versions = [];
        private readonly string _sample;

        /// <summary>Makes it. The device is off.</summary>
        /// <param name="sample">The sample.</param>
        /// <param name="layout">The flash layout.</param>
        /// <param name="hosts">The names of servers.</param>
        public SampleBench(string sample, string layout, params string[] hosts)
            : this(sample, layout, new DeviceWiring(), hosts)
        {
        }

        /// <summary>Makes it with what is wired to it. The device is off.</summary>
        public SampleBench(string sample, string layout, DeviceWiring wiring, params string[] hosts)
        {
            _sample = sample;
            Server = new TestServer(Network, hosts);
            Files = new VirtualFileSystem(1 << 18);
            FlashLayout found = FlashLayouts.Find(layout)!;
            Flash = DeviceFactory.Make(found, Image("1.0.0"), null);
            Device = new ApplicationDevice(Flash, found, version => _versions.GetValueOrDefault($"{version.Major}.{version.Minor}.{version.Build}") ?? SampleFile.Of(sample))
            {
                Clock = new VirtualClock { FollowsHost = false },
                Network = Network,
                Files = Files,
                Wiring = wiring,
            };
        }

        public BoardNetwork Network { get; } = new();

        public TestServer Server { get; }

        public VirtualFileSystem Files { get; }

        public NorFlash Flash { get; }

        public ApplicationDevice Device { get; }

        /// <summary>The image of a version.</summary>
        public static byte[] Image(string version)
        {
            Assert.True(AssemblyVersion.TryParse(version, out AssemblyVersion parsed));
            return version == "1.0.0" ? SampleImages.Deployment(parsed, ImageLength) : SampleImages.Changed(Image("1.0.0"), parsed);
        }

        /// <summary>The developer made a mistake in a version: its self-test fails.</summary>
        public void Break(string version) => _versions[version] = SampleFile.Failing(_sample, Path.Combine(_folder, version));

        /// <summary>The developer wrote another application for a version.</summary>
        public void Use(string version, ApplicationFile application) => _versions[version] = application;

        /// <summary>A folder above those of the versions: a library that lies there is used by them in place of the one that ships.</summary>
        public string Folder => _folder;

        /// <summary>Puts a file onto a drive, as the factory does.</summary>
        public void Provide(string path, string text)
        {
            VirtualFileSystem.Current = Files;
            DeviceClock.Current = Device.Clock;
            DeviceFile.WriteAllText(path, text);
        }

        /// <summary>Runs until the power is cut, or the update is confirmed.</summary>
        /// <returns>Whether it was cut.</returns>
        public bool RunUntilPowerCut()
        {
            TimeSpan end = Device.Clock.Elapsed + _patience;
            return Device.Run(() => Device.Confirmed != null || Device.Clock.Elapsed > end) == RunEnd.PowerCut;
        }

        /// <summary>Runs until something is so, or it never will be.</summary>
        public void RunUntil(Func<bool> isSo)
        {
            TimeSpan end = Device.Clock.Elapsed + _patience;
            RunEnd how = Device.Run(() => isSo() || Device.Clock.Elapsed > end);
            Assert.True(how == RunEnd.Stopped && isSo(), $"{how}: {Device.DeadBecause}\n{string.Join('\n', Device.Console)}\n{string.Join('\n', Device.Uncaught)}");
        }

        /// <summary>Runs until the application has printed a line, which a pattern describes.</summary>
        public void RunUntilPrinted(string pattern)
        {
            int from = Device.Console.Count;
            RunUntil(() => Device.Console.Skip(from).Any(line => Regex.IsMatch(line, $"^(?:{pattern})$")));
        }

        /// <summary>Each line that the sample's README shows in its section On the console was printed.</summary>
        public void HasPrintedWhatItsReadmeShows() => SampleFile.HasPrinted(_sample, Device.Console);

        public void Dispose()
        {
            Server.Dispose();
            Directory.Delete(_folder, recursive: true);
        }
    }
}
