using System.Text.Encodings.Web;
using System.Text.Json;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.Tool.Packing
{
    /// <summary>An update as devices fetch it: a manifest and the images it names. The same images and update requests give the same bytes.</summary>
    internal sealed class Package
    {
        private readonly List<(string Name, PackedImage Image)> _files = [];
        private readonly List<string> _leftOut = [];
        private readonly string _stem;

        private Package(SemanticVersion version, string target)
        {
            _stem = version.FileStem;
            Target = target;
            Version = version;
            ManifestName = version.FileStem + ".json";
        }

        /// <summary>The manifest's file name, for example <c>v1_1_0.json</c>.</summary>
        public string ManifestName { get; }

        /// <summary>The signed manifest's file name, for example <c>v1_1_0.jws</c>.</summary>
        public string SignatureName => _stem + ".jws";

        /// <summary>The version that a device has after the update.</summary>
        public SemanticVersion Version { get; }

        /// <summary>The firmware target that the update is for.</summary>
        public string Target { get; }

        /// <summary>The manifest's counter; null: none.</summary>
        public uint? Counter { get; private init; }

        /// <summary>The manifest.</summary>
        public byte[] Manifest { get; private set; } = [];

        /// <summary>The images with their file names.</summary>
        public IReadOnlyList<(string Name, PackedImage Image)> Files => _files;

        /// <summary>The patches with their file names.</summary>
        public IEnumerable<(string Name, PackedPatch Patch)> Patches => Files.SelectMany(file => file.Image.Delta?.Patches ?? []).Select(patch => (patch.FileName(_stem), patch));

        /// <summary>All its files in the order in which they are written: images, patches, the manifest last, so that who finds it finds all it names.</summary>
        public IEnumerable<(string Name, byte[] Bytes)> Content => [.. Files.Select(file => (file.Name, file.Image.File)), .. Patches.Select(patch => (patch.Name, patch.Patch.Bytes)), (ManifestName, Manifest)];

        /// <summary>What had to be left out so that the manifest can be signed, for the user.</summary>
        public IReadOnlyList<string> LeftOut => _leftOut;

        /// <summary>Makes a package.</summary>
        /// <param name="images">A deployment, a firmware, files for other components: each component once.</param>
        /// <param name="version">The version that a device has after the update. Its a.b.c must be the deployment's own, or without one the firmware's.</param>
        /// <param name="target">The target that the update is for.</param>
        /// <param name="counter">The manifest's counter; null: none.</param>
        /// <param name="allowDowngrade">Whether devices that run a newer version take it, too.</param>
        /// <param name="members">What the manifest says besides; null: nothing.</param>
        /// <exception cref="Failure">The images do not go together, or are of another version.</exception>
        public static Package Make(IReadOnlyList<PackedImage> images, string version, string target, uint? counter, bool allowDowngrade = false, ManifestMembers? members = null)
        {
            SemanticVersion parsed = SemanticVersion.Parse(version)
                ?? throw new Failure(ExitCode.Usage, $"'{version}' is no semantic version of at most {SemanticVersion.MaxLength} characters, such as 1.1.0 or 1.1.0-rc.1.");
            if (target.Length == 0)
            {
                throw new Failure(ExitCode.Usage, "--target is empty: such an update would be for every target.");
            }

            RequireEachOnce(images);
            PackedImage? deployment = images.FirstOrDefault(image => image.Id == ManifestComponent.Deployment);
            PackedImage? clr = images.FirstOrDefault(image => image.Id == ManifestComponent.Clr);
            PackedImage first = deployment ?? clr ?? images[0];
            if (first.Version != parsed.Core && first.IsFirmware)
            {
                throw new Failure(ExitCode.Unsound, $"the {first.Id}'s own version is {first.Version}, not {parsed.Core}: devices refuse an image whose version is not the manifest's.");
            }

            RequireNatives(deployment, clr);
            var package = new Package(parsed, target) { Counter = counter };
            foreach (PackedImage image in images.OrderBy(image => image == first ? 0 : 1))
            {
                string extension = image.Encrypted == null ? ".bin" : ".enc";
                package._files.Add((parsed.FileStem + (image == first ? extension : $".{image.Id}{extension}"), image));
            }

            if (package._files.Count > UpdateManifest.MaxComponents)
            {
                throw new Failure(ExitCode.Usage, $"{package._files.Count} components are given; a manifest has {UpdateManifest.MaxComponents} at the most.");
            }

            package.Manifest = package.Write(version, target, counter, allowDowngrade, members ?? ManifestMembers.None);
            while (package.Manifest.Length > PackedDelta.MaxManifest && package.Shorten())
            {
                package.Manifest = package.Write(version, target, counter, allowDowngrade, members ?? ManifestMembers.None);
            }

            ResultCode code = ManifestReader.Read(package.Manifest, 0, package.Manifest.Length, out _);
            return code switch
            {
                ResultCode.None => package,
                ResultCode.ManifestTooLarge => throw new Failure(ExitCode.Usage, $"the manifest has {package.Manifest.Length} bytes; devices read {UpdateManifest.MaxLength}. Shorten descriptions and annotations, leave --sha512 out, or encrypt for fewer keys."),
                _ => throw new Failure(ExitCode.Usage, $"no device would read such a manifest ({ResultText.Name(code)}). Is the target '{target}' right, and is no text longer than 64 characters?"),
            };
        }

        /// <summary>Refuses two images of one component.</summary>
        /// <exception cref="Failure">There are two.</exception>
        public static void RequireEachOnce(IReadOnlyList<PackedImage> images)
        {
            if (images.DistinctBy(image => image.Id).Count() < images.Count)
            {
                throw new Failure(ExitCode.Usage, "an update has each component once: at most one deployment, one firmware, and one file for each other id.");
            }
        }

        // One patch less, or one image's parts; false when there is nothing to leave out.
        private bool Shorten()
        {
            int at = _files.FindIndex(file => file.Image.Delta != null);
            if (at < 0)
            {
                return false;
            }

            (string name, PackedImage image) = _files[at];
            _files[at] = (name, image with { Delta = image.Delta!.Less(out string left) });
            _leftOut.Add(left);
            return true;
        }

        private static void RequireNatives(PackedImage? deployment, PackedImage? clr)
        {
            if (deployment == null || clr == null)
            {
                return;
            }

            NativesDescriptor natives = EspImage.Read(clr.Bytes).Natives ?? NativesDescriptor.Empty;
            if (Deployment.Read(deployment.Bytes).CheckNatives(natives).FirstOrDefault(check => !check.Ok) is { } failed)
            {
                throw new Failure(ExitCode.Unsound, $"the firmware would not start the deployment: {failed.Sentence}");
            }
        }

        private byte[] Write(string version, string target, uint? counter, bool allowDowngrade, ManifestMembers members)
        {
            using var text = new MemoryStream();
            using (var json = new Utf8JsonWriter(text, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            {
                json.WriteStartObject();
                json.WriteNumber("schema", 1);
                json.WriteString("version", version);
                if (counter != null)
                {
                    json.WriteNumber("counter", counter.Value);
                }

                members.WriteTo(json);
                if (allowDowngrade)
                {
                    json.WriteBoolean("allowDowngrade", true);
                }

                json.WriteStartObject("compatibility");
                json.WriteString("target", target);
                json.WriteEndObject();
                json.WriteStartArray("components");
                foreach ((string name, PackedImage image) in Files)
                {
                    json.WriteStartObject();
                    json.WriteString("id", image.Id);
                    json.WriteString("version", image.Version);
                    json.WriteNumber("size", image.Bytes.Length);
                    json.WriteString("sha256", image.Sha256);
                    if (members.HasSha512)
                    {
                        json.WriteString("sha512", image.Sha512);
                    }

                    json.WriteStartArray("urls");
                    foreach (string url in members.Of(image.Id).UrlsOf(name, members.Mirrors))
                    {
                        json.WriteStringValue(url);
                    }

                    json.WriteEndArray();
                    members.Of(image.Id).WriteTo(json);
                    if (image.Encrypted != null)
                    {
                        json.WritePropertyName("encryption");
                        json.WriteRawValue(image.Encrypted.Json);
                    }

                    image.Delta?.WriteTo(json, _stem);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
                json.WriteEndObject();
            }

            text.WriteByte((byte)'\n');
            return text.ToArray();
        }
    }
}
