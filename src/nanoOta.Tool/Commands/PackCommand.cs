using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using nanoOta.Tool.Packing;
using nanoOta.Tool.Releases;
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
            var images = new Argument<string[]>("IMAGE") { Description = "A deployment or an ESP application image (the firmware), or ID=FILE for a component of another module; ID@VERSION=FILE when it has another version than the release.", Arity = ArgumentArity.OneOrMore };
            var version = new Option<string>("--version") { Description = "The version to publish: the image's own a.b.c, perhaps with a pre-release part.", Required = true };
            var folder = new Option<string>("--out") { Description = "The folder to write to; it is made when it is not there.", Required = true };
            var counter = new Option<string?>("--counter") { Description = "The manifest's counter; it must rise with each release, rollbacks included. next: the number after the last one given, kept in the record of releases." };
            var layout = new Option<string?>("--layout") { Description = $"The flash layout that the images must fit: {LayoutName.All}." };
            var target = new Option<string?>("--target") { Description = $"The firmware target that the update is for; that of the layout, or {DefaultTarget}, when not given." };
            var board = new Option<string?>("--board") { Description = "A board configuration that the update is checked against: components, slot sizes, requirements." };
            var aos = new Option<string?>("--from-aos") { Description = "An AosEdge update document: its image version becomes the counter, its sizes and checksums are compared with the files." };
            var patches = new PatchOptions();
            var encryption = new EncryptionOptions();
            var allowDowngrade = new Option<bool>("--allow-downgrade") { Description = "Let devices that run a newer version take this one; needs a --counter above the highest one published." };
            var records = new RecordOptions();
            var members = new ManifestMemberOptions();
            var components = new ComponentMemberOptions();
            var bundle = new Option<string?>("--bundle") { Description = "Write all into one file as well: a tar archive, for devices that update from an SD card or a USB drive." };
            var key = new Option<string?>("--key") { Description = "Sign the manifest in one go with this private key: writes v1_1_0.jws beside it." };
            var kid = new Option<string?>("--kid") { Description = "With --key: the id that devices know the key by; its own when not given." };
            var force = new Option<bool>("--force") { Description = "Replace a version that the folder holds with other content, and remove a signature that no longer fits." };
            var command = new Command("pack", """
                Pack images into an update: writes v1_1_0.bin and the manifest v1_1_0.json, to be put into the container that updateUrl names; with --from also patches, v1_1_0.from-v1_0_0.lz4. Refuses what devices would refuse. The same input gives the same bytes. A version that the folder holds with other content is not replaced without --force.

                Example: nanoota pack app.bin --version 1.1.0 --layout esp32-4mb --from firmware --key release.pem --out firmware

                Example: nanoota pack app.bin nanoCLR.bin motor=motor.bin ca=root.pem --version 1.1.0 --board washer.json --counter next --bundle washer.tar --out firmware
                """) { images, version, folder, counter, layout, target, board, aos, allowDowngrade, bundle, key, kid, force };
            counter.Validators.Add(given =>
            {
                if (given.GetValueOrDefault<string?>() is { } text && text != "next" && !uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _))
                {
                    given.AddError($"--counter is '{text}', which is neither 'next' nor a number from 0 to {uint.MaxValue}.");
                }
            });
            members.AddTo(command);
            components.AddTo(command);
            patches.AddTo(command);
            encryption.AddTo(command);
            records.AddTo(command);
            return line.On(command, async (result, output, stop) =>
            {
                PackageFolder.RequireKey(result.GetValue(key), result.GetValue(kid));
                BoardFile? against = result.GetValue(board) is { } boardPath ? BoardFile.Read(boardPath) : null;
                AosDocument? document = result.GetValue(aos) is { } aosPath ? AosDocument.Read(aosPath) : null;
                FlashLayout? fit = (against == null ? result.GetValue(layout) : against.Same("layout", result.GetValue(layout), against.Layout)) is { } name ? LayoutName.Find(name) : null;
                string? wanted = against == null ? result.GetValue(target) : against.Same("target", result.GetValue(target), against.Target);
                string release = result.GetRequiredValue(version);
                PackedImage[] read = [.. result.GetRequiredValue(images).Select(path => PackInput.Read(path, fit, release))];
                Package.RequireEachOnce(read);
                read = document == null ? read : document.Match(read);
                read = encryption.Apply(result, patches.Apply(result, read, release, output));
                ManifestMembers said = components.Add(result, members.Read(result) with { Components = document?.Components ?? [] }, [.. read.Select(image => image.Id)]);
                said = against == null ? said : against.Apply(read, said);
                bool downgrade = result.GetValue(allowDowngrade);
                string? number = result.GetValue(counter) ?? (document == null ? null : $"{document.Counter}");
                if (downgrade && number == null)
                {
                    throw new Failure(ExitCode.Usage, "--allow-downgrade needs --counter: devices take an older version only with a counter above the highest one they have applied.");
                }

                string place = result.GetRequiredValue(folder);
                string? file = result.GetValue(bundle);
                RequireBundle(file, place);
                Package Make(uint? given) => Package.Make(read, release, wanted ?? fit?.Target ?? DefaultTarget, given, downgrade, said);
                ReleaseEntry Entry(uint given) => ReleaseEntry.Of(release, given, null, Make(given).Content);
                using ReleaseRecord? record = OpenRecord(records, result, output, place, number);
                record?.RequireProduct(said.Provider, said.Name);
                uint published = record == null ? 0 : await records.PublishedAsync(result, line.SettingsOf(result), place, output, stop);
                uint? count = number == null ? null : number != "next" ? uint.Parse(number, CultureInfo.InvariantCulture)
                    : record!.FindLast(Entry) is { } last && last.Counter >= published ? last.Counter : record.Next(published);
                var package = Make(count);
                byte[]? signature = result.GetValue(key) is { } path ? PackageFolder.Sign(package, path, result.GetValue(kid)) : null;
                Write(output, package, signature, place, result.GetValue(force), () => record?.Give(Entry(count!.Value), published));
                if (file != null)
                {
                    WriteBundle(output, package, signature, place, file);
                }

                if (wanted == null && fit == null)
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

        // A record is kept where counters come from it, and wherever one lies already.
        private static ReleaseRecord? OpenRecord(RecordOptions records, ParseResult result, Output output, string folder, string? counter)
        {
            bool isThere = File.Exists(records.PathOf(result, folder));
            if (counter is null or "0")
            {
                if (records.IsNamed(result))
                {
                    throw new Failure(ExitCode.Usage, "--record keeps counters, and this update has none: add --counter next.");
                }

                if (isThere)
                {
                    output.Line($"Note: {records.PathOf(result, folder)} has given counters, and this update has none: devices that applied one refuse it (CounterTooLow). Add --counter next.");
                }

                return null;
            }

            if (counter != "next" && !isThere && !records.IsNamed(result))
            {
                return null;
            }

            Failure.OfFiles($"cannot make {folder}", () => Directory.CreateDirectory(folder));
            return records.Open(result, folder, output);
        }

        // Before anything is written: a slip of the hand must not cost an image or a key.
        private static void RequireBundle(string? file, string place)
        {
            if (string.IsNullOrEmpty(file))
            {
                if (file != null)
                {
                    throw new Failure(ExitCode.Usage, "--bundle is empty: name the bundle's file, such as washer.tar.");
                }

                return;
            }

            if (File.Exists(file) && !BundleFile.IsOne(InputFile.Bytes(file)))
            {
                throw new Failure(ExitCode.Conflict, $"{file} exists and is no bundle, so it is not overwritten. Name another file by --bundle, such as washer.tar.");
            }

            string full = Path.GetFullPath(file);
            string own = Path.TrimEndingDirectorySeparator(Path.GetFullPath(place));
            string? folder = Path.GetDirectoryName(full);
            bool isFolder = Directory.Exists(full) || full == own;
            if (isFolder || (folder != own && !Directory.Exists(folder)))
            {
                throw new Failure(ExitCode.Usage, $"--bundle {file} cannot be written: {(isFolder ? "it is a folder" : $"there is no folder {folder}")}.");
            }

            if (folder == own && !BundleFile.IsLookedAt(Path.GetFileName(full)))
            {
                throw new Failure(ExitCode.Usage, $"--bundle {file} lies among the update's own files: name it *.tar there.");
            }
        }

        private static void WriteBundle(Output output, Package package, byte[]? signature, string folder, string file)
        {
            string list = Path.Combine(folder, "keys.jws");
            byte[] bytes = Bundle.Make(package, signature, File.Exists(list) ? InputFile.Bytes(list) : null);
            OutputFile.Write(file, bytes);
            output.Line($"{file}: bundle, {bytes.Length} bytes");
            string name = Path.GetFileName(file);
            if (!BundleFile.IsLookedAt(name))
            {
                output.Line($"Note: devices look for *.tar with letters, digits, '.', '_' and '-' in the name: they pass {name} over. Rename it.");
            }
        }

        // The manifest last: who finds it finds all it names.
        private static void Write(Output output, Package package, byte[]? signature, string folder, bool force, Action giveCounter)
        {
            Failure.OfFiles($"cannot make {folder}", () => Directory.CreateDirectory(folder));
            var place = new PackageFolder(folder);
            string signed = place.SignatureOf(package);
            bool isStale = place.Check(package, signature, force);

            // Before the files: a number that nobody used is lost, one that was used must not be given again.
            giveCounter();
            if (isStale)
            {
                Failure.OfFiles($"cannot remove {signed}", () => { File.Delete(signed); return signed; });
                output.Line($"{signed}: removed, because it signed another manifest");
            }

            var files = new JsonArray();
            foreach ((string name, PackedImage image) in package.Files)
            {
                string path = Path.Combine(folder, name);
                OutputFile.Write(path, image.File);
                string fit = image.Slot == null ? "" : $"; {image.Slot.Label} has {image.Slot.Size}, {image.Slot.Size - image.Bytes.Length} left";
                output.Line($"{path}: {image.Id} {image.Version}, {image.Bytes.Length} bytes{fit}{(image.Encrypted == null ? "" : $"; encrypted for {string.Join(", ", image.Encrypted.KeyIds)}")}");
                var entry = new JsonObject { ["file"] = path, ["component"] = image.Id, ["version"] = image.Version, ["size"] = image.Bytes.Length, ["sha256"] = image.Sha256 };
                if (image.Slot != null)
                {
                    entry["slotSize"] = image.Slot.Size;
                }

                if (image.Encrypted != null)
                {
                    entry["encryptedFor"] = new JsonArray([.. image.Encrypted.KeyIds.Select(id => (JsonNode)id)]);
                }

                if (image.Encrypted != null && File.Exists(Path.ChangeExtension(path, ".bin")))
                {
                    output.Line($"{Path.ChangeExtension(path, ".bin")} lies there as well and is not encrypted: remove it before others can read the folder.");
                }

                files.Add(entry);
            }

            JsonArray patches = PatchOptions.Write(output, package, folder);
            string manifest = Path.Combine(folder, package.ManifestName);
            OutputFile.Write(manifest, package.Manifest);
            output.Line($"{manifest}: manifest for {package.Target}, {package.Manifest.Length} bytes");
            if (signature != null)
            {
                OutputFile.Write(signed, signature);
                output.Line($"{signed}: signed manifest, {signature.Length} of {Jws.MaxLength} bytes");
            }

            output.Json(new JsonObject { ["manifest"] = manifest, ["signed"] = signature == null ? null : signed, ["target"] = package.Target, ["counter"] = package.Counter, ["files"] = files, ["patches"] = patches });
        }
    }
}
