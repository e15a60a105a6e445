extern alias StandIns;

using System.Security.Cryptography.X509Certificates;
using nanoOta.VirtualDevice;
using nanoOta.VirtualDevice.Flash;
using nanoOta.VirtualDevice.Images;
using StandIns::nanoFramework.Azure.Devices.Client;
using StandIns::nanoOta.StandIns;

namespace nanoOta.Hub
{
    /// <summary>
    /// One virtual device that runs on, on a thread of its own, connected over real MQTT: it knows of the hub what a board knows,
    /// its host name, the device's id and key, and a root certificate.
    /// </summary>
    public sealed class LiveDevice : IDisposable
    {
        private readonly Thread _thread;
        private volatile bool _isStopped;
        private volatile Exception? _failure;

        /// <summary>Turns the power on.</summary>
        /// <param name="connection">Where it connects to, and as whom.</param>
        /// <param name="flash">Its flash.</param>
        /// <param name="layout">The flash's layout.</param>
        /// <param name="source">Its way to files.</param>
        /// <param name="fails">Whether a version fails its self-test.</param>
        /// <param name="configure">Changes the options of the agent; null: nothing.</param>
        public LiveDevice(LiveConnection connection, NorFlash flash, FlashLayout layout, Func<UpdateAgentOptions, IImageSource> source, Func<string, bool> fails, Action<UpdateAgentOptions>? configure = null)
        {
            _thread = new Thread(() => Run(connection, flash, layout, source, fails, configure)) { IsBackground = true, Name = connection.DeviceId };
            _thread.Start();
        }

        /// <summary>What the virtual device itself failed with; null: nothing.</summary>
        public Exception? Failure => _failure;

        /// <summary>Turns the power off.</summary>
        public void Dispose()
        {
            _isStopped = true;
            _thread.Join();
        }

        private void Run(LiveConnection connection, NorFlash flash, FlashLayout layout, Func<UpdateAgentOptions, IImageSource> source, Func<string, bool> fails, Action<UpdateAgentOptions>? configure)
        {
            try
            {
                var clock = new LiveClock(connection.Speed);
                DeviceCloud.Hub = new MqttNetwork(connection.Host, connection.Port, clock, connection.Authority);
                HubConnection? hub = null;
                flash.PowerOn();
                var device = new Device(flash, layout, new DeviceSetup
                {
                    Clock = clock,
                    Channel = options =>
                    {
                        // A reset closes nothing: the hub ends the old connection when the new one comes.
                        hub = new HubConnection(options, () => new DeviceClient(connection.Host, connection.DeviceId, connection.Key));
                        return new TwinChannel(options, hub);
                    },
                    Source = source,
                    Configure = options =>
                    {
                        options.DeviceId = connection.DeviceId;
                        options.AllowUnsignedHttp = true;
                        configure?.Invoke(options);
                    },
                    SelfTest = version => fails(version) ? SelfTestMode.Fail : SelfTestMode.Pass,
                    KeepsRunning = () => !_isStopped,
                });
                device.Run(() => _isStopped);
                hub?.Close();
            }
            catch (Exception e)
            {
                _failure = e;
            }
        }
    }

    /// <summary>Where a device connects to, and as whom.</summary>
    /// <param name="Host">The hub's name or address.</param>
    /// <param name="Port">Its TCP port.</param>
    /// <param name="DeviceId">The device.</param>
    /// <param name="Key">Its key, base64.</param>
    /// <param name="Authority">The root certificate; null: no TLS.</param>
    /// <param name="Speed">How much faster than the host's its time passes.</param>
    public sealed record LiveConnection(string Host, int Port, string DeviceId, string Key, X509Certificate2? Authority, int Speed = 1);
}
