extern alias StandIns;

using System.Diagnostics;
using nanoOta.VirtualDevice;
using nanoOta.VirtualDevice.Cloud;
using nanoOta.VirtualDevice.Slots;
using StandIns::nanoOta.StandIns;
using X509Certificate = StandIns::System.Security.Cryptography.X509Certificates.X509Certificate;

namespace nanoOta.Tool.Devices
{
    /// <summary>One run of a virtual device, from power on until it settles or the power is cut, over real HTTP.</summary>
    internal sealed class DeviceRun
    {
        // A device waits longer; on a PC, servers that do not answer in this time will not.
        private const int TimeoutMilliseconds = 3000;
        private const int PollSeconds = 3600;

        /// <summary>The device.</summary>
        public required StateFolder State { get; init; }

        /// <summary>The slot core that the device runs.</summary>
        public CoreKind Core { get; init; }

        /// <summary>The twin's desired properties; null: <see cref="ManifestUrl"/> is watched instead.</summary>
        public string? Desired { get; init; }

        /// <summary>The manifest that the HTTP channel watches.</summary>
        public string ManifestUrl { get; init; } = "";

        /// <summary>The files on the device's USB drive, where updates are looked for instead; null: it has none.</summary>
        public DriveFolder? Drive { get; init; }

        /// <summary>What a version on trial does in its self-test.</summary>
        public SelfTestMode SelfTest { get; init; }

        /// <summary>The power is cut at this change of what is durable, from 1; 0: never.</summary>
        public long CutAfter { get; init; }

        /// <summary>How long the run may take, by the host's clock.</summary>
        public double MaxSeconds { get; init; } = 120;

        /// <summary>Whether a manifest needs more than plain http to be believed.</summary>
        public bool HttpsOnly { get; init; }

        /// <summary>The keys that manifests must be signed by; none: they need not be signed.</summary>
        public RsaPublicKey[] Keys { get; init; } = [];

        /// <summary>The keys that encrypted images are opened with; none: they are refused.</summary>
        public EncryptionKey[] DecryptionKeys { get; init; } = [];

        /// <summary>The root keys that requests of Device Update are authenticated with; null: the production keys.</summary>
        public RootKeys? RootKeys { get; init; }

        /// <summary>What servers are verified with; null: the device's own store.</summary>
        public X509Certificate? Authority { get; init; }

        /// <summary>What is attached to it, with the modules for that; null: nothing.</summary>
        public Attachments? Attached { get; init; }

        /// <summary>Runs. The device's state is saved, whatever happens to it.</summary>
        /// <exception cref="Failure">The slot core and its model differ.</exception>
        public RunResult Run(RunView view)
        {
            var meter = new NetworkMeter();
            NetworkMeter.Current = meter;
            DeviceNetwork.ConnectTimeoutMilliseconds = TimeoutMilliseconds;
            DeploymentHub? hub = Desired == null ? null : DeploymentHub.For(Desired, State.DeviceId, RootKeys, view);
            Drive?.Insert(State.Storage.Drives);
            DeviceBase device = State.Storage.PowerOn(State.Layout, new DeviceSetup
            {
                Channel = options => Drive != null ? new FolderChannel(options, DriveFolder.Root, PollSeconds) : hub != null ? hub.Connect(options) : Desired != null ? new DesiredChannel(() => Desired)
                    : new HttpChannel(options, ManifestUrl, Source(options), PollSeconds),
                Source = Source,
                Core = Core,
                Configure = options =>
                {
                    options.DeviceId = State.DeviceId;
                    options.AllowUnsignedHttp = !HttpsOnly;
                    if (Attached != null)
                    {
                        // The device plays the test of a firmware on trial; here others may be on trial alone.
                        options.SelfTest = _ => SelfTest == SelfTestMode.Pass ? SelfTestResult.Passed : SelfTestResult.Failed;
                    }

                    options.Decryption = DecryptionKeys.Length == 0 ? null : new EncryptedImages(new ManagedAes(), DecryptionKeys);
                    options.Verifier = Keys.Length == 0 ? null : new SignedManifests(options, Keys, State.KeyStore);
                },
                SelfTest = _ => SelfTest,
                Modules = () => Attached?.Boot() ?? [],
                Log = view.Show,
            }, CutAfter, Attached);
            var watch = Stopwatch.StartNew();
            RunEnd end = device.Run(() =>
            {
                view.Advance(device.Status!);
                return watch.Elapsed.TotalSeconds > MaxSeconds;
            });
            Drive?.Remove(State.Storage.Drives);
            State.Save();
            Attached?.Save();
            if (device.Disagreement is { } difference)
            {
                throw new Failure(ExitCode.Unsound, $"the slot core and its model differ: {difference}");
            }

            return new RunResult(end, device, State.Storage.Operations, meter.BodyBytes) { IsDeployed = hub?.IsDeployed, Rejection = hub?.Rejection ?? ResultCode.None };
        }

        private IImageSource Source(UpdateAgentOptions options)
        {
            var http = new HttpImageSource(options, Authority) { Timeout = TimeoutMilliseconds };
            return Drive != null ? new FolderImageSource(DriveFolder.Root, http) : http;
        }
    }
}
