using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using nanoOta.Hub;
using nanoOta.Tool.Hubs;
using nanoOta.Tool.Keys;
using nanoOta.VirtualDevice.Cloud;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.Tool.Demo
{
    /// <summary>
    /// The demo of a fleet: a local hub, virtual devices that trust one signing key, and an operator who types the tool's own
    /// commands. 1.2.0 is bad: it fails on two devices of three.
    /// </summary>
    internal sealed class FleetStory : IDisposable
    {
        private const string Bad = "1.2.0";
        private const double BadPercent = 66;
        private const int ImageSize = 32 * 1024;

        // How much faster the time of devices that wait passes.
        private const int Speed = 4;
        private static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);
        private static readonly TimeSpan _look = TimeSpan.FromSeconds(1);
        private static readonly TimeSpan _poll = TimeSpan.FromMilliseconds(100);

        private readonly Output _output;
        private readonly CancellationToken _stop;
        private readonly string _folder = Directory.CreateTempSubdirectory("nanoota").FullName;
        private readonly FileServer _server;
        private readonly HubHost _host;
        private readonly IVirtualFleet _fleet;
        private readonly X509Certificate2? _authority;
        private readonly string _key;
        private readonly string[] _container;

        /// <summary>Makes hub, container, key and devices.</summary>
        /// <param name="output">Where it tells.</param>
        /// <param name="count">How many devices.</param>
        /// <param name="port">The port of the page; 0: any free one.</param>
        /// <param name="isLive">Whether the devices connect over MQTT with TLS and fetch over HTTP; otherwise they run in this process.</param>
        /// <param name="container">Options of <c>deploy</c> with the container to publish to; empty: a folder that a server of its own serves.</param>
        /// <param name="stop">Ends it.</param>
        public FleetStory(Output output, int count, int port, bool isLive, string[] container, CancellationToken stop)
        {
            _output = output;
            _stop = stop;
            string folder = Path.Combine(_folder, "www");
            Directory.CreateDirectory(folder);
            _server = new FileServer(FileServer.Folder(folder));
            _container = container.Length > 0 ? container : ["--container", folder + "/", "--url", _server.Url.TrimEnd('/')];
            _host = new HubHost(new HubSettings
            {
                Port = port,
                MqttPort = isLive ? 0 : null,
                Folder = Path.Combine(_folder, "hub"),
                AuthorityFolder = Path.Combine(_folder, "ca"),
                Units = 0,
                Evaluation = TimeSpan.FromSeconds(1),
            });
            _key = Path.Combine(_folder, "release.pem");
            Step("A key signs what is released. Devices are built with its public half.", ExitCode.Done, "keygen", "--out", _key, "--bits", "2048");
            RsaPublicKey trusted = KeyPair.Read(_key, null).Device!;
            var settings = new FleetSettings
            {
                Count = count,
                Group = _ => "field",
                ImageSize = ImageSize,
                Fails = (id, version) => version == Bad && FleetSettings.IsAmong(id, version, BadPercent),
                Configure = options => options.Verifier = new SignedManifests(options, [trusted], null),
            };
            if (isLive)
            {
                _authority = X509CertificateLoader.LoadCertificateFromFile(_host.AuthorityPath!);
                _fleet = new LiveFleet(_host.Hub, settings, "127.0.0.1", _host.MqttPort, _authority, options => new HttpImageSource(options, null), Speed);
            }
            else
            {
                _fleet = new VirtualFleet(_host.Hub, settings);
            }

            _fleet.Settle(_patience);

            // As at a real hub, a query does not find the newest devices yet.
            SpinWait.SpinUntil(() => _stop.WaitHandle.WaitOne(_poll) || _host.Hub.Ask("SELECT deviceId FROM devices", 0, count).Rows.Count == count, _patience);
        }

        /// <summary>The page.</summary>
        public string PageUrl => _host.PageUrl;

        /// <summary>Plays it all.</summary>
        public IReadOnlyList<Chapter> Play()
        {
            return
            [
                End(1, "1.1.0 goes out: a canary of 20 %, then everyone", Deploy("1.1.0", ExitCode.Done), "1.1.0"),
                End(2, "1.2.0 is bad: the canary stops the rollout", Deploy(Bad, ExitCode.Paused) && Bystanders("1.1.0"), null),
                End(3, "Back to 1.1.0", Step("The few devices that took 1.2.0 go back.", ExitCode.Done, [.. Arguments("rollback", "washer", "field"), "--key", _key]), "1.1.0"),
                End(4, "1.3.0 reaches everyone", Deploy("1.3.0", ExitCode.Done), "1.3.0"),
            ];
        }

        /// <inheritdoc/>
        public void Dispose()
        {
            _fleet.Dispose();
            _host.Dispose();
            _authority?.Dispose();
            _server.Dispose();
            Directory.Delete(_folder, recursive: true);
        }

        private bool Deploy(string version, ExitCode expected)
        {
            AssemblyVersion.TryParse(version, out AssemblyVersion own);
            string image = Path.Combine(_folder, $"app-{version}.bin");
            OutputFile.Write(image, SampleImages.Deployment(own, ImageSize, seed: (ulong)own.Minor));
            return Step($"The build is in app-{version}.bin.", ExitCode.Done, "release", image, "--version", version, "--layout", "esp32-4mb", "--key", _key, "--out", Path.Combine(_folder, "releases"))
                && Step("It is published and rolled out.", expected,
                    [.. Arguments("deploy", image, version, "washer", "field"), "--layout", "esp32-4mb", "--key", _key, "--canary", "20", "--pause-on-failure", "3", "--poll", "0.5"]);
        }

        private string[] Arguments(params string[] command)
        {
            return [.. command, "--hub", _host.ConnectionOf("service"), .. _container];
        }

        // A rollout that pauses itself has not touched the devices outside of the canary.
        private bool Bystanders(string version)
        {
            _fleet.Settle(_patience);
            int bad = Running(Bad);
            int good = Running(version);
            _output.Line($"{good} of {_fleet.Ids.Count} devices run {version}, {bad} run {Bad}.");
            return bad + good == _fleet.Ids.Count && good > bad;
        }

        private Chapter End(int number, string title, bool ok, string? version)
        {
            bool reached = version == null || !ok || SpinWait.SpinUntil(() => _stop.IsCancellationRequested || (_fleet.Settle(_look) && Running(version) == _fleet.Ids.Count), _patience);
            int running = version == null ? 0 : Running(version);
            string outcome = version == null ? (ok ? "Paused by itself; most devices never saw it." : "It did not pause.") : $"{running} of {_fleet.Ids.Count} devices run {version}.";
            var chapter = new Chapter(number, title, outcome, version ?? "1.1.0", ok && reached && running == (version == null ? 0 : _fleet.Ids.Count));
            _output.Json(new JsonObject { ["event"] = "outcome", ["chapter"] = number, ["title"] = title, ["ok"] = chapter.Ok, ["outcome"] = outcome });
            return chapter;
        }

        private int Running(string version) => _fleet.Ids.Count(id => _host.Hub.Row(id)?.Current == version);

        // Types a command and shows what it says. The connection string is not shown.
        private bool Step(string sentence, ExitCode expected, params string[] args)
        {
            _output.Line();
            _output.Line(sentence);
            _output.Line($"$ nanoota {string.Join(' ', Shown(args))}");
            using var says = new Indented(_output);
            int code = CommandLine.Run(args, says, says, terminal: false, _stop);
            bool ok = code == (int)expected;
            _output.Json(new JsonObject { ["event"] = "command", ["command"] = string.Join(' ', Shown(args)), ["exit"] = code, ["ok"] = ok });
            if (!ok)
            {
                _output.Line($"   Exit code {code} instead of {(int)expected}.");
            }

            return ok;
        }

        private IEnumerable<string> Shown(string[] args)
        {
            for (int i = 0; i < args.Length; i++)
            {
                if (args[i] == "--hub")
                {
                    i++;
                }
                else
                {
                    yield return args[i].Replace(_folder + Path.DirectorySeparatorChar, "", StringComparison.Ordinal);
                }
            }
        }

        // What a command prints, line by line.
        private sealed class Indented(Output output) : TextWriter
        {
            private readonly StringBuilder _line = new();

            public override Encoding Encoding => Encoding.UTF8;

            public override void Write(char value)
            {
                if (value == '\n')
                {
                    output.Line($"   {_line.ToString().TrimEnd('\r')}");
                    _line.Clear();
                }
                else
                {
                    _line.Append(value);
                }
            }
        }
    }
}
