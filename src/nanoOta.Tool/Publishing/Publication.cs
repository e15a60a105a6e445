using nanoOta.Tool.Packing;
using nanoOta.VirtualDevice.Deltas;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.Tool.Publishing
{
    /// <summary>What is published: files in the order in which they are written, so that who finds a manifest finds all it names.</summary>
    /// <param name="Files">Names and contents, manifests last.</param>
    /// <param name="Versions">The versions whose manifests are among them.</param>
    internal sealed record Publication(IReadOnlyList<(string Name, byte[] Bytes)> Files, IReadOnlyList<SemanticVersion> Versions)
    {
        /// <summary>What a package and its signature consist of.</summary>
        public static Publication Of(Package package, byte[]? signature)
        {
            return new Publication([.. package.Content, .. signature == null ? [] : new[] { (package.SignatureName, signature) }], [package.Version]);
        }

        /// <summary>The versions that lie in a folder, each checked against its files.</summary>
        /// <param name="folder">The folder.</param>
        /// <param name="version">The one version that is meant; null: all.</param>
        /// <exception cref="Failure">There is none, or a file is missing or not the one that its manifest names.</exception>
        public static Publication In(string folder, string? version)
        {
            string[] paths = Failure.OfFiles($"cannot read {folder}", () => Directory.GetFiles(folder).Where(path => ManifestText.IsCandidate(path) && new FileInfo(path).Length <= ManifestText.MaxFile).Order(StringComparer.Ordinal).ToArray());
            var images = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
            List<(string, byte[])> manifests = [];
            List<SemanticVersion> versions = [];
            foreach (string path in paths)
            {
                byte[] bytes = InputFile.Bytes(path);
                ImageReport report = ImageFile.Identify(bytes);
                if (report.Kind is not (ImageKind.Manifest or ImageKind.Signed) || report.Version.Length == 0 || (version != null && report.Version != version))
                {
                    continue;
                }

                IReadOnlyList<ImageCheck> checks = NeighbourCheck.Run(path, bytes, [], out IReadOnlyList<string> absent);
                ImageCheck? failed = report.Checks.Concat(checks).Concat(PatchCheck.Run(path, bytes)).FirstOrDefault(check => !check.Ok);
                if (absent.Count > 0 || failed != null)
                {
                    throw new Failure(ExitCode.Unsound, failed == null ? $"{path} names {absent[0]}, which does not lie beside it." : $"{path}: {failed.Name}: {failed.Sentence}");
                }

                foreach (string name in checks.Where(check => !check.Name.EndsWith(".json", StringComparison.Ordinal) && !check.Name.EndsWith(".jws", StringComparison.Ordinal)).Select(check => check.Name))
                {
                    images[name] = InputFile.Bytes(Path.Combine(folder, name));
                }

                // A device that finds no patch fetches the whole image.
                foreach (ManifestPatch patch in ManifestDelta.Read(ManifestText.Of(bytes)).SelectMany(delta => delta.Patches).Where(patch => ManifestText.IsBeside(patch.Url) && File.Exists(Path.Combine(folder, patch.Url))))
                {
                    images[patch.Url] = InputFile.Bytes(Path.Combine(folder, patch.Url));
                }

                manifests.Add((Path.GetFileName(path), bytes));
                SemanticVersion parsed = SemanticVersion.Parse(report.Version)!;
                if (versions.All(known => known.Text != parsed.Text))
                {
                    versions.Add(parsed);
                }
            }

            return manifests.Count > 0 ? new Publication([.. images.Select(image => (image.Key, image.Value)), .. manifests], versions)
                : throw new Failure(ExitCode.NoTarget, version == null ? $"{folder} holds no manifest: pack an update into it first." : $"{folder} holds no manifest of version {version}.");
        }
    }
}
