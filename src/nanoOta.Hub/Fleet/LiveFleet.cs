using System.Security.Cryptography.X509Certificates;
using nanoOta.VirtualDevice;
using nanoOta.VirtualDevice.Flash;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.Hub
{
    /// <summary>Some tens of virtual devices that run on, each on a thread of its own and connected over real MQTT.</summary>
    public sealed class LiveFleet : IVirtualFleet
    {
        private static readonly TimeSpan _poll = TimeSpan.FromMilliseconds(100);

        private readonly IotHub _hub;
        private readonly SortedDictionary<string, LiveDevice> _devices = new(StringComparer.Ordinal);

        /// <summary>Registers the devices that the hub does not know yet, and turns their power on.</summary>
        /// <param name="hub">The hub: devices are registered there, and <see cref="Settle"/> asks it what they report.</param>
        /// <param name="settings">What the fleet is.</param>
        /// <param name="host">The address that the devices connect to.</param>
        /// <param name="port">The TCP port of MQTT.</param>
        /// <param name="authority">The root certificate that the devices have; null: no TLS.</param>
        /// <param name="source">A device's way to files.</param>
        /// <param name="speed">How much faster than the host's the devices' time passes.</param>
        public LiveFleet(IotHub hub, FleetSettings settings, string host, int port, X509Certificate2? authority, Func<UpdateAgentOptions, IImageSource> source, int speed)
        {
            _hub = hub;
            FlashLayout layout = FlashLayouts.Find(settings.Layout) ?? throw new ArgumentException($"There is no layout {settings.Layout}.", nameof(settings));
            _ = AssemblyVersion.TryParse(settings.Version, out AssemblyVersion version);
            NorFlash factory = DeviceFactory.Make(layout, SampleImages.Deployment(version, settings.ImageSize), null);
            foreach ((string id, string key) in FleetRegistry.Register(hub, settings))
            {
                _devices[id] = new LiveDevice(new LiveConnection(host, port, id, key, authority, speed), factory.Copy(), layout, source, wanted => settings.Fails(id, wanted), settings.Configure);
            }
        }

        /// <inheritdoc/>
        public IReadOnlyCollection<string> Ids => _devices.Keys;

        /// <inheritdoc/>
        public Exception? Failure => _devices.Values.FirstOrDefault(device => device.Failure != null)?.Failure;

        /// <inheritdoc/>
        public bool Settle(TimeSpan patience)
        {
            return SpinWait.SpinUntil(() =>
            {
                Thread.Sleep(_poll);
                return Failure is { } failure ? throw new InvalidOperationException($"A virtual device failed: {failure}", failure)
                    : _devices.Keys.All(id => _hub.Row(id) is { IsOnline: true, State: "idle" });
            }, patience);
        }

        /// <inheritdoc/>
        public void Dispose()
        {
            // All at once: each ends what it is waiting for.
            Task.WaitAll([.. _devices.Values.Select(device => Task.Factory.StartNew(device.Dispose, TaskCreationOptions.LongRunning))]);
        }
    }
}
