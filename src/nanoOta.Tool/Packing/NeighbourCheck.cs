using System.Security.Cryptography;
using nanoOta.VirtualDevice;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.Tool.Packing
{
    /// <summary>Compares a manifest with the files that lie beside it.</summary>
    internal static class NeighbourCheck
    {
        /// <summary>One check for each file that the manifest names and that lies beside it, and one for its signed or plain twin.</summary>
        /// <param name="path">The manifest, plain or signed.</param>
        /// <param name="bytes">Its bytes.</param>
        /// <param name="keys">Keys to open encrypted files with; none: what only a key tells is not checked.</param>
        /// <param name="absent">Receives the files that are named and do not lie there.</param>
        public static IReadOnlyList<ImageCheck> Run(string path, byte[] bytes, EncryptionKey[] keys, out IReadOnlyList<string> absent)
        {
            List<ImageCheck> checks = [];
            List<string> missing = [];
            absent = missing;
            string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
            bool isSigned = Path.GetExtension(path) == ".jws";
            if (ManifestText.Read(bytes) is not { } read)
            {
                return checks;
            }

            foreach (ManifestComponent component in read.Components)
            {
                foreach (string name in component.Urls.Select(url => url.Split('?')[0]).Where(ManifestText.IsBeside))
                {
                    string file = Path.Combine(folder, name);
                    if (File.Exists(file))
                    {
                        checks.Add(Compare(name, InputFile.Bytes(file), component, keys));
                    }
                    else
                    {
                        missing.Add(name);
                    }
                }
            }

            string twin = Path.ChangeExtension(path, isSigned ? ".json" : ".jws");
            if (File.Exists(twin) && Path.GetFileName(path) == read.Version.FileStem + Path.GetExtension(path))
            {
                bool same = isSigned ? InputFile.Bytes(twin).AsSpan().SequenceEqual(ManifestText.Of(bytes)) : PackageFolder.Signs(InputFile.Bytes(twin), bytes);
                checks.Add(new ImageCheck(Path.GetFileName(twin), same, same ? "It is of this manifest." : isSigned
                    ? "The plain manifest has other content than the one signed here. Pack and sign in one go: pack --key."
                    : "It signs another manifest: devices with keys follow that one. Sign this one again, or pack with --key."));
            }

            return checks;
        }

        private static ImageCheck Compare(string name, byte[] bytes, ManifestComponent component, EncryptionKey[] keys)
        {
            return bytes.Length == component.Size && ManifestEncryption.Of(component) is { Fault: null } encryption
                ? encryption.Difference(bytes) is { } difference ? new ImageCheck(name, false, difference) : Open(name, bytes, component, keys)
                : FileCheck.Of(name, bytes, component.Size, Convert.ToHexStringLower(component.Sha256), "devices would end in SizeMismatch", "devices would end in HashMismatch");
        }

        private static ImageCheck Open(string name, byte[] bytes, ManifestComponent component, EncryptionKey[] keys)
        {
            if (keys.Length == 0)
            {
                return new ImageCheck(name, true, "Size and SHA-256 are those of the encrypted file. Whether it opens was not checked: give a key by --decrypt-key.");
            }

            byte[]? image = ManifestEncryption.Open(component, bytes, keys, out ResultCode code);
            bool same = image != null && SHA256.HashData(image).AsSpan().SequenceEqual(component.Sha256);
            return new ImageCheck(name, same, same ? "Opened with the key, it is the manifest's image."
                : image == null ? $"A device with this key would not open it. {ResultText.Name(code)}: {ResultText.Sentence(code)}"
                : "Opened with the key, it is another image than the manifest's: devices would end in HashMismatch. Pack again.");
        }
    }
}
