using System.Globalization;
using System.Text.Json.Nodes;
using nanoOta.Tool.DeviceUpdates;
using nanoOta.Tool.Packing;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.Tool.Releases
{
    /// <summary>The files of a release: a folder of the version, and in it one for each layout.</summary>
    /// <param name="stem">The version's file stem, for example <c>v1_1_0</c>.</param>
    /// <param name="created">When the release is made: UTC, as text.</param>
    internal sealed class ReleaseFiles(string stem, string created)
    {
        private readonly SortedDictionary<string, byte[]> _files = new(StringComparer.Ordinal);
        private readonly List<(string Name, byte[] Bytes)> _manifests = [];
        private readonly List<PackedImage> _images = [];

        /// <summary>When the release is made: UTC, as text.</summary>
        public string Created => created;

        /// <summary>The files, manifests last: who finds one finds all it names. Names have slashes for folders.</summary>
        public IEnumerable<(string Name, byte[] Bytes)> Content => [.. _files.Select(file => (file.Key, file.Value)), .. _manifests];

        /// <summary>The time of a release that says none: SOURCE_DATE_EPOCH, else now. UTC, as text.</summary>
        /// <exception cref="Failure">SOURCE_DATE_EPOCH is no number of seconds.</exception>
        public static string Now()
        {
            string? epoch = Environment.GetEnvironmentVariable("SOURCE_DATE_EPOCH");
            return Text(epoch == null ? DateTimeOffset.UtcNow
                : long.TryParse(epoch, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds) && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds() ? DateTimeOffset.FromUnixTimeSeconds(seconds)
                : throw new Failure(ExitCode.Usage, $"SOURCE_DATE_EPOCH is '{epoch}', which is no number of seconds since 1970."));
        }

        /// <summary>Adds the update of a layout.</summary>
        public void Add(FlashLayout layout, Package package, byte[]? signature)
        {
            _images.AddRange(package.Files.Select(file => file.Image));
            foreach ((string name, byte[] bytes) in package.Content.Where(file => file.Name != package.ManifestName))
            {
                _files[Name(layout, name)] = bytes;
            }

            _manifests.Add((Name(layout, package.ManifestName), package.Manifest));
            if (signature != null)
            {
                _manifests.Add((Name(layout, package.SignatureName), signature));
            }
        }

        /// <summary>Adds the import manifest of a layout, for Device Update.</summary>
        /// <exception cref="Failure">The service would refuse it.</exception>
        public void AddImport(FlashLayout layout, Package package, ManifestMembers names, string[] images, string[] properties)
        {
            var id = new JsonObject { ["provider"] = names.Provider, ["name"] = names.Name, ["version"] = package.Version.Core };
            UtcTime.TryParse(created, out long seconds);
            JsonObject manifest = ImportManifest.Make(images, id, ImportManifest.Compatibility(properties), ImportManifest.Handler, null, DateTimeOffset.FromUnixTimeSeconds(seconds).UtcDateTime);

            // The files are uploaded as they lie in the release.
            foreach ((JsonNode? file, JsonNode? step) in manifest["files"]!.AsArray().Zip(manifest["instructions"]!["steps"]!.AsArray()))
            {
                string hash = Convert.ToHexStringLower(Convert.FromBase64String((string)file!["hashes"]!["sha256"]!));
                string name = package.Files.First(packed => packed.Image.Sha256 == hash).Name;
                file["filename"] = name;
                step!["files"] = new JsonArray(name);
            }

            _files[Name(layout, stem + ".importmanifest.json")] = ImportManifestCheck.Run(manifest, out IReadOnlyList<string> warnings).Concat(warnings).FirstOrDefault() is { } fault
                ? throw new Failure(ExitCode.Usage, $"Device Update would refuse it: {fault}") : JsonFile.ToBytes(manifest);
        }

        /// <summary>Adds the base image of a layout, in a folder <c>flash</c>.</summary>
        public void AddBase(FlashLayout layout, FlashImage image)
        {
            foreach ((string name, byte[] bytes) in image.Content)
            {
                _files[Name(layout, "flash/" + name)] = bytes;
            }
        }

        /// <summary>Adds the CycloneDX list of everything that was added.</summary>
        /// <param name="name">The product's name; null: the application's.</param>
        /// <param name="version">The release.</param>
        public void AddSbom(string? name, string version)
        {
            _files[$"{stem}/sbom.cdx.json"] = Sbom.Make(name, version, [.. _images.DistinctBy(image => image.Sha256)], created);
        }

        private string Name(FlashLayout layout, string name) => $"{stem}/{layout.Name}/{name}";

        private static string Text(DateTimeOffset time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
    }
}
