using System.Security.Cryptography;
using System.Text;
using nanoOta.VirtualDevice.Boot;
using nanoOta.VirtualDevice.Cloud;
using nanoOta.VirtualDevice.Flash;
using nanoOta.VirtualDevice.Images;
using nanoOta.VirtualDevice.PowerFail;
using nanoOta.VirtualDevice.Slots;

namespace nanoOta.VirtualDevice.Soak
{
    /// <summary>What goes wrong with an update; cuts of the power come on top.</summary>
    public enum SoakFault
    {
        /// <summary>Nothing.</summary>
        None,

        /// <summary>The connection breaks, up to three times.</summary>
        ConnectionLost,

        /// <summary>The file on the server is not the one that the manifest describes.</summary>
        OtherFile,

        /// <summary>The new version fails its self-test.</summary>
        SelfTestFails,

        /// <summary>The new version crashes.</summary>
        Crashes,

        /// <summary>The new version hangs.</summary>
        Hangs,
    }

    /// <summary>
    /// One device that is updated again and again, with random faults, and judged by its flash after each update. Its counters
    /// begin just below their limits, so that they are crossed on the way.
    /// </summary>
    public sealed class SoakRun
    {
        private const string Container = "https://files.example/firmware/";
        private const string Layout = "esp32-8mb";
        private const int CheckpointInterval = 8192;
        private const int MostSteps = 200_000;

        /// <summary>Where the sequence numbers of slot record, trials and journal begin: they soon wrap.</summary>
        public const uint FirstNumber = uint.MaxValue - 100;

        private readonly Random _random;
        private readonly FlashLayout _layout = FlashLayouts.Find(Layout)!;
        private readonly MemoryServer _server = new();
        private readonly VirtualClock _clock = new(new DateTime(2026, 11, 20, 12, 0, 0, DateTimeKind.Utc)) { FollowsHost = false };
        private readonly uint _firstCounter;
        private string _desired = "{}";
        private InjectionPoints? _points;
        private SelfTestMode _selfTest;
        private int _breaks;
        private int _number;
        private (string Version, byte[] Image) _deployment = ("1.0.0", SampleImages.Deployment(new AssemblyVersion(1, 0, 0), 20_004));
        private (string Version, byte[] Image) _firmware = ("1.16.0", SampleImages.Esp32("1.16.0.0", 12_000));
        private string _current = "1.0.0";
        private string? _disagreement;

        /// <summary>Makes the device.</summary>
        /// <param name="updates">How many updates there will be: the last ten have the highest counter there is.</param>
        /// <param name="seed">Decides on everything.</param>
        public SoakRun(int updates, int seed)
        {
            _random = new Random(seed);
            _firstCounter = uint.MaxValue - (uint)Math.Max(updates - 10, 0);
            Map = new SlotMap(_layout);
            Flash = DeviceFactory.Make(_layout, _deployment.Image, _firmware.Image);
            StateAtLimits.Write(Flash, Map, FirstNumber);
            _server.OnRead = Read;
        }

        /// <summary>The slot core that the device runs.</summary>
        public CoreKind Core { get; init; }

        /// <summary>Stands between the agent and its journal; tests plant defects here.</summary>
        public Func<IRecordStore, IRecordStore> WrapJournal { get; init; } = journal => journal;

        /// <summary>The device's flash.</summary>
        public NorFlash Flash { get; }

        /// <summary>Where its slots are.</summary>
        public SlotMap Map { get; }

        /// <summary>Updates so far.</summary>
        public int Updates => _number;

        /// <summary>Updates that were confirmed.</summary>
        public int Applied { get; private set; }

        /// <summary>Cuts of the power so far.</summary>
        public int Cuts { get; private set; }

        /// <summary>The sequence numbers as they are now: of the slot record, of its trials, of the journal.</summary>
        public (uint Record, uint Trial, uint Journal) Numbers => StateAtLimits.Read(Flash, Map);

        /// <summary>Faults so far, by kind.</summary>
        public Dictionary<SoakFault, int> Faults { get; } = Enum.GetValues<SoakFault>().ToDictionary(fault => fault, _ => 0);

        /// <summary>Updates that did not end as they should.</summary>
        public List<string> Findings { get; } = [];

        /// <summary>One more update.</summary>
        public void Next()
        {
            SoakFault fault = _random.Next(2) == 0 ? SoakFault.None : (SoakFault)_random.Next(1, Faults.Count);
            int parts = _random.Next(4);
            Faults[fault]++;
            (ResultCode code, _selfTest) = fault switch
            {
                SoakFault.OtherFile => (ResultCode.HashMismatch, SelfTestMode.Pass),
                SoakFault.SelfTestFails => (ResultCode.SelfTestFailed, SelfTestMode.Fail),
                SoakFault.Crashes => (ResultCode.TrialCrashed, SelfTestMode.Crash),
                SoakFault.Hangs => (ResultCode.TrialHung, SelfTestMode.Hang),
                _ => (ResultCode.Applied, SelfTestMode.Pass),
            };
            _breaks = fault == SoakFault.ConnectionLost ? _random.Next(1, 4) : 0;
            Update(_firstCounter + (uint)Math.Min(_number, (long)(uint.MaxValue - _firstCounter)), code, parts < 3, parts > 1, fault == SoakFault.OtherFile, RandomCuts());
        }

        /// <summary>
        /// The highest counter has come to its end: an update with the same counter is still possible; one whose counter has begun
        /// anew, or that goes back to an older version, is refused.
        /// </summary>
        public void AtTheEndOfTheCounter()
        {
            _selfTest = SelfTestMode.Pass;
            Update(uint.MaxValue, ResultCode.Applied, withDeployment: true, withFirmware: true, otherFile: false, []);
            Update(uint.MaxValue, ResultCode.Applied, withDeployment: true, withFirmware: false, otherFile: false, []);
            Update(0, ResultCode.CounterTooLow, withDeployment: true, withFirmware: false, otherFile: false, []);
            Update(uint.MaxValue, ResultCode.CounterTooLow, withDeployment: true, withFirmware: false, otherFile: false, [], older: true);
        }

        private void Update(uint counter, ResultCode expected, bool withDeployment, bool withFirmware, bool otherFile, Cut[] cuts, bool older = false)
        {
            _number++;
            string version = older ? "0.9.0" : $"1.{_number / 100}.{_number % 100}";
            (string Version, byte[] Image) deployment = withDeployment ? (version, Deployment(version)) : _deployment;
            (string Version, byte[] Image) firmware = withFirmware ? ($"1.17.{_number}", SampleImages.Esp32($"1.17.{_number}.0", 12_000 + 16 * _random.Next(512), (ulong)_number)) : _firmware;
            string[] files = Publish(version, counter, otherFile, older, withDeployment ? deployment : null, withFirmware ? firmware : null);
            (UpdateStatus? status, RunEnd end) = Run(cuts);
            Array.ForEach(files, _server.Remove);
            if (expected == ResultCode.Applied)
            {
                Applied++;
                (_current, _deployment, _firmware) = (version, deployment, firmware);
            }

            string? found = end != RunEnd.Settled ? $"ended {end}"
                : status!.LastCode != expected ? $"{status.LastCode} instead of {expected}"
                : status.LastVersion != version ? $"{status.LastVersion} is said to be the last version"
                : status.Current != _current ? $"{status.Current} runs instead of {_current}"
                : status.Fault is { } fault ? $"threw {fault}"
                : Flash.Misuse is { } misuse ? misuse.Message
                : _disagreement is { } difference ? $"the slot core and its model differ: {difference}"
                : NextBoot.Find(Flash, Map, _deployment, _firmware);
            if (found != null)
            {
                Findings.Add($"update {_number} to {version}, which should end with {expected}: {found}");
            }
        }

        private (UpdateStatus? Status, RunEnd End) Run(Cut[] cuts)
        {
            Flash.PowerOn();
            _points = new InjectionPoints(Flash, cuts, (erase, _) => erase ? InjectionKind.SlotErase : InjectionKind.SlotProgram);
            _points.Watch();
            while (true)
            {
                int steps = 0;
                var device = new Device(Flash, _layout, new DeviceSetup
                {
                    Channel = _ => new DesiredChannel(() => _desired),
                    Source = _ => _server.Connect(),
                    Clock = _clock,
                    Core = Core,
                    Configure = options => options.CheckpointInterval = CheckpointInterval,
                    SelfTest = _ => _selfTest,
                    WrapJournal = WrapJournal,
                });
                RunEnd end = device.Run(() => ++steps > MostSteps);
                _disagreement ??= device.Disagreement;
                if (end != RunEnd.PowerCut)
                {
                    Cuts += _points.Cuts;
                    return (device.Status, end);
                }

                Flash.PowerOn();
            }
        }

        private string[] Publish(string version, uint counter, bool otherFile, bool older, params (string Version, byte[] Image)?[] images)
        {
            var components = new List<string>();
            var files = new List<string>();
            string stem = SemanticVersion.Parse(version).FileStem;
            for (int i = 0; i < images.Length; i++)
            {
                if (images[i] is not { } image)
                {
                    continue;
                }

                string hash = Convert.ToHexStringLower(SHA256.HashData(image.Image));
                string id = i == 0 ? "deployment" : "clr";
                byte[] served = otherFile ? [.. image.Image[..^1], (byte)~image.Image[^1]] : image.Image;
                components.Add($$"""{"id":"{{id}}","version":"{{image.Version}}","size":{{served.Length}},"sha256":"{{hash}}","urls":["{{stem}}.{{id}}.bin"]}""");
                files.Add($"{Container}{stem}.{id}.bin");
                _server.Put(files[^1], served);
            }

            files.Add($"{Container}{stem}.json");
            _server.Put(files[^1], Encoding.UTF8.GetBytes($$"""{"schema":1,"version":"{{version}}","counter":{{counter}},"allowDowngrade":{{(older ? "true" : "false")}},"components":[{{string.Join(",", components)}}]}"""));
            _desired = $$"""{"updateVersion":"{{version}}","updateUrl":"{{Container}}"}""";
            return [.. files];
        }

        private byte[] Deployment(string version)
        {
            ushort[] parts = [.. version.Split('.').Select(ushort.Parse)];
            return SampleImages.Deployment(new AssemblyVersion(parts[0], parts[1], parts[2]), 12_000 + 4 * _random.Next(4096), (ulong)_number);
        }

        // Up to three, in every way that a flash operation can be left; in every other update none.
        private Cut[] RandomCuts()
        {
            var cuts = new Cut[Math.Max(_random.Next(-3, 4), 0)];
            int at = 0;
            for (int i = 0; i < cuts.Length; i++)
            {
                at += _random.Next(1, 60);
                cuts[i] = new Cut(at, new Tear((TearKind)_random.Next(Enum.GetValues<TearKind>().Length), _random.Next()));
            }

            return cuts;
        }

        private ResultCode Read(int at)
        {
            _points!.Pass(InjectionKind.Read);
            if (Flash.IsOff)
            {
                throw new InvalidOperationException("no power");
            }

            bool breaks = _breaks > 0 && at > 0 && _random.Next(3) == 0;
            _breaks -= breaks ? 1 : 0;
            return breaks ? ResultCode.ConnectionLost : ResultCode.None;
        }
    }
}
