using System.Text;
using nanoOta.VirtualDevice.Boot;
using nanoOta.VirtualDevice.Cloud;
using nanoOta.VirtualDevice.Images;
using nanoOta.VirtualDevice.Slots;

namespace nanoOta.VirtualDevice.Soak
{
    /// <summary>
    /// One agent that is never rebooted, and an update request after the other that comes to nothing: a manifest that is missing, a file that
    /// is another one, a connection that breaks. What the agent kept of each would add up.
    /// </summary>
    public sealed class LongBoot : IUpdateChannel
    {
        private const string Container = "https://files.example/firmware/";
        private const int ImageLength = 12_000;

        private readonly MemoryServer _server = new();
        private readonly int _requests;
        private readonly Action<int> _dealtWith;
        private readonly byte[] _image = new byte[ImageLength];
        private UpdateAgent? _agent;
        private string _manifest = "";
        private int _number;
        private int _boots;

        private LongBoot(int requests, Action<int> dealtWith)
        {
            _requests = requests;
            _dealtWith = dealtWith;
        }

        /// <inheritdoc/>
        public UpdateOffer? Offer { get; private set; }

        /// <inheritdoc/>
        public int Answers { get; private set; }

        /// <inheritdoc/>
        public bool IsReported => _number > _requests;

        /// <summary>Runs it.</summary>
        /// <param name="requests">How many update requests.</param>
        /// <param name="core">The slot core that the device runs.</param>
        /// <param name="dealtWith">Is called after each with how many there have been.</param>
        /// <returns>Null when all ended as they should, without a reboot; otherwise what did not.</returns>
        public static string? Run(int requests, CoreKind core, Action<int> dealtWith)
        {
            FlashLayout layout = FlashLayouts.Find("esp32-4mb")!;
            var boot = new LongBoot(requests, dealtWith);
            var device = new Device(DeviceFactory.Make(layout, SampleImages.Deployment(new AssemblyVersion(1, 0, 0), 20_004), null), layout, new DeviceSetup
            {
                Channel = _ => boot,
                Source = _ => boot._server.Connect(),
                Core = core,
                Clock = new VirtualClock(new DateTime(2026, 11, 20, 12, 0, 0, DateTimeKind.Utc)) { FollowsHost = false },
                OnAgent = agent =>
                {
                    boot._agent = agent;
                    boot._boots++;
                },
            });
            RunEnd end = device.Run(() => false);
            return end != RunEnd.Settled || boot._boots != 1 || boot.Answers != requests || device.Status!.Current != "1.0.0"
                ? $"after {boot.Answers} update requests and {boot._boots} boots: {end}, {device.Status!.LastCode}" : device.Disagreement;
        }

        /// <inheritdoc/>
        public long Step(long now)
        {
            if (_number == 0 || (_number <= _requests && _agent!.IsIdle))
            {
                if (_number > 0)
                {
                    _dealtWith(_number);
                }

                if (++_number <= _requests)
                {
                    Request();
                }
            }

            return now + 1000;
        }

        /// <inheritdoc/>
        public void Report(UpdateStatus status)
        {
        }

        /// <inheritdoc/>
        public void CheckNow()
        {
        }

        /// <inheritdoc/>
        public void Pause()
        {
        }

        private void Request()
        {
            string version = $"1.{_number / 100 + 1}.{_number % 100}";
            _server.Remove(_manifest);
            _manifest = $"{Container}{SemanticVersion.Parse(version).FileStem}.json";
            if (_number % 3 > 0)
            {
                _server.Put(_manifest, Encoding.UTF8.GetBytes($$"""{"schema":1,"version":"{{version}}","components":[{"id":"deployment","version":"{{version}}","size":{{ImageLength}},"sha256":"{{_number:x64}}","urls":["other.bin"]}]}"""));
                _server.Put(Container + "other.bin", _image);
            }

            bool breaks = _number % 3 == 2;
            _server.OnRead = at => breaks && at >= 8192 ? ResultCode.ConnectionLost : ResultCode.None;
            var request = new DesiredChannel(() => $$"""{"updateVersion":"{{version}}","updateUrl":"{{Container}}"}""");
            request.Step(0);
            Offer = request.Offer;
            Answers++;
        }
    }
}
