using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using nanoOta.Tool.DeviceUpdates;
using nanoOta.Tool.Packing;
using nanoOta.Tool.Releases;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.Tool.Commands
{
    /// <summary><c>nanoota release</c>.</summary>
    internal static class ReleaseCommand
    {
        public static Command Create(CommandLine line)
        {
            var images = new Argument<string[]>("IMAGE") { Description = "A deployment, a firmware, or one of each.", Arity = ArgumentArity.OneOrMore };
            var version = new Option<string>("--version") { Description = "The version: the image's own a.b.c, perhaps with a pre-release part.", Required = true };
            var folder = new Option<string>("--out") { Description = "The folder of the product's releases; it is made when it is not there.", Required = true };
            var layouts = new Option<string[]>("--layout") { Description = $"The flash layouts to release for, one folder each: {LayoutName.All}.", Required = true, AllowMultipleArgumentsPerToken = true };
            var key = new Option<string?>("--key") { Description = "Sign the manifests with this private key." };
            var kid = new Option<string?>("--kid") { Description = "The id that devices know the key by; its own when not given." };
            var compat = new Option<string[]>("--compat") { Description = "Also an import manifest for Device Update, with these properties: name=value. Needs --provider and --name.", AllowMultipleArgumentsPerToken = true };
            var created = new Option<string?>("--created") { Description = "The time of the release: UTC. SOURCE_DATE_EPOCH, or now, when not given; a release that is made again keeps its own." };
            var members = new ManifestMemberOptions();
            var command = new Command("release", """
                Make all of a release from one build: for each layout the update files, manifest, signed manifest and import manifest; a CycloneDX list of its assemblies; and an entry in releases.json with the next counter. The same input and time give the same bytes.

                Example: nanoota release app.bin --version 1.1.0 --layout esp32-4mb esp32-8mb --key release.pem --out releases
                """) { images, version, folder, layouts, key, kid, compat, created };
            members.AddTo(command);
            var patches = new PatchOptions();
            patches.AddTo(command);
            var encryption = new EncryptionOptions();
            encryption.AddTo(command);
            return line.On(command, (result, output) =>
            {
                string root = result.GetRequiredValue(folder);
                string text = result.GetRequiredValue(version);
                SemanticVersion parsed = SemanticVersion.Parse(text) ?? throw new Failure(ExitCode.Usage, $"'{text}' is no semantic version, such as 1.1.0 or 1.1.0-rc.1.");
                ManifestMembers names = members.Read(result);
                string[] properties = result.GetValue(compat) ?? [];
                if (properties.Length > 0 && (names.Provider == null || names.Name == null))
                {
                    throw new Failure(ExitCode.Usage, "--compat needs --provider and --name: Device Update knows an update by them.");
                }

                if (properties.Length > 0 && encryption.IsGiven(result))
                {
                    throw new Failure(ExitCode.Usage, "--compat and --encrypt-for do not go together: Device Update's manifests have no place for the keys, so its devices could not open the images. Release for it without --encrypt-for.");
                }

                Failure.OfFiles($"cannot make {root}", () => Directory.CreateDirectory(root));
                ReleaseRecord record = ReleaseRecord.In(root);
                JsonObject? known = record.Find(text);
                if (known == null && record.Last is { } last && parsed.CompareTo(SemanticVersion.Parse(last)!) <= 0)
                {
                    output.Line($"Note: {text} is not above {last}, which was released last.");
                }

                uint counter = known == null ? record.NextCounter : (uint)known["counter"]!;
                string time = record.Created(text, ManifestMemberOptions.Time(result, created));
                string[] paths = result.GetRequiredValue(images);
                var files = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
                List<PackedImage> all = [];
                foreach (FlashLayout layout in result.GetRequiredValue(layouts).Select(LayoutName.Find))
                {
                    PackedImage[] read = [.. paths.Select(path => PackedImage.Read(path, layout))];
                    all.AddRange(read);
                    read = encryption.Apply(result, patches.Apply(result, read, text, output));
                    var package = Package.Make(read, text, layout.Target, counter, members: names);
                    foreach ((string name, PackedImage image) in package.Files)
                    {
                        files[$"{parsed.FileStem}/{layout.Name}/{name}"] = image.File;
                    }

                    foreach ((string name, PackedPatch patch) in package.Patches)
                    {
                        files[$"{parsed.FileStem}/{layout.Name}/{name}"] = patch.Bytes;
                    }

                    files[$"{parsed.FileStem}/{layout.Name}/{package.ManifestName}"] = package.Manifest;
                    if (result.GetValue(key) is { } path)
                    {
                        files[$"{parsed.FileStem}/{layout.Name}/{parsed.FileStem}.jws"] = PackageFolder.Sign(package, path, result.GetValue(kid));
                    }

                    if (properties.Length > 0)
                    {
                        files[$"{parsed.FileStem}/{layout.Name}/{parsed.FileStem}.importmanifest.json"] = Import(names, package, paths, properties, time);
                    }
                }

                files[$"{parsed.FileStem}/sbom.cdx.json"] = Sbom.Make(names.Name, text, [.. all.DistinctBy(image => image.Sha256)], time);
                var entry = new JsonObject
                {
                    ["version"] = text,
                    ["counter"] = counter,
                    ["created"] = time,
                    ["files"] = new JsonArray([.. files.Select(file => (JsonNode)new JsonObject { ["name"] = file.Key, ["size"] = file.Value.Length, ["sha256"] = Convert.ToHexStringLower(SHA256.HashData(file.Value)) })]),
                };
                if (known != null && !JsonNode.DeepEquals(known, entry))
                {
                    throw new Failure(ExitCode.Conflict, $"{root} has released {text} already, with other content: {Difference(known, entry)} differs. Give the build a new version.");
                }

                foreach ((string name, byte[] bytes) in files)
                {
                    string path = Path.Combine(root, name.Replace('/', Path.DirectorySeparatorChar));
                    Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                    OutputFile.Write(path, bytes);
                    output.Line($"{path}: {bytes.Length} bytes");
                }

                // Last: what it lists is there.
                record.Add(entry);
                output.Line($"{text} is released with counter {counter}. Publish it: nanoota publish {Path.Combine(root, parsed.FileStem)}{Path.DirectorySeparatorChar}LAYOUT");
                output.Json(entry);
                return ExitCode.Done;
            });
        }

        private static byte[] Import(ManifestMembers names, Package package, string[] images, string[] properties, string time)
        {
            var id = new JsonObject { ["provider"] = names.Provider, ["name"] = names.Name, ["version"] = package.Version.Core };
            UtcTime.TryParse(time, out long seconds);
            JsonObject manifest = ImportManifest.Make(images, id, ImportManifest.Compatibility(properties), ImportManifest.Handler, null, DateTimeOffset.FromUnixTimeSeconds(seconds).UtcDateTime);

            // The files are uploaded as they lie in the release.
            foreach ((JsonNode? file, JsonNode? step) in manifest["files"]!.AsArray().Zip(manifest["instructions"]!["steps"]!.AsArray()))
            {
                string hash = Convert.ToHexStringLower(Convert.FromBase64String((string)file!["hashes"]!["sha256"]!));
                string name = package.Files.First(packed => packed.Image.Sha256 == hash).Name;
                file["filename"] = name;
                step!["files"] = new JsonArray(name);
            }

            return ImportManifestCheck.Run(manifest, out IReadOnlyList<string> warnings).Concat(warnings).FirstOrDefault() is { } fault
                ? throw new Failure(ExitCode.Usage, $"Device Update would refuse it: {fault}") : ImportManifest.ToBytes(manifest);
        }

        private static string Difference(JsonObject known, JsonObject entry)
        {
            foreach (JsonNode? file in entry["files"]!.AsArray())
            {
                if (known["files"]!.AsArray().All(other => !JsonNode.DeepEquals(other, file)))
                {
                    return (string)file!["name"]!;
                }
            }

            return (string?)known["created"] != (string?)entry["created"] ? "the time" : "the list of files";
        }
    }
}
