using System.CommandLine;
using System.Text.Json.Nodes;
using nanoOta.Tool.Serving;

namespace nanoOta.Tool.Commands
{
    /// <summary><c>nanoota serve</c>.</summary>
    internal static class ServeCommand
    {
        internal const int DefaultPort = 8080;

        public static Command Create(CommandLine line)
        {
            var folder = new Argument<string>("DIR") { Description = "The folder with what 'nanoota pack' wrote." };
            Option<int> port = PortOption();
            Option<bool> tls = TlsOption();
            return line.On(new Command("serve", """
                Serve packed updates on the LAN, and show what the devices report. /latest.json and /latest.jws are the newest manifest of the folder; /offer.json is its update request, which 'nanoota rollout DIR', 'pause DIR' and 'rollback DIR' write, for signed and unsigned updates alike. A request with a plan ('nanoota rollout DIR --canary 20') is widened and paused here, as devices report.

                Example: nanoota serve firmware
                """) { folder, port, tls }, (result, output) =>
            {
                string path = result.GetRequiredValue(folder);
                if (!Directory.Exists(path))
                {
                    throw new Failure(ExitCode.Usage, $"there is no folder {path}.");
                }

                var releases = new ReleaseFolder(path);
                LanServer? running = null;
                var canary = new LanCanary(path, (line, json) => running?.Tell(line, json), TimeProvider.System);
                using var server = new LanServer(output, releases.Find, Port(result.GetValue(port)), result.GetValue(tls) ? LanServer.UserFolder : null) { Heard = canary.Reported };
                running = server;
                string? newest = releases.NewestVersion()?.Text;
                server.Tell(newest == null ? $"{path} holds no manifest yet." : $"The newest version is {newest}.", new JsonObject { ["event"] = "newest", ["version"] = newest });
                return server.Run(line.Stop, canary.Look);
            });
        }

        internal static Option<int> PortOption()
        {
            return new Option<int>("--port") { Description = "The TCP port; 0 takes any free one.", DefaultValueFactory = _ => DefaultPort };
        }

        internal static Option<bool> TlsOption()
        {
            return new Option<bool>("--tls") { Description = "Serve over https, with a certificate of a test CA that is made once for you; it says where the CA's certificate is." };
        }

        internal static int Port(int port)
        {
            return port is >= 0 and <= 65535 ? port : throw new Failure(ExitCode.Usage, "--port is from 0 to 65535.");
        }
    }
}
