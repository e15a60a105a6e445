using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using nanoOta.Hub;
using nanoOta.Tool.Serving;

namespace nanoOta.Tool.Hubs
{
    /// <summary>A local hub as the tool runs it: on every network of the PC, with a certificate of the test authority.</summary>
    internal sealed class HubHost : IDisposable
    {
        private const int MostFaults = 20;
        private static readonly TimeSpan _look = TimeSpan.FromSeconds(1);

        private readonly HubSettings _settings;
        private readonly IDisposable _held;
        private readonly IotHub _hub;
        private readonly HubServer _server;
        private readonly MqttEndpoint? _devices;
        private readonly FleetBoard _board;
        private readonly VirtualFleet? _fleet;
        private readonly TestCertificates? _authority;
        private readonly X509Certificate2? _certificate;
        private readonly string[] _addresses = [.. TestCertificates.Addresses().Select(address => address.ToString())];

        /// <exception cref="Failure">A port is not to be had, or the folder cannot be used.</exception>
        public HubHost(HubSettings settings)
        {
            _settings = settings;
            Failure.OfFiles($"cannot make {settings.Folder}", () => Directory.CreateDirectory(settings.Folder));
            _held = FileLock.Take(settings.Folder, Path.Combine(settings.Folder, "hub.lock"), TimeSpan.Zero);
            try
            {
                _hub = Open(Path.Combine(settings.Folder, "hub.db"), OpenHub);
                _board = HubBoard.Of(_hub, Open(Path.Combine(settings.Folder, "history.db"), file => new FleetHistory(file)));
                foreach (string device in settings.Devices)
                {
                    Register(device);
                }

                _server = Listen(settings.Port, "--port", port => new HubServer(_hub, IPAddress.Any, port, new FleetPage(_board)));
                if (settings.MqttPort is { } mqttPort)
                {
                    _authority = TestCertificates.In(settings.AuthorityFolder);
                    _certificate = _authority.Issue();
                    _devices = Listen(mqttPort, "--mqtt-port", port => new MqttEndpoint(_hub, IPAddress.Any, port, _certificate));
                }

                if (settings.Virtual > 0)
                {
                    _fleet = new VirtualFleet(_hub, new FleetSettings { Count = settings.Virtual, Fails = (id, version) => FleetSettings.IsAmong(id, version, settings.Failing) });
                }
            }
            catch (Failure)
            {
                Dispose();
                throw;
            }
        }

        /// <summary>The hub.</summary>
        public IotHub Hub => _hub;

        /// <summary>The TCP port of MQTT; 0 without it.</summary>
        public int MqttPort => _devices?.Port ?? 0;

        /// <summary>The certificate that devices verify the hub with (PEM); null without MQTT.</summary>
        public string? AuthorityPath => _authority?.AuthorityPath;

        /// <summary>The connection string of the owner.</summary>
        public string Connection => ConnectionOf(Policies.Owner);

        /// <summary>The page.</summary>
        public string PageUrl => $"http://{_addresses.FirstOrDefault() ?? "127.0.0.1"}:{_server.Port}/";

        /// <summary>The connection string of a policy.</summary>
        public string ConnectionOf(string policy) => _hub.ConnectionString(policy, _server.Port);

        /// <summary>Says how to reach it.</summary>
        public void Announce(Output output)
        {
            output.Line($"Page: {PageUrl}");
            output.Line($"For --hub or NANOOTA_HUB: {Connection}");
            if (_authority != null)
            {
                output.Line($"CA certificate for devices: {_authority.AuthorityPath}");
            }

            var devices = new JsonObject();
            foreach (string id in _settings.Devices.Select(device => device.Split(':')[0]))
            {
                output.Line($"Device {id}: {_hub.DeviceConnectionString(id)}");
                devices[id] = _hub.DeviceConnectionString(id);
            }

            if (_fleet != null)
            {
                output.Line($"{_fleet.Ids.Count} virtual devices run 1.0.0, {_fleet.Ids.First()} to {_fleet.Ids.Last()}.");
            }

            output.Line("Ctrl+C ends it.");
            output.Json(new JsonObject { ["event"] = "hub", ["page"] = PageUrl, ["connection"] = Connection, ["ca"] = _authority?.AuthorityPath, ["mqttPort"] = _devices?.Port, ["devices"] = devices, ["virtual"] = _fleet?.Ids.Count ?? 0 });
        }

        /// <summary>Runs until the token or Ctrl+C stops it, and says what fails meanwhile.</summary>
        public ExitCode Run(Output output, CancellationToken stop)
        {
            using var end = new Interrupt(stop);
            var said = new HashSet<string>();
            while (!end.Token.WaitHandle.WaitOne(_look))
            {
                Complain(output, said);
            }

            Complain(output, said);
            output.Line($"The hub's state is in {_settings.Folder}: run it again to go on.");
            return ExitCode.Done;
        }

        /// <inheritdoc/>
        public void Dispose()
        {
            _fleet?.Dispose();
            _devices?.Dispose();
            _server?.Dispose();
            _board?.Dispose();
            _hub?.Dispose();
            _certificate?.Dispose();
            _held.Dispose();
        }

        // Each sentence once: what fails at every evaluation would fill the screen.
        private void Complain(Output output, HashSet<string> said)
        {
            foreach ((string what, Exception? failure) in new[]
            {
                ("The hub's own work failed", _hub.Failure),
                ("The page or its history failed", _board.Failure),
                ("A virtual device failed", _fleet?.Failure),
            })
            {
                if (failure != null && said.Count < MostFaults && said.Add($"{what}: {failure.Message}"))
                {
                    output.Complain($"{what}: {failure.Message.TrimEnd('.')}. The hub goes on.");
                    output.Json(new JsonObject { ["event"] = "fault", ["what"] = what, ["error"] = failure.Message });
                }
            }
        }

        private IotHub OpenHub(string file)
        {
            string[] names = [.. _addresses, "localhost", Dns.GetHostName()];
            return new IotHub(new HubOptions { StateFile = file, HostNames = names, Units = _settings.Units, Evaluation = _settings.Evaluation, FirstEvaluation = TimeSpan.FromSeconds(Math.Min(2, _settings.Evaluation.TotalSeconds)) });
        }

        private static T Open<T>(string file, Func<string, T> open)
        {
            try
            {
                return open(file);
            }
            catch (Exception e) when (e is SqliteException or InvalidDataException)
            {
                throw new Failure(ExitCode.Usage, $"{file} cannot be used: {e.Message.TrimEnd('.')}. Delete it, or name another folder with --state.");
            }
        }

        private void Register(string device)
        {
            string[] parts = device.Split(':');
            try
            {
                if (!_hub.DeviceIds.Contains(parts[0]))
                {
                    _hub.PutDevice(parts[0], [], null);
                }

                if (parts.Length > 1)
                {
                    var tags = new JsonObject { ["product"] = parts[1], ["group"] = parts.ElementAtOrDefault(2) };
                    _hub.PatchTwin(parts[0], new JsonObject { ["tags"] = tags }, null);
                }
            }
            catch (HubError error)
            {
                throw new Failure(ExitCode.Usage, $"--device {device}: {error.Message}");
            }
        }

        private static T Listen<T>(int port, string option, Func<int, T> start)
        {
            try
            {
                return start(port);
            }
            catch (Exception e) when (e is IOException or SocketException)
            {
                throw new Failure(ExitCode.Usage, $"cannot listen on port {port}: {e.Message.TrimEnd('.')}. Take another one by {option} N{(option == "--port" ? ", or a free one by --port 0" : "")}.");
            }
        }
    }
}
