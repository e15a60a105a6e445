extern alias StandIns;

using System.Security.Cryptography;
using System.Text;
using nanoOta.VirtualDevice.Cloud;
using nanoOta.VirtualDevice.Images;
using nanoOta.VirtualDevice.Stock;
using StandIns::nanoOta.StandIns;
using DeviceFile = StandIns::System.IO.File;

namespace nanoOta.VirtualDevice.PowerFail.Stock
{
    /// <summary>
    /// A stock device with all that is around it: server, hub, operator, time. It may lose its power at any point; the rest of the
    /// world does not.
    /// </summary>
    public sealed class StockWorld : IHubSide
    {
        private const int MostSteps = 200_000;

        private readonly StockScenario _scenario;
        private readonly Dictionary<string, byte[]> _images = [];
        private HubChannel? _channel;

        /// <summary>Makes the world of a scenario, with these cuts to come.</summary>
        public StockWorld(StockScenario scenario, IReadOnlyList<Cut> cuts)
        {
            _scenario = scenario;
            _images[Images.Factory] = Images.Deployment(Images.Factory);
            Files = StockFiles.Make(Layout, _images[Images.Factory]);
            Points = new FileInjectionPoints(Files, cuts);
            Server.OnRead = Read;
            scenario.Begin(this);
        }

        /// <summary>The device's internal drive.</summary>
        public VirtualFileSystem Files { get; }

        /// <summary>Its layout.</summary>
        public FlashLayout Layout { get; } = FlashLayouts.Stock;

        /// <summary>The injection points of this run.</summary>
        public FileInjectionPoints Points { get; }

        /// <summary>Where files come from.</summary>
        public MemoryServer Server { get; } = new();

        /// <summary>Time, which only waiting lets pass.</summary>
        public VirtualClock Clock { get; } = new(new DateTime(2026, 11, 20, 12, 0, 0, DateTimeKind.Utc)) { FollowsHost = false };

        /// <summary>The operator's update request: the desired properties.</summary>
        public string Desired { get; set; } = "{}";

        /// <inheritdoc/>
        public bool HubIsDown => false;

        /// <summary>What the device has last reported to the hub.</summary>
        public string? Reported { get; private set; }

        /// <summary>Versions whose trial has passed self-test and contact.</summary>
        public HashSet<string> Passed { get; } = [Images.Factory];

        /// <summary>What happened, for a failure's report.</summary>
        public List<string> Log { get; } = [];

        /// <summary>What the scenario keeps of this world: it runs in many at once.</summary>
        public object? Kept { get; set; }

        /// <summary>Whether the scenario is over.</summary>
        public bool IsOver { get; set; }

        /// <summary>What no cut may ever lead to, and did.</summary>
        public string? Violation { get; private set; }

        /// <summary>The device of the last run.</summary>
        public StockDevice? Device { get; private set; }

        /// <summary>Checkpoints of downloads that were written.</summary>
        public int Checkpoints { get; private set; }

        /// <summary>SHA-256 over the drive's files as each cut left them, in order.</summary>
        public List<byte[]> States { get; } = [];

        /// <summary>Stands between each boot's agent and its module; tests plant defects here.</summary>
        public Func<UpdateModule, UpdateModule> WrapModule { get; init; } = module => module;

        /// <summary>Puts a version on the server.</summary>
        public void Publish(string version, string more = "")
        {
            string stem = SemanticVersion.Parse(version).FileStem;
            byte[] image = _images[version] = Images.Deployment(version);
            Server.Put($"{World.Container}{stem}.bin", image);
            Server.Put($"{World.Container}{stem}.json", Encoding.UTF8.GetBytes($$"""{"schema":1,"version":"{{version}}",{{more}}"components":[{"id":"app","version":"{{version}}","size":{{image.Length}},"sha256":"{{Convert.ToHexStringLower(SHA256.HashData(image))}}","urls":["{{stem}}.bin"]}]}"""));
        }

        /// <summary>The operator requests a version.</summary>
        public void Request(string version)
        {
            Desired = $$"""{"updateVersion":"{{version}}","updateUrl":"{{World.Container}}"}""";
        }

        /// <summary>The image of a version.</summary>
        public byte[] Image(string version)
        {
            return _images[version];
        }

        /// <summary>Something has happened that must never happen.</summary>
        public void Violate(string what)
        {
            Violation ??= what;
        }

        /// <summary>A byte of the file that runs goes bad.</summary>
        public void Damage()
        {
            Quietly(() =>
            {
                var status = new ModuleStatus();
                StockFiles.Boot(Layout, new AppRuntimeModel()).GetStatus(status);
                string path = $@"{StockDevice.Root}{status.Slot}\app.bin";
                byte[] bytes = DeviceFile.ReadAllBytes(path);
                bytes[bytes.Length / 2] ^= 1;
                DeviceFile.WriteAllBytes(path, bytes);
            });
        }

        /// <summary>The journal's files vanish.</summary>
        public void ForgetJournal()
        {
            Quietly(() =>
            {
                DeviceFile.Delete(StockDevice.Root + "journal0");
                DeviceFile.Delete(StockDevice.Root + "journal1");
            });
        }

        /// <summary>Runs the device until it is idle; where the power is cut, it comes back, again and again.</summary>
        public RunEnd Run()
        {
            while (true)
            {
                RunEnd end = PowerOn();
                if (end == RunEnd.PowerCut)
                {
                    States.Add(DriveHash.Of(Files));
                }

                if (end != RunEnd.PowerCut && !(end == RunEnd.Settled && !IsOver && _scenario.WhenIdle(this)))
                {
                    return end;
                }

                Log.Add($"power off at injection point {Points.Passed.Count} ({Points.Passed[^1]})");
            }
        }

        void IHubSide.Look()
        {
            if (!IsOver)
            {
                _scenario.Step(this);
            }
        }

        void IHubSide.Hear(string report)
        {
            Points.Pass(InjectionKind.Report);
            RequirePower();
            Reported = report;
        }

        private RunEnd PowerOn()
        {
            int steps = 0;
            Files.CutPower();
            Files.RestorePower();
            if (!IsOver)
            {
                _scenario.Booting(this);
            }

            Files.BeforeOperation = Points.Before;
            Device = new StockDevice(Files, Layout, new DeviceSetup
            {
                Channel = _ => _channel = new HubChannel(this),
                Source = _ => Server.Connect(),
                Clock = Clock,
                Configure = options => options.CheckpointInterval = World.CheckpointInterval,
                SelfTest = version => _scenario.SelfTest(version),
                WrapJournal = journal => new WatchedJournal(journal, () => Checkpoints++),
                Log = Happened,
            })
            {
                HasEntryPoint = _scenario.HasEntryPoint,
                WrapModule = WrapModule,
            };
            return Device.Run(() => ++steps > MostSteps);
        }

        private void Happened(DeviceEvent e)
        {
            Log.Add($"{e.Name} {string.Join(' ', e.Data.Select(data => $"{data.Name}={data.Value}"))}");
            if (e.Name == "boot")
            {
                CheckBoot();
                if (Device!.Trial is { } trial && !IsOver)
                {
                    _scenario.TrialBegins(this, trial);
                }
            }

            // The agent finds that it passed. Whether it did, the scenario knows.
            if (e.Name == "state" && Device!.Status!.State == UpdateState.Confirm && Device.Trial is { } version
                && _scenario.SelfTest(version) == SelfTestMode.Pass && _channel!.Answers > 0)
            {
                Passed.Add(version);
            }

            if (e.Name == "reset")
            {
                Points.Pass(InjectionKind.Reset);
            }
        }

        // What the loader starts must be one version, whole.
        private void CheckBoot()
        {
            IReadOnlyList<NanoAssembly> loaded = Device!.Runtime!.Loaded;
            if (Device.Runtime.IsStarted && !_images.Values.Any(image => Deployment.Read(image).Assemblies.Select(a => a.ToString()).SequenceEqual(loaded.Select(a => a.ToString()))))
            {
                Violate($"started {loaded[^1]} of a set that is none, at injection point {Points.Passed.Count}");
            }
        }

        // What is durable, without the number of changes that led there.
        private ResultCode Read(int at)
        {
            Points.Pass(InjectionKind.Read);
            RequirePower();
            return ResultCode.None;
        }

        private void RequirePower()
        {
            if (!Files.IsPowered)
            {
                throw new InvalidOperationException("no power");
            }
        }

        // What happens to the drive by itself is no injection point of the device's.
        private void Quietly(Action change)
        {
            VirtualFileSystem.Current = Files;
            Files.CutPower();
            Files.RestorePower();
            Files.BeforeOperation = null;
            change();
        }
    }
}
