using nanoOta.VirtualDevice.Deltas;

namespace nanoOta.Tool.Packing
{
    /// <summary>Finds what <c>--from</c> names: deployments, manifests with a deployment beside them, or folders of releases.</summary>
    internal sealed class Predecessors(SemanticVersion version, int most, Action<string> tell)
    {
        /// <summary>How many releases of a folder are taken when the user does not say (docs/delta.md has the figures).</summary>
        public const int DefaultMost = 4;

        // 'nanoota release' writes v1_1_0/esp32-4mb/v1_1_0.json.
        private const int FolderDepth = 2;

        private readonly List<Predecessor> _found = [];

        /// <summary>Reads what the user names, in that order; of a folder the releases with the highest versions first.</summary>
        /// <exception cref="Failure">A file cannot be read or is none of these; a folder holds no release.</exception>
        public IReadOnlyList<Predecessor> Read(IEnumerable<string> paths)
        {
            foreach (string path in paths)
            {
                if (Directory.Exists(path))
                {
                    ReadFolder(path);
                }
                else
                {
                    ReadFile(path);
                }
            }

            return _found;
        }

        private void ReadFile(string path)
        {
            (string name, string stem, byte[] bytes) = Release.Deployment(path);
            Add(name, stem, bytes);
        }

        private void ReadFolder(string folder)
        {
            List<Release> releases = ReleasesIn(folder, 0);
            releases = releases.Count > 0 ? releases : ReleasesIn(folder, FolderDepth);
            int taken = 0;
            foreach (Release release in releases.DistinctBy(release => release.Version.Text).Where(release => release.Version.CompareTo(version) != 0)
                .OrderByDescending(release => release.Version, Comparer<SemanticVersion>.Create((a, b) => a.CompareTo(b))).TakeWhile(_ => taken < most))
            {
                if (release.Image() is { } image)
                {
                    taken += Add(release.Version.Text, release.Version.FileStem, image) ? 1 : 0;
                }
                else
                {
                    tell($"No patch from {release.Version.Text}: {release.Fault}");
                }
            }

            if (releases.Count == 0)
            {
                throw new Failure(ExitCode.Usage, $"{folder} holds no release: no manifest (.json or .jws) of a deployment. --from takes the folder that 'nanoota pack' or 'nanoota release' wrote former releases to.");
            }
        }

        private static List<Release> ReleasesIn(string folder, int depth)
        {
            var options = new EnumerationOptions { RecurseSubdirectories = depth > 0, MaxRecursionDepth = depth, AttributesToSkip = FileAttributes.None };
            return Failure.OfFiles($"cannot read {folder}", () => Directory.GetFiles(folder, "*", options).Order(StringComparer.Ordinal)
                .Where(ManifestText.IsCandidate).Select(path => Release.Read(path, InputFile.Bytes(path))).OfType<Release>().ToList());
        }

        // An image counts once, whatever it is called.
        private bool Add(string name, string stem, byte[] bytes)
        {
            ImageParts? parts = ImageParts.Read(bytes);
            if (parts == null || _found.Any(other => other.Parts.Id == parts.Id))
            {
                return false;
            }

            _found.Add(new Predecessor(name, _found.Any(other => other.Stem == stem) ? $"{stem}-{parts.Id[..8]}" : stem, bytes, parts));
            return true;
        }
    }
}
