extern alias StandIns;

using nanoOta.VirtualDevice;
using nanoOta.VirtualDevice.Cloud;
using nanoOta.VirtualDevice.Flash;
using nanoOta.VirtualDevice.Images;
using StandIns::nanoOta.StandIns;

namespace nanoOta.Budgets.Flow
{
    /// <summary>A virtual device as it left the factory, a server with an update for it, and the operator's update request.</summary>
    internal sealed class Scene
    {
        private const int MaxSteps = 1_000_000;
        private static readonly DateTime _start = new(2026, 11, 20, 12, 0, 0, DateTimeKind.Utc);
        private readonly FlashLayout _layout = FlashLayouts.Find("esp32-8mb")!;
        private readonly MemoryServer _server = new();
        private readonly NorFlash _flash;

        /// <summary>Sets it up, with an image of so many bytes.</summary>
        public Scene(int size)
            : this(Offers.Image(size), null)
        {
        }

        private Scene(byte[] image, NorFlash? flash)
        {
            Image = image;
            _flash = flash ?? DeviceFactory.Make(_layout, SampleImages.Deployment(new AssemblyVersion(1, 0), 20000), SampleImages.Esp32("1.16.0.0", 4096));
            _server.Put(Offers.ImageUrl, image);
            _server.Put(Offers.ManifestUrl, Offers.Manifest(image));
        }

        /// <summary>The image.</summary>
        public byte[] Image { get; }

        /// <summary>Bytes between two checkpoints; null: as many as there are without saying.</summary>
        public int? CheckpointInterval { get; init; }

        /// <summary>The hub that the device's twin is on, with the twin channel that ships; null: the twin is at hand.</summary>
        public LocalHub? Hub { get; init; }

        /// <summary>How many bytes of a file come in a second; 0: they take no time.</summary>
        public int Rate { get; init; }

        /// <summary>Changes the options of each boot.</summary>
        public Action<UpdateAgentOptions>? Configure { get; init; }

        /// <summary>The device's connection to the hub in the boot that ran last; null when there is no hub.</summary>
        public HubConnection? Connection { get; private set; }

        /// <summary>Whether the channel is heard, given whether a version is on trial.</summary>
        public Func<bool, bool> Hears { get; init; } = _ => true;

        /// <summary>What a version on trial does.</summary>
        public SelfTestMode SelfTest { get; init; }

        /// <summary>Is given each boot's agent.</summary>
        public Action<UpdateAgent>? OnAgent { get; set; }

        /// <summary>Is called before each read of a file.</summary>
        public Action? OnRead { get; init; }

        /// <summary>The device that ran last.</summary>
        public Device? Device { get; private set; }

        /// <summary>Transitions of the agent's state table, over all boots.</summary>
        public int Transitions { get; private set; }

        /// <summary>Operations on the flash since the power came.</summary>
        public long Operations => _flash.Operations;

        /// <summary>Bytes of the image that were fetched.</summary>
        public long Fetched => _server.ImageBytesRead;

        /// <summary>The same update, on a copy of the flash as it is now.</summary>
        public Scene Again()
        {
            return new Scene(Image, _flash.Copy());
        }

        /// <summary>Runs the device until the update request is dealt with, or the power is cut.</summary>
        /// <param name="cutAt">The operation on the flash at which it is; 0: never.</param>
        public RunEnd Run(long cutAt = 0)
        {
            _flash.PowerOn();
            _flash.CutAt = cutAt;
            _server.OnRead = _ =>
            {
                OnRead?.Invoke();
                return ResultCode.None;
            };
            DeviceCloud.Hub = Hub;
            var clock = new VirtualClock(_start) { FollowsHost = false };
            Device = new Device(_flash, _layout, new DeviceSetup
            {
                Channel = Connect,
                Source = _ => Rate == 0 ? _server.Connect() : new SlowSource(_server.Connect(), clock, Rate),
                Clock = clock,
                Configure = SetUp,
                SelfTest = _ => SelfTest,
                OnAgent = agent =>
                {
                    UpdateState state = Device!.Slots!.IsOnTrial ? UpdateState.Trial : UpdateState.Idle;
                    agent.StatusChanged += (_, status) =>
                    {
                        Transitions += status.State == state ? 0 : 1;
                        state = status.State;
                    };
                    OnAgent?.Invoke(agent);
                },
            });
            int steps = 0;
            return Device.Run(() => ++steps > MaxSteps);
        }

        private IUpdateChannel Connect(UpdateAgentOptions options)
        {
            Connection = Hub == null ? null : TwinHub.Connect(options);
            return Connection == null ? new Channel(this) : new TwinChannel(options, Connection);
        }

        // A self-test that takes a moment, so that something can happen in the middle of it.
        private void SetUp(UpdateAgentOptions options)
        {
            Configure?.Invoke(options);
            SelfTestHandler played = options.SelfTest;
            bool asked = false;
            options.CheckpointInterval = CheckpointInterval ?? options.CheckpointInterval;
            options.SelfTest = report =>
            {
                SelfTestResult result = asked ? played(report) : SelfTestResult.Running;
                asked = true;
                return result;
            };
        }

        /// <summary>Runs, and insists on an end.</summary>
        public Scene RunTo(ResultCode code)
        {
            RunEnd end = Run();
            return end == RunEnd.Settled && Device!.Status!.LastCode == code
                ? this
                : throw new InvalidOperationException($"{end}, {Device!.Status?.LastCode} instead of {code}.");
        }

        /// <summary>Cuts the power now.</summary>
        public void CutPower()
        {
            _flash.CutPower();
        }

        // The twin, when it is heard.
        private sealed class Channel(Scene scene) : IUpdateChannel
        {
            private readonly DesiredChannel _twin = new(() => Offers.Desired);

            public UpdateOffer? Offer => _twin.Offer;

            public int Answers => _twin.Answers;

            public bool IsReported => true;

            public long Step(long now)
            {
                return scene.Hears(scene.Device!.Slots!.IsOnTrial) ? _twin.Step(now) : now + 1000;
            }

            public void Report(UpdateStatus status)
            {
                _twin.Report(status);
            }

            public void CheckNow()
            {
            }

            public void Pause()
            {
                _twin.Pause();
            }
        }
    }
}
