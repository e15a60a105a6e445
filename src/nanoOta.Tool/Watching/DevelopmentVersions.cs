using nanoOta.Tool.Packing;
using nanoOta.VirtualDevice.Cloud;
using nanoOta.VirtualDevice.Deltas;

namespace nanoOta.Tool.Watching
{
    /// <summary>
    /// The folder of what builds were packed into: versions such as 1.2.0-dev.7, whose last number is the manifest's counter and
    /// rises with each build, whatever becomes of a.b.c. The last few are kept.
    /// </summary>
    internal sealed class DevelopmentVersions
    {
        private const int Kept = 3;

        private readonly string _folder;
        private readonly Func<string, byte[]?> _files;

        /// <summary>Goes on with what is in the folder.</summary>
        /// <param name="folder">The folder; it is made when it is not there.</param>
        /// <exception cref="Failure">It cannot be made or read.</exception>
        public DevelopmentVersions(string folder)
        {
            Failure.OfFiles($"cannot make {folder}", () => Directory.CreateDirectory(folder));
            _folder = folder;
            _files = FileServer.Folder(folder);
            Newest = Failure.OfFiles($"cannot read {folder}", Manifests).MaxBy(manifest => manifest!.Value.Read.Counter);
        }

        /// <summary>Holds a folder against another 'nanoota watch': both would give the same counter to different builds.</summary>
        /// <exception cref="Failure">Another one has it, or it cannot be made.</exception>
        public static IDisposable Hold(string folder)
        {
            Failure.OfFiles($"cannot make {folder}", () => Directory.CreateDirectory(folder));
            return FileLock.Take(folder, Path.Combine(folder, ".watch.lock"), TimeSpan.Zero);
        }

        /// <summary>The manifest with the highest counter, and its bytes; null when there is none yet.</summary>
        public (UpdateManifest Read, byte[] Bytes)? Newest { get; private set; }

        /// <summary>Bytes that a board with the build before fetches for the newest one; null when there is none before.</summary>
        public int? Fetched { get; private set; }

        /// <summary>The content of a path; null when there is none. The latest is what was built last, also when its a.b.c is lower.</summary>
        public byte[]? Find(string path)
        {
            return path == Serving.ReleaseFolder.Latest + ".json" ? Newest?.Bytes
                : path == Serving.ReleaseFolder.Latest + ".jws" && Newest is { } newest ? _files(newest.Read.Version.FileStem + ".jws") : _files(path);
        }

        /// <summary>Signs what is packed; null: nothing is signed.</summary>
        public Func<Package, byte[]>? Sign { get; init; }

        /// <summary>Whether this is what was packed last.</summary>
        public bool IsNewest(PackedImage image)
        {
            return Newest?.Read.Components[0].Sha256 is { } hash && Convert.ToHexStringLower(hash) == image.Sha256;
        }

        /// <summary>Packs an image as the next version; devices find it at once.</summary>
        /// <param name="image">The deployment.</param>
        /// <param name="stem">What the version begins with, for example <c>1.2.0-dev</c>.</param>
        /// <param name="target">The firmware target.</param>
        /// <exception cref="Failure">The stem is not of the image's version, or the folder cannot be written.</exception>
        public UpdateManifest Publish(PackedImage image, string stem, string target)
        {
            return Failure.OfFiles($"cannot write to {_folder}", () => Put(image, stem, target));
        }

        private UpdateManifest Put(PackedImage image, string stem, string target)
        {
            // A board that was flashed by cable runs a.b.c, which every pre-release of it is older than.
            uint counter = (Newest?.Read.Counter ?? 0) + 1;
            Predecessor[] former = [.. Former()];
            var package = Package.Make([PatchMaker.WithPatches(image, former, former.Length, _ => { })], $"{stem}.{counter}", target, counter, allowDowngrade: true);
            foreach ((string name, byte[] bytes) in package.Content.Where(file => file.Name != package.ManifestName))
            {
                OutputFile.Write(Path.Combine(_folder, name), bytes);
            }

            if (Sign != null)
            {
                OutputFile.Write(new PackageFolder(_folder).SignatureOf(package), Sign(package));
            }

            OutputFile.Write(Path.Combine(_folder, package.ManifestName), package.Manifest);
            ManifestReader.Read(package.Manifest, 0, package.Manifest.Length, out UpdateManifest? manifest);
            Fetched = former.Length > 0 && image.Delta != null ? package.Patches.FirstOrDefault(file => file.Patch.Predecessor == former[0]).Patch?.Bytes.Length ?? ImageDiff.Of(former[0].Bytes, image.Bytes).Fetched : null;
            Newest = (manifest!, package.Manifest);
            Prune(counter);
            return manifest!;
        }

        private IEnumerable<(UpdateManifest Read, byte[] Bytes)?> Manifests()
        {
            foreach (string path in Directory.GetFiles(_folder, "*.json"))
            {
                byte[] bytes = InputFile.Bytes(path);
                if (ManifestReader.Read(bytes, 0, bytes.Length, out UpdateManifest? manifest) == ResultCode.None && IsOurs(manifest!))
                {
                    yield return (manifest!, bytes);
                }
            }
        }

        // The builds before whose images are still there, the last one first.
        private IEnumerable<Predecessor> Former()
        {
            foreach (UpdateManifest manifest in Manifests().Select(found => found!.Value.Read).OrderByDescending(manifest => manifest.Counter).Take(Kept))
            {
                string path = Path.Combine(_folder, manifest.Version.FileStem + ".bin");
                byte[] bytes = File.Exists(path) ? InputFile.Bytes(path) : [];
                if (ImageParts.Read(bytes) is { } parts)
                {
                    yield return new Predecessor(manifest.Version.Text, manifest.Version.FileStem, bytes, parts);
                }
            }
        }

        // Others' manifests in the folder are none of our business.
        private static bool IsOurs(UpdateManifest manifest)
        {
            return manifest.AllowDowngrade && manifest.Version.Text != manifest.Version.Core && manifest.Version.Text.EndsWith($".{manifest.Counter}", StringComparison.Ordinal);
        }

        // A device that still fetches the one before is not disturbed.
        private void Prune(uint counter)
        {
            foreach ((UpdateManifest manifest, byte[] _) in Manifests().Select(found => found!.Value).Where(found => found.Read.Counter + Kept <= counter).ToArray())
            {
                foreach (string extension in new[] { ".json", ".jws", ".bin" })
                {
                    File.Delete(Path.Combine(_folder, manifest.Version.FileStem + extension));
                }

                foreach (string patch in Directory.GetFiles(_folder, manifest.Version.FileStem + ".from-*.lz4"))
                {
                    File.Delete(patch);
                }
            }
        }
    }
}
