using nanoOta.Tool.Packing;
using nanoOta.Tool.Publishing;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.Tool.Fleet
{
    /// <summary>Files that <c>release</c> or <c>pack</c> made, which are deployed as they are.</summary>
    internal sealed class ReleaseToDeploy : IDeployable
    {
        private readonly Publication _publication;
        private readonly UpdateManifest _manifest;

        private ReleaseToDeploy(Publication publication, UpdateManifest manifest)
        {
            _publication = publication;
            _manifest = manifest;
        }

        /// <inheritdoc/>
        public SemanticVersion Version => _manifest.Version;

        /// <inheritdoc/>
        public bool AllowsDowngrade => _manifest.AllowDowngrade;

        /// <summary>Whether a path is a folder, a manifest or a signed manifest, and no image.</summary>
        public static bool Is(string path)
        {
            return Directory.Exists(path) || (Path.GetExtension(path) is ".json" or ".jws" && ImageFile.Identify(InputFile.Bytes(path)).Kind is ImageKind.Manifest or ImageKind.Signed);
        }

        /// <summary>Reads a version's files, each checked against the manifest.</summary>
        /// <param name="path">The folder, or a manifest in it.</param>
        /// <param name="version">The version.</param>
        /// <exception cref="Failure">They are not there, or not those of the manifest.</exception>
        public static ReleaseToDeploy Read(string path, SemanticVersion version)
        {
            string folder = Directory.Exists(path) ? path : Path.GetDirectoryName(Path.GetFullPath(path))!;
            Publication publication = Publication.In(folder, version.Text);
            foreach ((string _, byte[] bytes) in publication.Files.Where(file => Path.GetExtension(file.Name) is ".json" or ".jws"))
            {
                byte[] text = ManifestText.Of(bytes);
                if (ManifestReader.Read(text, 0, text.Length, out UpdateManifest? manifest) == ResultCode.None)
                {
                    return new ReleaseToDeploy(publication, manifest!);
                }
            }

            throw new Failure(ExitCode.NoTarget, $"{folder} holds no manifest of version {version.Text} that devices would read.");
        }

        /// <inheritdoc/>
        public async Task<uint?> PublishAsync(IContainer container, uint highest, bool isDry, Output output, CancellationToken stop)
        {
            CounterRule.Require(Version, _manifest.Counter, highest, AllowsDowngrade, "Release it again under a new version, with a higher counter.");
            await new Publisher(container, output).PublishAsync(_publication, isDry, stop).ConfigureAwait(false);
            return _manifest.Counter == 0 ? null : _manifest.Counter;
        }
    }
}
