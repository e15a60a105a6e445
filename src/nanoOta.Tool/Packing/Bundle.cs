using System.Formats.Tar;

namespace nanoOta.Tool.Packing
{
    /// <summary>An update as one file: a tar archive (POSIX.1-1988, ustar) with the manifests first, then what they name (docs/bundles.md).</summary>
    internal static class Bundle
    {
        /// <summary>Makes a bundle. The same package gives the same bytes.</summary>
        /// <param name="package">The package.</param>
        /// <param name="signature">Its signed manifest; null: it has none.</param>
        /// <param name="keyList">A signed list of keys that devices find beside it; null: none.</param>
        public static byte[] Make(Package package, byte[]? signature, byte[]? keyList)
        {
            using var bytes = new MemoryStream();
            using (var tar = new TarWriter(bytes, TarEntryFormat.Ustar, leaveOpen: true))
            {
                if (signature != null)
                {
                    Add(tar, package.SignatureName, signature);
                }

                Add(tar, package.ManifestName, package.Manifest);
                if (keyList != null)
                {
                    Add(tar, "keys.jws", keyList);
                }

                foreach ((string name, byte[] content) in package.Content.Where(file => file.Name != package.ManifestName))
                {
                    Add(tar, name, content);
                }
            }

            return bytes.ToArray();
        }

        private static void Add(TarWriter tar, string name, byte[] content)
        {
            tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, name)
            {
                DataStream = new MemoryStream(content),
                Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead,
                ModificationTime = DateTimeOffset.UnixEpoch,
            });
        }
    }
}
