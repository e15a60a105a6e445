using System.Text;
using nanoOta.VirtualDevice.Deltas;

namespace nanoOta.VirtualDevice.Images
{
    /// <summary>A manifest as a file, read as a device reads it.</summary>
    internal static class ManifestFile
    {
        /// <summary>Whether these bytes look like a manifest, sound or not: an object that names what manifests have.</summary>
        public static bool IsOne(ReadOnlySpan<byte> bytes)
        {
            // A byte order mark is white space to editors, and an error to devices.
            return bytes.TrimStart("\uFEFF \t\r\n"u8).StartsWith("{"u8) && (bytes.IndexOf("\"schema\""u8) >= 0 || bytes.IndexOf("\"components\""u8) >= 0);
        }

        /// <summary>Reads and reports it.</summary>
        public static ImageReport Report(ReadOnlySpan<byte> file)
        {
            byte[] bytes = ByteOrderMark.Skip(file.ToArray());
            ResultCode code = ManifestReader.Read(bytes, 0, bytes.Length, out UpdateManifest? manifest);
            List<ImageCheck> checks = [ImageCheck.Of("Schema", code == ResultCode.None, "Every member is as schema 1 has it.", $"{ResultText.Name(code)}: {ResultText.Sentence(code)}")];
            if (manifest == null)
            {
                return new ImageReport(ImageKind.Manifest, "manifest", "", [new("Length", $"{file.Length} bytes")], [], checks);
            }

            checks.Add(ImageCheck.Of("Compatibility", !manifest.AsksUnknown, "Only what devices know is asked of them.", "It asks for a property that devices do not know: they refuse it."));
            string version = manifest.Version.Text;
            List<ImageFact> facts =
            [
                new("Version", version),
                new("Counter", $"{manifest.Counter}"),
                new("Target", manifest.Target.Length == 0 ? "any" : manifest.Target),
                new("Downgrade", manifest.AllowDowngrade ? "allowed" : "not allowed"),
            ];
            Add(facts, "Provider", manifest.Provider);
            Add(facts, "Name", manifest.Name);
            Add(facts, "Not before", Time(manifest.NotBefore));
            Add(facts, "Expires", Time(manifest.Expires));
            IReadOnlyList<ManifestDelta> deltas = ManifestDelta.Read(bytes);
            checks.AddRange(DeltaChecks(deltas));
            foreach (ManifestComponent component in manifest.Components)
            {
                if (ManifestEncryption.Of(component) is { } encryption)
                {
                    checks.Add(ImageCheck.Of($"Encryption of {component.Id}", encryption.Fault == null, "A device with one of the keys can open it.", encryption.Fault ?? ""));
                }
            }

            IEnumerable<string> contents = manifest.Components.SelectMany(component => (string[])[Line(component), .. EncryptionLines(component), .. deltas.Where(delta => delta.Component == component.Id).SelectMany(DeltaLines)]);
            return new ImageReport(ImageKind.Manifest, $"manifest of version {version}", version, facts, [.. contents], checks);
        }

        private static void Add(List<ImageFact> facts, string name, string value)
        {
            if (value.Length > 0)
            {
                facts.Add(new ImageFact(name, value));
            }
        }

        private static string Time(long seconds)
        {
            return seconds == 0 ? "" : UtcTime.Format(seconds);
        }

        private static IEnumerable<ImageCheck> DeltaChecks(IReadOnlyList<ManifestDelta> deltas)
        {
            return deltas.Count == 0 ? [] : ImageCheck.ForEach("Parts and patches", [.. deltas.SelectMany(delta => delta.Faults)], "They are as devices read them.");
        }

        private static IEnumerable<string> EncryptionLines(ManifestComponent component)
        {
            return ManifestEncryption.Of(component) is { } encryption ? ["  " + encryption.Line] : [];
        }

        private static IEnumerable<string> DeltaLines(ManifestDelta delta)
        {
            if (delta.Parts != null)
            {
                yield return $"  {delta.Parts.Count} {(delta.Parts.Count == 1 ? "part" : "parts")}: {ImageParts.IdOf(delta.Parts)}";
            }

            foreach (ManifestPatch patch in delta.Patches)
            {
                yield return $"  patch from {patch.From}: {patch.Size} bytes, SHA-256 {patch.Sha256}, {patch.Url.Split('?')[0]}";
            }
        }

        // What a URL's query says may be a secret.
        private static string Line(ManifestComponent component)
        {
            var line = new StringBuilder($"{component.Id} {component.Version.Text}, {component.Size} bytes, SHA-256 {Convert.ToHexStringLower(component.Sha256)}, from ");
            line.AppendJoin(" or ", component.Urls.Select(url => url.Split('?')[0]));
            for (int i = 0; i < component.RequiredIds.Length; i++)
            {
                line.Append($", needs {component.RequiredIds[i]} {component.RequiredVersions[i].Text}");
            }

            return line.ToString();
        }
    }
}
