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
        public static byte[] Sign(Package package, string keyPath, string? kid)
        {
            KeyPair key = KeyPair.Read(keyPath, kid);
            return key.IsPrivate ? SignedFile.Make(package.Manifest, key)
                : throw new Failure(ExitCode.Usage, $"{keyPath} holds the public half alone: signing takes the private key.");
        }

        /// <summary>Where the signature of a package lies.</summary>
        public string SignatureOf(Package package) => Path.Combine(folder, Path.ChangeExtension(package.ManifestName, ".jws"));

        /// <summary>Refuses to write over other content.</summary>
        /// <param name="package">The package.</param>
        /// <param name="signature">Its signed manifest; null: it is not signed now.</param>
        /// <param name="force">Whether to write over it all the same.</param>
        /// <returns>Whether a signature of another manifest lies there and is to go.</returns>
        /// <exception cref="Failure">Something of these names has other content.</exception>
        public bool Check(Package package, byte[]? signature, bool force)
        {
            string[] other = [.. package.Files.Select(file => (file.Name, file.Image.File)).Concat(package.Patches.Select(patch => (patch.Name, patch.Patch.Bytes))).Append((package.ManifestName, package.Manifest)).Where(file => IsOther(file.Item1, file.Item2)).Select(file => file.Item1)];
            if (other.Length > 0 && !force)
            {
                throw new Failure(ExitCode.Conflict, $"{folder} holds {other[0]} already, with other content. Devices may have fetched it: give the build a new version, or replace it with --force.");
            }

            string path = SignatureOf(package);
            bool isStale = signature == null && File.Exists(path) && !Signs(InputFile.Bytes(path), package.Manifest);
            return !isStale || force ? isStale
                : throw new Failure(ExitCode.Conflict, $"{path} signs another manifest than the one to be written: devices with keys would end in HashMismatch. Sign in one go with --key KEY, or remove it with --force.");
        }

        /// <summary>Whether a signed file signs exactly these bytes. Whose signature it is does not matter here.</summary>
        internal static bool Signs(byte[] jws, byte[] manifest)
        {
            string[] parts = System.Text.Encoding.Latin1.GetString(jws).Trim().Split('.');
            return parts.Length == 3 && System.Buffers.Text.Base64Url.IsValid(parts[1])
                && System.Buffers.Text.Base64Url.DecodeFromChars(parts[1]).AsSpan().SequenceEqual(manifest);
        }

        private bool IsOther(string name, byte[] bytes)
        {
            string path = Path.Combine(folder, name);
            return File.Exists(path) && !InputFile.Bytes(path).AsSpan().SequenceEqual(bytes);
        }
    }
}
