using nanoOta.Tool.Keys;

namespace nanoOta.Tool.Packing
{
    /// <summary>
    /// Writes a package into a folder that may hold it already. Devices that fetched one half of a version must not get another half:
    /// other content for a version that exists is refused.
    /// </summary>
    internal sealed class PackageFolder(string folder)
    {
        /// <summary>The signed manifest's bytes of a package.</summary>
        /// <param name="package">The package.</param>
        /// <param name="keyPath">The private key's file.</param>
        /// <param name="kid">The id that devices know it by; null: its own.</param>
        public static byte[] Sign(Package package, string keyPath, string? kid) => SignedFile.Make(package.Manifest, KeyPair.ReadPrivate(keyPath, kid));

        /// <summary>Refuses an id of a key where no key signs: the update would be unsigned.</summary>
        /// <exception cref="Failure">There is no key.</exception>
        public static void RequireKey(string? keyPath, string? kid)
        {
            if (keyPath == null && kid != null)
            {
                throw new Failure(ExitCode.Usage, "--kid names the id of a key, and no key is given: add --key, or the manifest is not signed.");
            }
        }

        /// <summary>Where the signature of a package lies.</summary>
        public string SignatureOf(Package package) => Path.Combine(folder, package.SignatureName);

        /// <summary>Refuses to write over other content.</summary>
        /// <param name="package">The package.</param>
        /// <param name="signature">Its signed manifest; null: it is not signed now.</param>
        /// <param name="force">Whether to write over it all the same.</param>
        /// <returns>Whether a signature of another manifest lies there and is to go.</returns>
        /// <exception cref="Failure">Something of these names has other content.</exception>
        public bool Check(Package package, byte[]? signature, bool force)
        {
            if (!force)
            {
                RequireSame(package.Content, "replace it with --force");
            }

            string path = SignatureOf(package);
            if (!force && signature != null && File.Exists(path) && IsOther(path, signature) && Signs(InputFile.Bytes(path), package.Manifest))
            {
                throw new Failure(ExitCode.Conflict, $"{path} signs this manifest with another key or key id. Name that key by --key, or replace the signature with --force.");
            }

            bool isStale = signature == null && File.Exists(path) && !Signs(InputFile.Bytes(path), package.Manifest);
            return !isStale || force ? isStale
                : throw new Failure(ExitCode.Conflict, $"{path} signs another manifest than the one to be written: devices with keys would end in HashMismatch. Sign in one go with --key KEY, or remove it with --force.");
        }

        /// <summary>Refuses files of which the folder has one with other content.</summary>
        /// <param name="files">Names, with slashes for folders, and contents.</param>
        /// <param name="otherwise">What else the user can do than give the build a new version.</param>
        /// <exception cref="Failure">There is one.</exception>
        public void RequireSame(IEnumerable<(string Name, byte[] Bytes)> files, string otherwise)
        {
            if (files.FirstOrDefault(file => IsOther(PathOf(file.Name), file.Bytes)).Name is { } other)
            {
                throw new Failure(ExitCode.Conflict, $"{folder} holds {other} already, with other content. Devices may have fetched it: give the build a new version, or {otherwise}.");
            }
        }

        /// <summary>Where a file lies.</summary>
        /// <param name="name">Its name, with slashes for folders.</param>
        public string PathOf(string name) => Path.Combine(folder, name.Replace('/', Path.DirectorySeparatorChar));

        /// <summary>Whether a signed file signs exactly these bytes. Whose signature it is does not matter here.</summary>
        internal static bool Signs(byte[] jws, byte[] manifest)
        {
            return ManifestText.PayloadOf(jws) is { } payload && payload.AsSpan().SequenceEqual(manifest);
        }

        private static bool IsOther(string path, byte[] bytes)
        {
            return File.Exists(path) && !InputFile.Bytes(path).AsSpan().SequenceEqual(bytes);
        }
    }
}
