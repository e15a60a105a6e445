using System.Net;
using System.Text.Json.Nodes;
using nanoOta.Hub;
using nanoOta.Tests.Tool;
using nanoOta.Tool;

namespace nanoOta.Tests.Fleet
{
    /// <summary>A hub with devices, a folder that is published to, and the tool with settings for both.</summary>
    internal sealed class FleetScene : IDisposable
    {
        private readonly HubServer _server;
        private readonly string _settings;

        public FleetScene(int devices = 0)
        {
            Hub = new IotHub(new HubOptions { Units = 0, IndexLag = TimeSpan.Zero, FirstEvaluation = TimeSpan.Zero, Evaluation = TimeSpan.FromSeconds(1) });
            _server = new HubServer(Hub, IPAddress.Loopback, 0);
            Devices = new ReportingDevices(Hub);
            for (int i = 0; i < devices; i++)
            {
                Devices.Add($"dev-{i}", "washer", "field");
            }

            Connection = Hub.ConnectionString("service", _server.Port);
            _settings = Workshop.Write("settings.json", new JsonObject { ["hub"] = Connection, ["container"] = Workshop.PathOf("www") + "/", ["url"] = Workshop.Server.Url + "www" }.ToJsonString());
        }

        public Workshop Workshop { get; } = new();

        public IotHub Hub { get; }

        public ReportingDevices Devices { get; }

        /// <summary>The connection string of the policy "service".</summary>
        public string Connection { get; }

        /// <summary>The secret in it.</summary>
        public string Key => Connection.Split("SharedAccessKey=")[1].Split(';')[0];

        public void Dispose()
        {
            Hub.DesiredChanged = null;
            Devices.Dispose();
            _server.Dispose();
            Hub.Dispose();
            Workshop.Dispose();
        }

        /// <summary>Runs the tool; what it says never holds the hub's key.</summary>
        public ToolResult Run(params string[] args) => Run(CancellationToken.None, args);

        public ToolResult Run(CancellationToken stop, params string[] args)
        {
            var output = new StringWriter { NewLine = "\n" };
            var error = new StringWriter { NewLine = "\n" };
            int code = CommandLine.Run([.. args, "--settings", _settings], output, error, terminal: false, stop);
            var result = new ToolResult(code, output.ToString(), error.ToString());
            Assert.DoesNotContain(Key, result.Output + result.Error);
            return result;
        }

        /// <summary>Deploys a version to the group "field".</summary>
        public ToolResult Deploy(string version, params string[] more) => Run(["deploy", Workshop.Image(version), version, "washer", "field", "--json", .. more]);

        /// <summary>Runs a command that must be refused in one sentence.</summary>
        public string Refusal(ExitCode code, params string[] args)
        {
            ToolResult result = Run([.. args, "--json"]);
            Assert.True((int)code == result.ExitCode, result.Output + result.Error);
            return Assert.Single(result.Error.TrimEnd('\n').Split('\n'));
        }

        /// <summary>The ids of the devices.</summary>
        public IReadOnlyList<string> Ids() => [.. Hub.DeviceIds];

        public JsonNode Desired(string device) => Hub.GetTwin(device).Json["properties"]!["desired"]!;

        /// <summary>Waits for something that the hub or the devices are about to do.</summary>
        public static void Await(Func<bool> done, string what)
        {
            for (int i = 0; !done(); i++)
            {
                Assert.True(i < 3000, $"It did not happen: {what}");
                TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
                Thread.Sleep(20);
            }
        }
    }
}
