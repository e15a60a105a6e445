using System.CommandLine;
using nanoOta.Tool.Hubs;
using nanoOta.Tool.Serving;

namespace nanoOta.Tool.Commands
{
    /// <summary><c>nanoota hub</c>.</summary>
    internal static class HubCommand
    {
        private const int DefaultPort = 8090;
        private const int MaxUnits = 10_000;
        private const int MaxVirtual = 20_000;

        public static Command Create(CommandLine line)
        {
            var port = new Option<int>("--port") { Description = "The TCP port of the service API and the page; 0 takes any free one.", DefaultValueFactory = _ => DefaultPort };
            var mqtt = new Option<int>("--mqtt-port") { Description = "The TCP port for devices, MQTT with TLS. Boards connect to 8883 and to no other. 0: no devices over the network.", DefaultValueFactory = _ => 8883 };
            var state = new Option<string>("--state") { Description = "The folder that keeps devices, twins, configurations and history.", DefaultValueFactory = _ => Path.Combine(LanServer.UserFolder, "hub") };
            var devices = new Option<string[]>("--device") { Description = "A device to register, when it is not there yet: ID, or ID:PRODUCT:GROUP for its tags. Give the option once for each.", DefaultValueFactory = _ => [] };
            var units = new Option<int>("--units") { Description = "The hub's units: its limits are those of tier S1 times this number; 0: no limits.", DefaultValueFactory = _ => 1 };
            var evaluation = new Option<int>("--evaluation") { Description = "Seconds between two evaluations of configurations; IoT Hub's are five minutes apart.", DefaultValueFactory = _ => 300 };
            var count = new Option<int>("--virtual") { Description = "Run so many virtual devices beside it, in the same process, with the agent that ships; tags product washer, group canary (one in twenty) or field." };
            var failing = new Option<double>("--failing") { Description = "The per cent of virtual devices on which a version fails its self-test; for each version others." };
            return line.On(new Command("hub", """
                Run a local IoT hub for trying and testing: the service API over http, devices over MQTT with TLS, and a page that shows the fleet. It prints the connection strings for --hub and for devices, and goes on until Ctrl+C. It is for networks that you trust: docs/hub.md.

                Examples: nanoota hub --device washer-1:washer:canary
                          nanoota hub --virtual 1000 --failing 3
                """) { port, mqtt, state, devices, units, evaluation, count, failing }, (result, output) =>
            {
                var settings = new HubSettings
                {
                    Port = ServeCommand.Port(result.GetValue(port)),
                    MqttPort = result.GetValue(mqtt) is >= 0 and <= 65535 and var devicePort ? devicePort == 0 ? null : devicePort : throw new Failure(ExitCode.Usage, "--mqtt-port is from 0 to 65535."),
                    Folder = result.GetRequiredValue(state),
                    Devices = result.GetRequiredValue(devices),
                    Units = result.GetValue(units) is >= 0 and <= MaxUnits and var most ? most : throw new Failure(ExitCode.Usage, $"--units is from 0 to {MaxUnits}."),
                    Evaluation = result.GetValue(evaluation) is >= 1 and <= 86400 and var seconds ? TimeSpan.FromSeconds(seconds) : throw new Failure(ExitCode.Usage, "--evaluation is from 1 to 86400 seconds."),
                    Virtual = result.GetValue(count) is >= 0 and <= MaxVirtual and var many ? many : throw new Failure(ExitCode.Usage, $"--virtual is from 0 to {MaxVirtual}."),
                    Failing = result.GetValue(failing) is >= 0 and <= 100 and var share ? share : throw new Failure(ExitCode.Usage, "--failing is from 0 to 100."),
                };
                using var host = new HubHost(settings);
                host.Announce(output);
                return host.Run(output, line.Stop);
            });
        }
    }
}
