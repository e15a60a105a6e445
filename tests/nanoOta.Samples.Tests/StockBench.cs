extern alias StandIns;

using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;
using nanoOta.VirtualDevice;
using nanoOta.VirtualDevice.Applications;
using nanoOta.VirtualDevice.Images;
using StandIns::nanoOta.StandIns;
using AssemblyReference = nanoOta.VirtualDevice.Images.AssemblyReference;

namespace nanoOta.Samples.Tests
{
    /// <summary>A board with unmodified firmware: the sample's loader is deployed, the drive is empty. All time is the device's own.</summary>
    internal sealed class StockBench : IDisposable
    {
        private const string Loader = "StockLoader";
        private const string App = "StockApp";
        private const string Root = @"I:\nanoota\";
        private const int ImageLength = 20000;

        // Polls are an hour apart.
        private static readonly TimeSpan _patience = TimeSpan.FromHours(4);

        private readonly string _folder = Directory.CreateTempSubdirectory("nanoota-samples").FullName;
        private readonly Dictionary<string, ApplicationFile> _versions = [];
        private readonly BoardNetwork _network = new();

        public StockBench()
        {
            FlashLayout layout = FlashLayouts.Stock;
            Server = new TestServer(_network, "updates.example");
            Device = new LoaderDevice(layout, SampleFile.Of(Loader), CodeOf)
            {
                Clock = new VirtualClock { FollowsHost = false },
                Network = _network,
                Files = new VirtualFileSystem(layout.Table.Find("config")!.Size),
            };
        }

        public TestServer Server { get; }

        public LoaderDevice Device { get; }

        /// <summary>What the sample refers to, as its build wrote it.</summary>
        public static IReadOnlyList<AssemblyReference> ReferencesOf(string path)
        {
            using var image = new PEReader(File.OpenRead(path));
            MetadataReader reader = image.GetMetadataReader();
            return [.. reader.AssemblyReferences.Select(reader.GetAssemblyReference).Select(one => new AssemblyReference(reader.GetString(one.Name), VersionOf(one.Version)))];
        }

        /// <summary>The application's file: name, version and references are the sample's, the rest holds no code.</summary>
        /// <param name="version">Its version.</param>
        /// <param name="more">A reference that the sample does not have.</param>
        public static byte[] Image(string version, params AssemblyReference[] more)
        {
            var spec = new AssemblySpec(App, VersionOf(Version.Parse(version))) { References = [.. ReferencesOf(SampleFile.PathOf(App)), .. more] };
            return DeploymentBuilder.Assembly(spec, ImageLength, (ulong)spec.Version.Minor);
        }

        /// <summary>Puts a version onto the server, as its newest.</summary>
        public void Publish(string version, byte[]? image = null) => Server.Publish("washer/latest.json", version, ("app", version, image ?? Image(version)));

        /// <summary>The developer made a mistake in a version: its self-test fails.</summary>
        public void Break(string version) => _versions[version] = SampleFile.Failing(App, Path.Combine(_folder, version));

        /// <summary>Runs until a version is confirmed.</summary>
        public void Install(string version)
        {
            Publish(version);
            RunUntilPrinted($"update: {version} runs from [ab], idle, 0 %");
            RunUntil(() => Device.Recorded.ConfirmedVersion == version);
        }

        /// <summary>Runs until the loader has printed a line, which a pattern describes.</summary>
        public void RunUntilPrinted(string pattern)
        {
            int from = Device.Console.Count;
            RunUntil(() => Device.Console.Skip(from).Any(line => Regex.IsMatch(line, $"^(?:{pattern})$")));
        }

        /// <summary>Runs until something is so, or it never will be.</summary>
        public void RunUntil(Func<bool> isSo)
        {
            TimeSpan end = Device.Clock.Elapsed + _patience;
            RunEnd how = Device.Run(() => isSo() || Device.Clock.Elapsed > end);
            Assert.True(how == RunEnd.Stopped && isSo(), $"{how}\n{string.Join('\n', Device.Console)}\n{string.Join('\n', Device.Uncaught)}");
        }

        /// <summary>Does something to the file of an application while the power is off.</summary>
        public void Spoil(string slot, Action<string> change)
        {
            VirtualFileSystem.Current = Device.Files;
            DeviceClock.Current = Device.Clock;
            change($@"{Root}{slot}\app.bin");
        }

        public void Dispose()
        {
            Server.Dispose();
            Directory.Delete(_folder, recursive: true);
        }

        private ApplicationFile? CodeOf(NanoAssembly read)
        {
            return read.Name == App ? _versions.GetValueOrDefault($"{read.Version.Major}.{read.Version.Minor}.{read.Version.Build}") ?? SampleFile.Of(App) : null;
        }

        private static AssemblyVersion VersionOf(Version version)
        {
            return new AssemblyVersion((ushort)version.Major, (ushort)version.Minor, (ushort)Math.Max(0, version.Build), (ushort)Math.Max(0, version.Revision));
        }
    }
}
