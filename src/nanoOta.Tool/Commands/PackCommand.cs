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
            var allowDowngrade = new Option<bool>("--allow-downgrade") { Description = "Let devices that run a newer version take this one; needs a --counter above the highest one published." };
            var members = new ManifestMemberOptions();
            var key = new Option<string?>("--key") { Description = "Sign the manifest in one go with this private key: writes v1_1_0.jws beside it." };
            var kid = new Option<string?>("--kid") { Description = "With --key: the id that devices know the key by; its own when not given." };
            var force = new Option<bool>("--force") { Description = "Replace a version that the folder holds with other content, and remove a signature that no longer fits." };
            var command = new Command("pack", """
                Pack images into an update: writes v1_1_0.bin and the manifest v1_1_0.json, to be put into the container that updateUrl names; with --from also patches, v1_1_0.from-v1_0_0.lz4. Refuses what devices would refuse. The same input gives the same bytes. A version that the folder holds with other content is not replaced without --force.

                Example: nanoota pack app.bin --version 1.1.0 --layout esp32-4mb --from firmware --key release.pem --out firmware
                """) { images, version, folder, counter, layout, target, allowDowngrade, key, kid, force };
            members.AddTo(command);
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
                if (result.GetValue(allowDowngrade) && result.GetValue(counter) == null)
                {
                    throw new Failure(ExitCode.Usage, "--allow-downgrade needs --counter: devices take an older version only with a counter above the highest one they have applied.");
                }

                var package = Package.Make(read, result.GetRequiredValue(version), wanted, result.GetValue(counter), result.GetValue(allowDowngrade), members.Read(result));
                byte[]? signature = result.GetValue(key) is { } path ? PackageFolder.Sign(package, path, result.GetValue(kid)) : null;
                Write(output, package, signature, result.GetRequiredValue(folder), result.GetValue(force));
                if (result.GetValue(target) == null && fit == null)
                {
                    output.Line($"The target {DefaultTarget} was assumed: boards of another one refuse the update. Name yours by --target or --layout.");
                }

                if (fit == null)
                {
                    output.Line("Whether it fits a device was not checked: no --layout was given.");
                }

                return ExitCode.Done;
            });
        }

        // The manifest last: who finds it finds all it names.
        private static void Write(Output output, Package package, byte[]? signature, string folder, bool force)
        {
            Failure.OfFiles($"cannot make {folder}", () => Directory.CreateDirectory(folder));
            var place = new PackageFolder(folder);
            string signed = place.SignatureOf(package);
            if (place.Check(package, signature, force))
            {
                Failure.OfFiles($"cannot remove {signed}", () => { File.Delete(signed); return signed; });
                output.Line($"{signed}: removed, because it signed another manifest");
            }

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
            if (signature != null)
            {
                OutputFile.Write(signed, signature);
                output.Line($"{signed}: signed manifest, {signature.Length} of {Jws.MaxLength} bytes");
            }

            output.Json(new JsonObject { ["manifest"] = manifest, ["signed"] = signature == null ? null : signed, ["target"] = package.Target, ["files"] = files, ["patches"] = patches });
        }
    }
}
