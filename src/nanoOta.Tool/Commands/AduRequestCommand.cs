using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using nanoOta.Tool.DeviceUpdates;

namespace nanoOta.Tool.Commands
{
    /// <summary><c>nanoota adu request</c>.</summary>
    internal static class AduRequestCommand
    {
        public static Command Create(CommandLine line)
        {
            var file = new Argument<string>("FILE") { Description = "An import manifest." };
            var url = new Option<string>("--url") { Description = "The URL under which its files lie.", Required = true };
            var keys = new Option<string>("--keys") { Description = "A folder for test keys; they are made when they are not there, with root-keys.json for devices.", Required = true };
            var path = new Option<string>("--out") { Description = "The file to write: desired properties, for device run --twin.", Required = true };
            var id = new Option<string>("--workflow") { Description = "The deployment's id; a new one is another deployment.", DefaultValueFactory = _ => "00000000-0000-0000-0000-000000000001" };
            var retry = new Option<string?>("--retry") { Description = "The retry timestamp; another one has a failed deployment tried again." };
            var cancel = new Option<bool>("--cancel") { Description = "Cancel the deployment instead." };
            return line.On(new Command("request", """
                Make what Azure Device Update would write into a twin to deploy an import manifest, signed with test keys, so that the flow can be tried without Azure.

                Example: nanoota adu request washer.importmanifest.json --url http://127.0.0.1:8080 --keys test-keys --out twin.json
                """) { file, url, keys, path, id, retry, cancel }, (result, output) =>
            {
                JsonObject import = JsonFile.Read(result.GetRequiredValue(file));
                if (ImportManifestCheck.Run(import, out _) is [var fault, ..])
                {
                    throw new Failure(ExitCode.Unsound, $"Device Update would refuse this import manifest: {fault}");
                }

                string container = result.GetRequiredValue(url);
                if (!Url.IsAbsolute(container))
                {
                    throw new Failure(ExitCode.Usage, "--url is not an absolute http or https URL.");
                }

                var service = new TestService(result.GetRequiredValue(keys));
                JsonObject desired = result.GetValue(cancel) ? TestService.Cancel(result.GetRequiredValue(id))
                    : service.Request(import, container, result.GetRequiredValue(id), result.GetValue(retry));
                string to = result.GetRequiredValue(path);
                OutputFile.Write(to, Encoding.UTF8.GetBytes(ImportManifest.ToText(desired) + "\n"));
                output.Line($"{to}: desired properties. Try them with: nanoota device run --state DEVICE --twin {to} --root-keys {service.RootKeys}");
                output.Json(new JsonObject { ["file"] = to, ["rootKeys"] = service.RootKeys });
                return ExitCode.Done;
            });
        }
    }
}
