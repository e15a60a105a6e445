extern alias StandIns;

using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using nanoOta.VirtualDevice.Boot;
using nanoOta.VirtualDevice.Cloud;
using nanoOta.VirtualDevice.Flash;
using nanoOta.VirtualDevice.Images;
using nanoOta.VirtualDevice.Mcu;
using nanoOta.VirtualDevice.Slots;
using StandIns::nanoOta.StandIns;
using DeviceFile = StandIns::System.IO.File;

namespace nanoOta.VirtualDevice.PowerFail.Components
{
    /// <summary>
    /// A device with firmware, an external MCU behind a flash chip, and a file; one power supply feeds all of them. Versions a.b.c of a release
    /// are those of its components.
    /// </summary>
    public sealed class ComponentWorld : IHubSide
    {
        /// <summary>The file as the factory put it there.</summary>
        public const string FilePath = @"I:\root.pem";

        /// <summary>What all components have at first.</summary>
        public const string Factory = Images.Factory;

        private const int SlotLength = 65536;
        private const int McuImageLength = 9000;
        private const int DriveLength = 65536;
        private const int MostSteps = 200_000;

        private readonly ComponentScenario _scenario;
        private readonly VirtualClock _clock = new(new DateTime(2026, 11, 20, 12, 0, 0, DateTimeKind.Utc)) { FollowsHost = false };
        private readonly MemoryServer _server = new();
        private readonly FlashLayout _layout = FlashLayouts.Find(Scenario.ChannelLayout)!;
        private readonly SlotMap _map;
        private readonly VirtualFileSystem _files = new(DriveLength);
        private readonly NorFlash _flash;
        private FileModule? _file;
        private bool _isOver;

        /// <summary>Makes the world of a scenario, with these cuts to come.</summary>
        public ComponentWorld(ComponentScenario scenario, IReadOnlyList<Cut> cuts)
        {
            _scenario = scenario;
            _map = new SlotMap(_layout);
            _flash = Images.Device(_layout);
            byte[] image = McuImage(Factory);
            Bench = new McuBench(new NorFlash(4 * SlotLength), scenario.MakeMcu(image, SlotLength), SlotLength) { FactoryVersion = Factory };
            McuBench.Provision(Bench.Cells, image);
            VirtualFileSystem.Current = _files;
            DeviceFile.WriteAllBytes(FilePath, FileContent(Factory));
            Supply = new PowerSupply([_flash, Bench.Cells, Bench.Mcu.Flash], _files, cuts);
            Supply.Watch(_flash, ComponentPoint.Flash);
            Supply.Watch(Bench.Cells, ComponentPoint.Chip);
            Supply.Watch(Bench.Mcu.Flash, ComponentPoint.McuFlash);
            Bench.Mcu.Requested = (_, _) => Supply.Pass(ComponentPoint.Uart);
            foreach (NorFlash flash in new[] { _flash, Bench.Cells, Bench.Mcu.Flash })
            {
                flash.NoiseSeed = cuts.Count == 0 ? 0 : cuts[0].Point * 31 + (int)cuts[0].Tear.Kind;
            }

            _server.OnRead = _ =>
            {
                Supply.Pass(ComponentPoint.Read);
                RequirePower();
                return ResultCode.None;
            };
            scenario.Begin(this);
        }

        /// <summary>The flash chip and the MCU.</summary>
        public McuBench Bench { get; }

        /// <summary>The power supply.</summary>
        public PowerSupply Supply { get; }

        /// <inheritdoc/>
        public string Desired { get; private set; } = "{}";

        /// <inheritdoc/>
        public bool HubIsDown => false;

        /// <summary>What was reported last.</summary>
        public string? Reported { get; private set; }

        /// <summary>All that was reported.</summary>
        public List<string> Reports { get; } = [];

        /// <summary>What happened, for a failure's report.</summary>
        public List<string> Log { get; } = [];

        /// <summary>Checkpoints written.</summary>
        public int Checkpoints { get; private set; }

        /// <summary>SHA-256 over device, chip, MCU and drive as each cut left them, in order.</summary>
        public List<byte[]> States { get; } = [];

        /// <summary>The slot core that the device runs.</summary>
        public CoreKind Core { get; init; }

        /// <summary>The device of the last run.</summary>
        public Device? Device { get; private set; }

        /// <summary>Reboots of the device in all runs.</summary>
        public int Reboots { get; private set; }

        /// <summary>Changes a module before the agent gets it.</summary>
        public Func<UpdateModule, UpdateModule> WrapModule { get; set; } = module => module;

        /// <summary>Is called while the power is off.</summary>
        public Action? OnCut { get; set; }

        /// <summary>Whether the factory wrote the MCU's image to the flash chip.</summary>
        public bool HasFormer { get; init; } = true;

        /// <summary>The MCU's image of a version.</summary>
        public static byte[] McuImage(string version) => McubootImages.Make(version, McuImageLength);

        /// <summary>The file's content of a version.</summary>
        public static byte[] FileContent(string version) => Encoding.UTF8.GetBytes($"certificate {version}\n" + new string('x', 5000) + version);

        /// <summary>Puts a release on the server and requests it.</summary>
        /// <param name="version">Its version, and that of its components.</param>
        /// <param name="components">Of these: deployment, mcu, file.</param>
        public void Publish(string version, params string[] components)
        {
            string stem = SemanticVersion.Parse(version).FileStem;
            string[] listed = [.. components.Select(id =>
            {
                byte[] image = id == "deployment" ? Images.Deployment(version) : id == "mcu" ? McuImage(version) : FileContent(version);
                _server.Put($"{World.Container}{stem}.{id}", image);
                return $$"""{"id":"{{id}}","version":"{{version}}","size":{{image.Length}},"sha256":"{{Convert.ToHexStringLower(SHA256.HashData(image))}}","urls":["{{stem}}.{{id}}"]}""";
            })];
            _server.Put($"{World.Container}{stem}.json", Encoding.UTF8.GetBytes($$"""{"schema":1,"version":"{{version}}","components":[{{string.Join(",", listed)}}]}"""));
            Desired = $$"""{"updateVersion":"{{version}}","updateUrl":"{{World.Container}}"}""";
        }

        /// <summary>The operator takes the request back.</summary>
        public void Withdraw()
        {
            Desired = "{}";
        }

        /// <summary>Runs the device until it is idle; where the power is cut, it comes back.</summary>
        public RunEnd Run()
        {
            RunEnd end;
            do
            {
                end = PowerOn();
                Log.Add($"{end} at injection point {Supply.Passed.Count} ({Supply.Passed.LastOrDefault()})");
                if (end == RunEnd.PowerCut)
                {
                    States.Add(StateHash());
                    OnCut?.Invoke();
                }
            }
            while (end == RunEnd.PowerCut);
            return end;
        }

        /// <summary>Judges what is there in the end.</summary>
        /// <param name="end">How the run ended.</param>
        /// <returns>Null when all is as it must be, otherwise what is not.</returns>
        public string? Judge(RunEnd end)
        {
            string? found = end != RunEnd.Settled ? $"ended {end}, {Device!.Status!.StateText}, {ResultText.Name(Device.Status.Waiting)} {Device.Status.Fault}"
                : Device!.Status!.Fault is { } fault ? $"threw {fault}"
                : OfReport() ?? Misuse() ?? Holds(_scenario.Expected(Device.Status.LastCode));
            if (found != null)
            {
                return found;
            }

            // Turned off and on again, it has nothing to do; and it can be updated.
            _isOver = true;
            long read = _server.ImageBytesRead;
            end = Run();
            if (end != RunEnd.Settled || _server.ImageBytesRead != read)
            {
                return $"does not stay idle: {end}, {_server.ImageBytesRead - read} bytes fetched";
            }

            Bench.Mcu.Refuse = null;
            Bench.Mcu.Broken.Clear();
            string[] all = _scenario.HasFirmware ? ["deployment", "mcu", "file"] : ["mcu", "file"];
            Publish("9.0.0", all);
            end = Run();
            return end != RunEnd.Settled || Device!.Status!.Current != "9.0.0" ? $"cannot be updated any more: {end}, {ResultText.Name(Device!.Status!.LastCode)}"
                : Misuse() ?? Holds((_scenario.HasFirmware ? "9.0.0" : Factory, "9.0.0", "9.0.0"));
        }

        void IHubSide.Look()
        {
        }

        void IHubSide.Hear(string report)
        {
            Supply.Pass(ComponentPoint.Report);
            RequirePower();
            Reported = report;
            Reports.Add(report);
        }

        private RunEnd PowerOn()
        {
            int steps = 0;
            _flash.PowerOn();
            Bench.PowerOn();
            _files.CutPower();
            _files.RestorePower();
            _files.BeforeOperation = Supply.Before;
            VirtualFileSystem.Current = _files;
            Device = new Device(_flash, _layout, new DeviceSetup
            {
                Channel = _ => new HubChannel(this),
                Source = _ => _server.Connect(),
                Clock = _clock,
                Core = Core,
                WrapJournal = journal => new WatchedJournal(journal, () => Checkpoints++),
                Configure = options =>
                {
                    options.CheckpointInterval = World.CheckpointInterval;
                    options.SelfTest = _ => FailsTest() && !_isOver ? SelfTestResult.Failed : SelfTestResult.Passed;
                },
                LeavesOutFirmware = !_scenario.HasFirmware,
                Modules = () => [WrapModule(MakeFile()), WrapModule(Bench.Boot(HasFormer ? McuImage(Factory).Length : 0))],
                Log = e =>
                {
                    Log.Add($"{e.Name} {string.Join(' ', e.Data.Select(data => $"{data.Name}={data.Value}"))}");
                    if (e.Name == "reset")
                    {
                        Reboots++;
                        Supply.Pass(ComponentPoint.Reset);
                    }
                },
            });
            return Device.Run(() => ++steps > MostSteps);
        }

        private byte[] StateHash()
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            foreach (NorFlash flash in new[] { _flash, Bench.Cells, Bench.Mcu.Flash })
            {
                hash.AppendData(flash.StateHash());
            }

            hash.AppendData(DriveHash.Of(_files));
            return hash.GetHashAndReset();
        }

        private bool FailsTest() => _scenario.FailsTest ^ (_scenario.CutTurnsTest && Supply.Cuts > 0);

        private UpdateModule MakeFile()
        {
            int priority = _scenario.FileIsLast ? -1 : 0;
            _file = new FileModule("file", FilePath, 8192, Factory) { RebootsDevice = _scenario.RebootsDevice, RebootPriority = priority };
            return !_scenario.BreaksFile ? _file
                : new ModuleAround(_file) { OnReboot = () => _isOver ? _file.Reboot() : ResultCode.ActivationFailed, RebootPriority = priority };
        }

        private void RequirePower()
        {
            if (_flash.IsOff)
            {
                throw new InvalidOperationException("no power");
            }
        }

        private string? Misuse() => (_flash.Misuse ?? Bench.Cells.Misuse ?? Bench.Mcu.Flash.Misuse)?.Message;

        private string? Holds((string Deployment, string Mcu, string File) expected)
        {
            VirtualFileSystem.Current = _files;
            string firmware = Images.FactoryFirmware;
            return NextBoot.Find(_flash, _map, (expected.Deployment, Images.Deployment(expected.Deployment)), (firmware, Images.Firmware(firmware)))
                ?? (Bench.Mcu.Running != expected.Mcu ? $"the MCU runs {Bench.Mcu.Running ?? "nothing"} and not {expected.Mcu}"
                : !Bench.Mcu.Holds(0, McuImage(expected.Mcu)) ? $"the MCU does not hold {expected.Mcu}"
                : Bench.Module!.VersionOf("mcu") != expected.Mcu ? $"the module says the MCU has {Bench.Module.VersionOf("mcu")}"
                : !Bench.Cells.Read(Bench.Module.OffsetInUse, McuImage(expected.Mcu).Length).AsSpan().SequenceEqual(McuImage(expected.Mcu)) ? $"the chip does not hold {expected.Mcu} to go back to"
                : !DeviceFile.ReadAllBytes(_file!.PathInUse).AsSpan().SequenceEqual(FileContent(expected.File)) ? $"{_file.PathInUse} is not the file of {expected.File}"
                : null);
        }

        private string? OfReport()
        {
            JsonObject report = JsonNode.Parse(Reported ?? "{}")!.AsObject();
            ResultCode code = (ResultCode)((int?)report["last"]?["code"] ?? 0);
            (string _, string mcu, string file) = _scenario.Expected(code);
            return (string?)report["state"] != "idle" ? $"reported {report["state"]}"
                : (string?)report["components"]?["mcu"]?["state"] != "idle" || (string?)report["components"]?["mcu"]?["version"] != mcu
                || (string?)report["components"]?["file"]?["state"] != "idle" || (string?)report["components"]?["file"]?["version"] != file
                ? $"reported {report["components"]?.ToJsonString()}"
                : !_scenario.MayEndWith(code) ? $"reported {ResultText.Name(code)} as the last result" : null;
        }
    }
}
