using System.CommandLine;
using System.Text.Json.Nodes;
using nanoOta.Tool.DeviceUpdates;

namespace nanoOta.Tool.Commands
{
    /// <summary><c>nanoota adu import-manifest</c> and <c>nanoota adu check</c>.</summary>
    internal static class AduImportManifestCommand
    {
        public static Command Create(CommandLine line)
        {
            var images = new Argument<string[]>("IMAGE") { Description = "A deployment or a firmware, or ID=FILE for what a module of that id takes. One step each, in this order.", Arity = ArgumentArity.OneOrMore };
            var provider = new Option<string>("--provider") { Description = "The update's provider.", Required = true };
            var name = new Option<string>("--name") { Description = "The update's name.", Required = true };
            var version = new Option<string>("--version") { Description = "The update's version: two to four numbers.", Required = true };
            var compat = new Option<string[]>("--compat") { Description = "name=value, a property that devices must have. A name that comes again begins another set.", Required = true, AllowMultipleArgumentsPerToken = true };
            var handler = new Option<string>("--handler") { Description = "The handler of the steps.", DefaultValueFactory = _ => ImportManifest.Handler };
            var description = new Option<string?>("--description") { Description = "What the portal shows." };
            var file = new Option<string>("--out") { Description = "The file to write; Device Update wants a name that ends in .importmanifest.json.", Required = true };
            return line.On(new Command("import-manifest", """
                Make an import manifest (version 5) for Azure Device Update, to be uploaded with the images. Refuses what the service would refuse.

                Example: nanoota adu import-manifest app.bin --provider Contoso --name Washer --version 1.1.0 --compat manufacturer=Contoso model=Washer --out washer.importmanifest.json
                """) { images, provider, name, version, compat, handler, description, file }, (result, output) =>
            {
                var id = new JsonObject { ["provider"] = result.GetRequiredValue(provider), ["name"] = result.GetRequiredValue(name), ["version"] = result.GetRequiredValue(version) };
                string[] paths = result.GetRequiredValue(images);
                JsonObject manifest = ImportManifest.Make(paths, id, ImportManifest.Compatibility(result.GetRequiredValue(compat)),
                    result.GetRequiredValue(handler), result.GetValue(description), DateTime.UtcNow);
                if (ImportManifestCheck.Run(manifest, out IReadOnlyList<string> warnings).Concat(warnings).FirstOrDefault() is { } fault)
                {
                    throw new Failure(ExitCode.Usage, $"Device Update would refuse it: {fault}");
                }

                string path = result.GetRequiredValue(file);
                OutputFile.Write(path, JsonFile.ToBytes(manifest));
                output.Line($"{path}: import manifest of {id["provider"]} {id["name"]} {id["version"]}, {paths.Length} {(paths.Length == 1 ? "step" : "steps")}");
                string? warning = ImportManifestCheck.VersionWarning(id["version"]!.ToString());
                if (warning != null)
                {
                    output.Line($"Warning: {warning}");
                }

                output.Json(new JsonObject { ["file"] = path, ["steps"] = paths.Length, ["warning"] = warning });
                return ExitCode.Done;
            });
        }

        public static Command CreateCheck(CommandLine line)
        {
            var file = new Argument<string>("FILE") { Description = "An import manifest." };
            return line.On(new Command("check", """
                Check an import manifest against the public schema of Azure Device Update, version 5, and say everything that is wrong with it.
                What the schema takes, but the service's documents or devices of nanoOta do not, is a warning.

                Exits with 0 when the schema takes it, 4 when it does not.

                Example: nanoota adu check washer.importmanifest.json
                """) { file }, (result, output) =>
            {
                string path = result.GetRequiredValue(file);
                JsonObject manifest = JsonFile.Read(path);
                List<string> faults = [.. ImportManifestCheck.Run(manifest, out IReadOnlyList<string> found)];
                List<string> warnings = [.. found];
                if (faults.Count == 0 && ImportManifestCheck.VersionWarning((string)manifest["updateId"]!["version"]!) is { } version)
                {
                    warnings.Add(version);
                }

                foreach (string fault in faults)
                {
                    output.Line($"  ✗ {fault}");
                }

                foreach (string warning in warnings)
                {
                    output.Line($"  ! {warning}");
                }

                output.Line(faults.Count == 0 ? $"{path}: right." : $"{path}: NOT RIGHT.");
                output.Json(new JsonObject { ["file"] = path, ["sound"] = faults.Count == 0, ["faults"] = Texts(faults), ["warnings"] = Texts(warnings) });
                return faults.Count == 0 ? ExitCode.Done : ExitCode.Unsound;
            });
        }

        private static JsonArray Texts(List<string> texts)
        {
            return [.. texts.Select(text => (JsonNode)text)];
        }
    }
}
