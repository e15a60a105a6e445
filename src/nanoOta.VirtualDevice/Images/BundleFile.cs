using nanoOta.VirtualDevice.Deltas;

namespace nanoOta.VirtualDevice.Images
{
    /// <summary>A bundle as a file: a tar archive, read by the reader that devices have.</summary>
    public static class BundleFile
    {
        private const int MagicAt = 257;

        /// <summary>Whether these bytes look like a tar archive, one for devices or not.</summary>
        public static bool IsOne(ReadOnlySpan<byte> bytes)
        {
            return bytes.Length >= BundleEntry.BlockLength && bytes.Slice(MagicAt, 5).SequenceEqual("ustar"u8);
        }

        /// <summary>Whether devices look at a file of this name on a drive.</summary>
        public static bool IsLookedAt(string name)
        {
            return name.EndsWith(".tar", StringComparison.OrdinalIgnoreCase) && BundleEntry.IsPlainName(name);
        }

        /// <summary>The files of a bundle, in order, up to where a device would stop reading.</summary>
        /// <param name="bytes">The whole archive.</param>
        /// <param name="fault">Receives why a device stops before the end; null: it does not.</param>
        public static IReadOnlyList<(string Name, byte[] Content)> Files(ReadOnlySpan<byte> bytes, out string? fault)
        {
            List<(string, byte[])> files = [];
            fault = null;
            int at = 0;
            while (bytes.Length - at >= BundleEntry.BlockLength)
            {
                byte[] header = bytes.Slice(at, BundleEntry.BlockLength).ToArray();
                if (BundleEntry.IsEnd(header))
                {
                    return files;
                }

                BundleEntry entry = BundleEntry.Read(header);
                at += BundleEntry.BlockLength;
                if (entry == null || files.Count == BundleEntry.MaxEntries || entry.Size > bytes.Length - at)
                {
                    fault = entry == null ? $"Offset 0x{at - BundleEntry.BlockLength:X}: no header of a regular file with a plain name. Make bundles with pack --bundle."
                        : files.Count == BundleEntry.MaxEntries ? $"It has more than {BundleEntry.MaxEntries} files."
                        : $"{entry.Name} has {entry.Size} bytes, and the archive ends after {bytes.Length - at}: it was not copied to its end.";
                    return files;
                }

                files.Add((entry.Name, bytes.Slice(at, entry.Size).ToArray()));
                at = (int)Math.Min(bytes.Length, at + entry.Padded);
            }

            return files;
        }

        /// <summary>Reads and reports it.</summary>
        public static ImageReport Report(ReadOnlySpan<byte> bytes)
        {
            IReadOnlyList<(string Name, byte[] Content)> files = Files(bytes, out string? fault);
            List<ImageCheck> checks = [ImageCheck.Of("Archive", fault == null, "Regular files with plain names, each whole.", fault ?? "")];
            ImageReport[] manifests = [.. files.Take(2).Where(file => IsManifest(file.Name)).Select(file => ImageFile.Identify(file.Content)).Where(report => report.Kind is ImageKind.Manifest or ImageKind.Signed)];
            checks.Add(ImageCheck.Of("Order", manifests.Length > 0, "The manifest is among the first two files.", "No manifest is among the first two files, where devices look for it."));
            checks.AddRange(manifests.SelectMany(report => report.Checks));
            if (files.Select(file => file.Name).Distinct().Count() < files.Count)
            {
                checks.Add(new ImageCheck("Names", false, "Two files have the same name: devices take the first one."));
            }

            foreach ((string name, byte[] content) in files.Take(2).Where(file => IsManifest(file.Name)))
            {
                checks.AddRange(Components(name, content, files));
            }

            string version = manifests.FirstOrDefault()?.Version ?? "";
            IReadOnlyList<ImageFact> facts = manifests.FirstOrDefault()?.Facts ?? [];
            return new ImageReport(ImageKind.Bundle, version.Length == 0 ? "bundle" : $"bundle of version {version}", version, facts,
                [.. files.Select(file => $"{file.Name}, {file.Content.Length} bytes"), .. manifests.Take(1).SelectMany(report => report.Contents)], checks);
        }

        private static IEnumerable<ImageCheck> Components(string name, byte[] content, IReadOnlyList<(string Name, byte[] Content)> files)
        {
            byte[] manifest = (byte[])content.Clone();
            int length = manifest.Length;
            if (name.EndsWith(".jws", StringComparison.Ordinal))
            {
                if (Jws.Read(manifest, length, new ManagedHasher(), out Jws jws) != ResultCode.None)
                {
                    yield break;
                }

                length = jws.PayloadLength;
            }

            if (ManifestReader.Read(manifest, 0, length, out UpdateManifest read) != ResultCode.None)
            {
                yield break;
            }

            // A patch may be missing: then the device reads the image.
            foreach (ManifestPatch patch in ManifestDelta.Read(manifest[..length]).SelectMany(delta => delta.Patches))
            {
                if (files.FirstOrDefault(file => file.Name == patch.Url).Content is { } bytes)
                {
                    bool isSame = bytes.Length == patch.Size && Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)) == patch.Sha256;
                    yield return ImageCheck.Of($"{name}: {patch.Url}", isSame, "Size and SHA-256 are the manifest's.", "It is not the patch that the manifest names: devices would read the whole image.");
                }
            }

            foreach (ManifestComponent component in read.Components)
            {
                byte[]? file = files.FirstOrDefault(file => component.Urls.Contains(file.Name)).Content;
                ManifestEncryption? encryption = ManifestEncryption.Of(component);
                bool same = file != null && file.Length == component.Size
                    && (encryption != null ? encryption.Difference(file) == null : System.Security.Cryptography.SHA256.HashData(file).AsSpan().SequenceEqual(component.Sha256));
                yield return ImageCheck.Of($"{name}: {component.Id}", same, encryption == null ? "Size and SHA-256 are the manifest's." : "Size and SHA-256 are those of the encrypted file.", file == null
                    ? "Its file is not in the bundle: devices without a network cannot get it." : "Its file is not the one that the manifest names: devices would end in HashMismatch.");
            }
        }

        private static bool IsManifest(string name)
        {
            return name.StartsWith('v') && (name.EndsWith(".json", StringComparison.Ordinal) || name.EndsWith(".jws", StringComparison.Ordinal));
        }
    }
}
