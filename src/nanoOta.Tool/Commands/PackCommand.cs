using System.CommandLine;
using System.Text.Json.Nodes;
using nanoOta.Tool.Packing;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.Tool.Commands
{
    /// <summary><c>nanoota pack</c>.</summary>
    internal static class PackCommand
    {
        // Of the ESP32 boards that most have.
        internal const string DefaultTarget = "ESP32_REV3";

        public static Command Create(CommandLine line)
        {
            var images = new Argument<string[]>("IMAGE") { Description = "A deployment, an ESP application image (the firmware), or one of each.", Arity = ArgumentArity.OneOrMore };
            var version = new Option<string>("--version") { Description = "The version to publish: the image's own a.b.c, perhaps with a pre-release part.", Required = true };
            var folder = new Option<string>("--out") { Description = "The folder to write to; it is made when it is not there.", Required = true };
            var counter = new Option<uint?>("--counter") { Description = "The manifest's counter; it must rise with each release, rollbacks included." };
            var layout = new Option<string?>("--layout") { Description = $"The flash layout that the images must fit: {LayoutName.All}." };
            var target = new Option<string?>("--target") { Description = $"The firmware target that the update is for; that of the layout, or {DefaultTarget}, when not given." };
            var patches = new PatchOptions();
            var command = new Command("pack", """
                Pack images into an update: writes v1_1_0.bin and the manifest v1_1_0.json, to be put into the container that updateUrl names; with --from also patches, v1_1_0.from-v1_0_0.lz4. Refuses what devices would refuse. The same input gives the same bytes.

                Example: nanoota pack app.bin --version 1.1.0 --layout esp32-4mb --from firmware --out firmware
                """) { images, version, folder, counter, layout, target };
            patches.AddTo(command);
            return line.On(command, (result, output) =>
            {
                if (result.GetValue(target) == "")
                {
                    throw new Failure(ExitCode.Usage, "--target is empty: such an update would be for every target.");
                }

                FlashLayout? fit = result.GetValue(layout) is { } name ? LayoutName.Find(name) : null;
                PackedImage[] read = [.. result.GetRequiredValue(images).Select(path => PackedImage.Read(path, fit))];
                read = patches.Apply(result, read, result.GetRequiredValue(version), output);
                string wanted = result.GetValue(target) ?? fit?.Target ?? DefaultTarget;
                var package = Package.Make(read, result.GetRequiredValue(version), wanted, result.GetValue(counter));
                Write(output, package, result.GetRequiredValue(folder));
                if (fit == null)
                {
                    output.Line("Whether it fits a device was not checked: no --layout was given.");
                }

                return ExitCode.Done;
            });
        }

        // The manifest last: who finds it finds all it names.
        private static void Write(Output output, Package package, string folder)
        {
            Failure.OfFiles($"cannot make {folder}", () => Directory.CreateDirectory(folder));
            var files = new JsonArray();
            foreach ((string name, PackedImage image) in package.Files)
            {
                string path = Path.Combine(folder, name);
                OutputFile.Write(path, image.Bytes);
                string fit = image.Slot == null ? "" : $"; {image.Slot.Label} has {image.Slot.Size}, {image.Slot.Size - image.Bytes.Length} left";
                output.Line($"{path}: {image.Id} {image.Version}, {image.Bytes.Length} bytes{fit}");
                var entry = new JsonObject { ["file"] = path, ["component"] = image.Id, ["version"] = image.Version, ["size"] = image.Bytes.Length, ["sha256"] = image.Sha256 };
                if (image.Slot != null)
                {
                    entry["slotSize"] = image.Slot.Size;
                }

                files.Add(entry);
            }

            JsonArray patches = PatchOptions.Write(output, package, folder);
            string manifest = Path.Combine(folder, package.ManifestName);
            OutputFile.Write(manifest, package.Manifest);
            output.Line($"{manifest}: manifest, {package.Manifest.Length} bytes");
            output.Json(new JsonObject { ["manifest"] = manifest, ["files"] = files, ["patches"] = patches });
        }
    }
}
