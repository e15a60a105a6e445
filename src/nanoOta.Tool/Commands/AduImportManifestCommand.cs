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
                if (ImportManifestCheck.Run(manifest) is [var fault, ..])
                {
                    throw new Failure(ExitCode.Usage, $"Device Update would refuse it: {fault}");
                }

                string path = result.GetRequiredValue(file);
                OutputFile.Write(path, ImportManifest.ToBytes(manifest));
                output.Line($"{path}: import manifest of {id["provider"]} {id["name"]} {id["version"]}, {paths.Length} {(paths.Length == 1 ? "step" : "steps")}");
                if (id["version"]!.ToString().Split('.') is [_, _, _, not "0"])
                {
                    output.Line("Devices of nanoOta compare three numbers: they reject a version whose fourth is not 0.");
                }

                output.Json(new JsonObject { ["file"] = path, ["steps"] = paths.Length });
                return ExitCode.Done;
            });
        }

        public static Command CreateCheck(CommandLine line)
        {
            var file = new Argument<string>("FILE") { Description = "An import manifest." };
            return line.On(new Command("check", """
                Check an import manifest against Azure Device Update's limits, and say everything that is wrong with it.

                Exits with 0 when the service would take it, 4 when it would not.

                Example: nanoota adu check washer.importmanifest.json
                """) { file }, (result, output) =>
            {
                string path = result.GetRequiredValue(file);
                IReadOnlyList<string> faults = ImportManifestCheck.Run(ImportManifest.Read(path));
                foreach (string fault in faults)
                {
                    output.Line($"  ✗ {fault}");
                }

                output.Line(faults.Count == 0 ? $"{path}: right." : $"{path}: NOT RIGHT.");
                output.Json(new JsonObject { ["file"] = path, ["sound"] = faults.Count == 0, ["faults"] = new JsonArray([.. faults.Select(fault => (JsonNode)fault)]) });
                return faults.Count == 0 ? ExitCode.Done : ExitCode.Unsound;
            });
        }
    }
}
