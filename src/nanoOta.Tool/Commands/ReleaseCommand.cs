using System.CommandLine;
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
            var patches = new PatchOptions();
            var encryption = new EncryptionOptions();
            var records = new RecordOptions();
            var bases = new BaseImageOptions();
            var command = new Command("release", """
                Make all of a release from one build: for each layout the update files, manifest, signed manifest and import manifest, and with --bootloader or --clr the base image of a first flashing; a CycloneDX list of its assemblies; and an entry in the record with the next counter. The same input and time give the same bytes. Run again for a further layout or with a key, it adds what is missing; other content of what is there is refused.

                Example: nanoota release app.bin --version 1.1.0 --layout esp32-4mb esp32-8mb --key release.pem --out releases

                Example: nanoota release app.bin nanoCLR.bin --version 1.1.0 --layout esp32-8mb --bootloader bootloader.bin --out releases
                """) { images, version, folder, layouts, key, kid, compat, created };
            members.AddTo(command);
            patches.AddTo(command);
            encryption.AddTo(command);
            records.AddTo(command);
            bases.AddTo(command);
            return line.On(command, async (result, output, stop) =>
            {
                string root = result.GetRequiredValue(folder);
                string text = result.GetRequiredValue(version);
                SemanticVersion parsed = SemanticVersion.Parse(text) ?? throw new Failure(ExitCode.Usage, $"'{text}' is no semantic version, such as 1.1.0 or 1.1.0-rc.1.");
                PackageFolder.RequireKey(result.GetValue(key), result.GetValue(kid));
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

                FlashLayout[] targets = [.. result.GetRequiredValue(layouts).Select(LayoutName.Find).Distinct()];
                bases.RequireKnown(result, targets);
                string? said = ManifestMemberOptions.Time(result, created);
                Failure.OfFiles($"cannot make {root}", () => Directory.CreateDirectory(root));
                using ReleaseRecord record = records.Open(result, root, output);
                record.RequireProduct(names.Provider, names.Name);
                ReleaseEntry? known = record.Find(parsed);
                RequireSameVersion(known, text, said);
                if (known == null && record.Last is { } last && parsed.CompareTo(last) <= 0)
                {
                    output.Line($"Note: {text} is not above {last.Text}, which was released last.");
                }

                uint published = known != null ? 0 : await records.PublishedAsync(result, line.SettingsOf(result), root, output, stop);
                uint counter = known?.Counter ?? record.Next(published);
                string[] paths = result.GetRequiredValue(images);
                var files = new ReleaseFiles(parsed.FileStem, said ?? known?.Created ?? ReleaseFiles.Now());
                foreach (FlashLayout layout in targets)
                {
                    PackedImage[] read = [.. paths.Select(path => PackedImage.Read(path, layout))];
                    var package = Package.Make(encryption.Apply(result, patches.Apply(result, read, text, output)), text, layout.Target, counter, members: names);
                    files.Add(layout, package, result.GetValue(key) is { } path ? PackageFolder.Sign(package, path, result.GetValue(kid)) : null);
                    if (properties.Length > 0)
                    {
                        files.AddImport(layout, package, names, paths, properties);
                    }

                    if (bases.IsAsked(result) && bases.Make(result, layout, read, output) is { } image)
                    {
                        files.AddBase(layout, image);
                    }
                }

                files.AddSbom(names.Name, text);
                ReleaseEntry entry = ReleaseEntry.Of(text, counter, files.Created, files.Content);
                if (known?.Difference(entry) is { } difference)
                {
                    throw new Failure(ExitCode.Conflict, $"{text} was released already, with other content: {difference} differs. Give the build a new version.");
                }

                var place = new PackageFolder(root);
                place.RequireSame(files.Content, "move that file away, if the release was never published");

                // Before the files: a number that nobody used is lost, one that was used must not be given again.
                record.Give(entry, published);
                foreach ((string name, byte[] bytes) in files.Content)
                {
                    string path = place.PathOf(name);
                    Failure.OfFiles($"cannot write {path}", () => Directory.CreateDirectory(Path.GetDirectoryName(path)!));
                    OutputFile.Write(path, bytes);
                    output.Line($"{path}: {bytes.Length} bytes");
                }

                output.Line($"{text} is released with counter {counter}. Publish it: nanoota publish {Path.Combine(root, parsed.FileStem)}{Path.DirectorySeparatorChar}LAYOUT");
                output.Json(entry.ToJson());
                return ExitCode.Done;
            });
        }

        // Devices pass over build metadata, and its files have the same names.
        private static void RequireSameVersion(ReleaseEntry? known, string version, string? created)
        {
            if (known != null && known.Version != version)
            {
                throw new Failure(ExitCode.Conflict, $"{known.Version} was released already, and to devices {version} is the same version: what follows the plus sign makes no other one. Give the build a new version.");
            }

            if (known != null && created != null && created != known.Created)
            {
                throw new Failure(ExitCode.Conflict, $"{version} was released at {known.Created}: leave --created out to make it again.");
            }
        }
    }
}
