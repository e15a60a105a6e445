using System.Security.Cryptography;
using System.Text;
using nanoOta.VirtualDevice.Boot;
using nanoOta.VirtualDevice.Cloud;
using nanoOta.VirtualDevice.Flash;
using nanoOta.VirtualDevice.Images;
using nanoOta.VirtualDevice.Slots;

namespace nanoOta.VirtualDevice.PowerFail
{
    /// <summary>
    /// A device with all that is around it: server, hub, operator, time. The device may lose its power at any point; the rest of
    /// the world does not.
    /// </summary>
    public sealed class World : IHubSide
    {
        /// <summary>Where images are published.</summary>
        public const string Container = "https://files.example/firmware/";

        /// <summary>Bytes between checkpoints: small, so that small images have several.</summary>
        public const int CheckpointInterval = 8192;

        private const int MostSteps = 200_000;

        private readonly Scenario _scenario;
        private readonly Dictionary<string, byte[]> _deployments = [];
        private readonly Dictionary<string, byte[]> _firmwares = [];
        private readonly Dictionary<string, (string Deployment, string Firmware)> _sets = [];
        private readonly Dictionary<string, Publication> _published = [];
        private readonly HashSet<string> _rejected = [];
        private IUpdateChannel? _channel;

        /// <summary>Makes the world of a scenario, with these cuts to come.</summary>
        public World(Scenario scenario, FlashLayout layout, IReadOnlyList<Cut> cuts)
        {
            _scenario = scenario;
            Layout = layout;
            Map = new SlotMap(layout);
            _deployments[Images.Factory] = Images.Deployment(Images.Factory, scenario.IsInParts);
            _firmwares[Images.FactoryFirmware] = Images.Firmware(Images.FactoryFirmware);
            _sets[Images.Factory] = (Images.Factory, Images.FactoryFirmware);
            Flash = Images.Device(layout, scenario.IsInParts);
            Flash.NoiseSeed = cuts.Count == 0 ? 0 : cuts[0].Point * 31 + (int)cuts[0].Tear.Kind;
            Points = new InjectionPoints(Flash, cuts, Classify) { Allows = cut => IsOver || scenario.Allows(this, cut) };
            Points.Watch();
            Server.OnRead = Read;
            scenario.Begin(this);
        }

        /// <summary>The device's flash.</summary>
        public NorFlash Flash { get; }

        /// <summary>Its layout.</summary>
        public FlashLayout Layout { get; }

        /// <summary>Where its slots are.</summary>
        public SlotMap Map { get; }

        /// <summary>The injection points of this run.</summary>
        public InjectionPoints Points { get; }

        /// <summary>Where files come from.</summary>
        public MemoryServer Server { get; } = new();

        /// <summary>Time, which only waiting lets pass.</summary>
        public VirtualClock Clock { get; } = new(new DateTime(2026, 11, 20, 12, 0, 0, DateTimeKind.Utc)) { FollowsHost = false };

        /// <summary>The operator's update request: the desired properties.</summary>
        public string Desired { get; set; } = "{}";

        /// <summary>Whether the hub is out of reach.</summary>
        public bool HubIsDown { get; set; }

        /// <summary>What the device has last reported to the hub.</summary>
        public string? Reported { get; set; }

        /// <summary>Versions whose trial has passed self-test and contact.</summary>
        public HashSet<string> Passed { get; } = [Images.Factory];

        /// <summary>Versions that have been on trial.</summary>
        public List<string> Trials { get; } = [];

        /// <summary>What happened, for a failure's report.</summary>
        public List<string> Log { get; } = [];

        /// <summary>Since when the hub is out of reach; null: it has not been yet.</summary>
        public TimeSpan? HubDownSince { get; set; }

        /// <summary>Where, in an image, a connection breaks once; 0: nowhere.</summary>
        public int BreaksAt { get; set; }

        /// <summary>What the scenario keeps of this world: it runs in many at once.</summary>
        public object? Kept { get; set; }

        /// <summary>Checkpoints of downloads that were written.</summary>
        public int Checkpoints { get; private set; }

        /// <summary>The slot core that the device runs.</summary>
        public CoreKind Core { get; init; }

        /// <summary>SHA-256 over the flash as each cut left it, in order.</summary>
        public List<byte[]> States { get; } = [];

        /// <summary>Stands between the agent and its slots; tests plant defects here.</summary>
        public Func<ISlotCore, IFirmwareSlots> WrapSlots { get; init; } = slots => slots;

        /// <summary>Stands between the agent and its journal; tests plant defects here.</summary>
        public Func<IRecordStore, IRecordStore> WrapJournal { get; init; } = journal => journal;

        /// <summary>Whether the scenario is over.</summary>
        public bool IsOver { get; set; }

        /// <summary>What no cut may ever lead to, and did.</summary>
        public string? Violation { get; private set; }

        /// <summary>The device of the last run.</summary>
        public Device? Device { get; private set; }

        /// <summary>Puts a version on the server; only what is given is part of the update.</summary>
        public void Publish(string version, string? deployment, string? firmware, string more = "", params string[] mirrors)
        {
            var components = new List<string>();
            var images = new List<(string, string, string, byte[])>();
            string stem = SemanticVersion.Parse(version).FileStem;
            void Add(string id, string own, byte[] image)
            {
                string[] urls = [.. mirrors, $"{stem}.{id}.bin"];
                Server.Put($"{Container}{stem}.{id}.bin", _scenario.FileOf(id, image));
                images.Add((id, own, $"{Container}{stem}.{id}.bin", image));
                foreach (string mirror in mirrors)
                {
                    Server.Put(mirror, image);
                }

                string members = id == ManifestComponent.Deployment ? _scenario.MembersOf(this, version, image) : "";
                components.Add($$"""{"id":"{{id}}","version":"{{own}}",{{members}}"size":{{image.Length}},"sha256":"{{Convert.ToHexStringLower(SHA256.HashData(image))}}","urls":["{{string.Join("\",\"", urls)}}"]}""");
            }

            if (firmware != null)
            {
                Add("clr", firmware, _firmwares[firmware] = Images.Firmware(firmware));
            }

            if (deployment != null)
            {
                Add("deployment", deployment, _deployments[deployment] = Images.Deployment(deployment, _scenario.IsInParts));
            }

            _published[version] = new Publication(more, images);
            (string Deployment, string Firmware) before = _sets.Values.Last();
            _sets[version] = (deployment ?? before.Deployment, firmware ?? before.Firmware);
            Server.Put($"{Container}{stem}.json", Encoding.UTF8.GetBytes($$"""{"schema":1,"version":"{{version}}",{{more}}"components":[{{string.Join(",", components)}}]}"""));
        }

        /// <summary>The operator requests a version.</summary>
        public void Request(string version, string more = "")
        {
            Desired = _scenario.Request(this, version, more);
        }

        /// <summary>The image of a deployment's version; null when there is none.</summary>
        public byte[]? DeploymentImage(string version)
        {
            return _deployments.GetValueOrDefault(version);
        }

        /// <summary>The image of a firmware's version a.b.c; null when there is none.</summary>
        public byte[]? FirmwareImage(string version)
        {
            return _firmwares.GetValueOrDefault(version);
        }

        /// <summary>What was put on the server for a version.</summary>
        internal Publication Published(string version)
        {
            return _published[version];
        }

        /// <summary>What a version consists of.</summary>
        public (string Deployment, string Firmware) Set(string version)
        {
            return _sets[version];
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
            if (Flash.IsOff)
            {
                throw new InvalidOperationException("no power");
            }

            Reported = report;
        }

        /// <summary>Runs the device until it is idle; where the power is cut, it comes back, again and again.</summary>
        public RunEnd Run()
        {
            while (true)
            {
                RunEnd end = PowerOn();
                if (end == RunEnd.PowerCut)
                {
                    States.Add(Flash.StateHash());
                }

                if (end != RunEnd.PowerCut && !(end == RunEnd.Settled && !IsOver && _scenario.WhenIdle(this)))
                {
                    return end;
                }

                Log.Add($"power off at injection point {Points.Passed.Count} ({Points.Passed[^1]})");
                Flash.PowerOn();
            }
        }

        /// <summary>Runs the device until it is idle or the power is cut.</summary>
        public RunEnd PowerOn()
        {
            int steps = 0;
            Device = new Device(Flash, Layout, new DeviceSetup
            {
                Channel = options => _channel = _scenario.Connect(this, options),
                Source = _ => Server.Connect(),
                Clock = Clock,
                Core = Core,
                Configure = options =>
                {
                    options.CheckpointInterval = CheckpointInterval;
                    options.Decryption = _scenario.Decryption();
                },
                SelfTest = version => _scenario.SelfTest(this, version),
                WrapSlots = core => _scenario.IsInParts ? new WatchedSlots(WrapSlots(core), ReadActive) : WrapSlots(core),
                WrapJournal = journal => new WatchedJournal(WrapJournal(journal), () => Checkpoints++),
                Log = Happened,
            });
            RunEnd end = Device.Run(() => ++steps > MostSteps);
            if (Device.Disagreement is { } difference)
            {
                Violate($"the slot core and its model differ: {difference}");
            }

            return end;
        }

        private void Happened(DeviceEvent e)
        {
            Log.Add($"{e.Name} {string.Join(' ', e.Data.Select(data => $"{data.Name}={data.Value}"))}");
            if (e.Name == "boot" && Device!.Slots!.IsOnTrial)
            {
                Trials.Add(Device.Slots.Record.Trial.Version);
                if (!IsOver)
                {
                    _scenario.TrialBegins(this);
                }
            }

            if (e.Name == "boot")
            {
                CheckVerdict();
                CheckBoot();
                if (!IsOver)
                {
                    _scenario.Booted(this);
                }
            }

            if (e.Name == "state" && Device!.Status!.State == UpdateState.Confirm)
            {
                // The agent finds that it passed. Whether it did, the scenario knows.
                string version = Device.Slots!.Record.Trial.Version;
                if (_scenario.SelfTest(this, version) == SelfTestMode.Pass && _channel!.Answers > 0)
                {
                    Passed.Add(version);
                }
            }

            if (e.Name == "reset")
            {
                Points.Pass(InjectionKind.Reset);
            }
        }

        private void ReadActive()
        {
            Points.Pass(InjectionKind.ActiveRead);
            if (Flash.IsOff)
            {
                throw new InvalidOperationException("no power");
            }
        }

        private ResultCode Read(int at)
        {
            Points.Pass(InjectionKind.Read);
            if (Flash.IsOff)
            {
                throw new InvalidOperationException("no power");
            }

            if (!IsOver)
            {
                _scenario.Fetching(this);
            }

            if (BreaksAt == 0 || at < BreaksAt)
            {
                return ResultCode.None;
            }

            BreaksAt = 0;
            return ResultCode.ConnectionLost;
        }

        // Whatever boots must be one version, whole: its deployment with its firmware. On trial that is the version being tried;
        // otherwise one that has passed its own trial.
        private void CheckBoot()
        {
            ISlotCore slots = Device!.Slots!;
            byte[] deploy = Flash.ReadUsed((int)Map.Deploy[slots.ActiveDeploy].Offset, (int)Map.Deploy[slots.ActiveDeploy].Size);
            byte[] firmware = Flash.ReadUsed((int)Map.Firmware[slots.Running].Offset, (int)Map.Firmware[slots.Running].Size);
            string? d = _deployments.FirstOrDefault(image => NextBoot.Holds(deploy, image.Value)).Key;
            string? f = _firmwares.FirstOrDefault(image => firmware.AsSpan().StartsWith(image.Value)).Key;
            if (d == null || f == null)
            {
                Violate($"booted {slots.ActiveSlot}, which is not whole, at injection point {Points.Passed.Count}");
                return;
            }

            IEnumerable<string> may = slots.IsOnTrial ? [slots.Record.Trial.Version] : Passed;
            if (!may.Any(version => Set(version).Deployment == d && (Set(version).Firmware == f || _scenario.ExpectedFirmware == f)))
            {
                Violate($"booted deployment {d} with firmware {f}, {(slots.IsOnTrial ? "another version than the one on trial" : "no version that has passed")}, at injection point {Points.Passed.Count}");
            }
        }

        // What has failed its trial is known to be bad, and goes on no other one.
        private void CheckVerdict()
        {
            SlotRecord record = Device!.Slots!.Record;
            if (Device.Slots.IsOnTrial && _scenario.KeepsJournal && !IsOver && _rejected.Contains(record.Trial.Version))
            {
                Violate($"{record.Trial.Version} goes on trial again after its verdict, at injection point {Points.Passed.Count}");
            }

            if (!Device.Slots.IsOnTrial && record.TrialParts != FirmwareParts.None && record.Verdict is ResultCode.SelfTestFailed or ResultCode.TrialCrashed or ResultCode.TrialHung)
            {
                _rejected.Add(record.Trial.Version);
            }
        }

        /// <summary>Something has happened that must never happen.</summary>
        public void Violate(string what)
        {
            Violation ??= what;
        }

        private InjectionKind Classify(bool erase, int offset)
        {
            bool IsIn(Partition? place) => place != null && offset >= place.Offset && offset < place.End;
            return IsIn(Map.OtaData) ? InjectionKind.OtaData : IsIn(Map.Record) ? InjectionKind.Record : IsIn(Map.Journal) ? InjectionKind.Journal
                : erase ? InjectionKind.SlotErase : InjectionKind.SlotProgram;
        }
    }
}
