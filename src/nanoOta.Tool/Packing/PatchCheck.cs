using System.Security.Cryptography;
using nanoOta.VirtualDevice.Deltas;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.Tool.Packing
{
    /// <summary>Checks what a manifest says of parts and patches against the files that lie beside it.</summary>
    internal static class PatchCheck
    {
        /// <summary>
        /// One check for each image and each patch that lies there: the image has the parts that are named; the patch has size and hash,
        /// and gives the image when its predecessor, a deployment of whatever name, lies there as well.
        /// </summary>
        /// <param name="path">The manifest, plain or signed.</param>
        /// <param name="bytes">Its bytes.</param>
        /// <returns>The checks; none when the file is no manifest that devices read.</returns>
        /// <exception cref="Failure">A file beside it cannot be read.</exception>
        public static IReadOnlyList<ImageCheck> Run(string path, byte[] bytes)
        {
            byte[] text = ManifestText.Of(bytes);
            if (ManifestReader.Read(text, 0, text.Length, out UpdateManifest? manifest) != ResultCode.None)
            {
                return [];
            }

            string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
            var predecessors = new Lazy<List<(string Name, byte[] Bytes, string Id)>>(() => Deployments(folder));
            List<ImageCheck> checks = [];
            foreach (ManifestDelta delta in ManifestDelta.Read(text).Where(delta => delta.Parts != null))
            {
                ManifestComponent component = manifest!.Components.First(component => component.Id == delta.Component);
                if (component.Encryption != null)
                {
                    // What its parts are, only its key tells.
                    continue;
                }

                foreach (string name in component.Urls.Where(url => ManifestText.IsBeside(url) && File.Exists(Path.Combine(folder, url))))
                {
                    ImageParts? parts = ImageParts.Read(InputFile.Bytes(Path.Combine(folder, name)));
                    bool same = parts != null && parts.Parts.Select(part => part.Identity).SequenceEqual(delta.Parts!);
                    checks.Add(new ImageCheck($"Parts of {name}", same, same ? "The image has the parts that the manifest names."
                        : "The image has other parts than the manifest names: devices would fetch it twice. Pack again."));
                }

                foreach (ManifestPatch patch in delta.Patches.Where(patch => ManifestText.IsBeside(patch.Url) && File.Exists(Path.Combine(folder, patch.Url))))
                {
                    checks.Add(Check(patch, InputFile.Bytes(Path.Combine(folder, patch.Url)), component, delta.Parts!, predecessors.Value));
                }
            }

            return checks;
        }

        private static ImageCheck Check(ManifestPatch patch, byte[] bytes, ManifestComponent component, IReadOnlyList<PartIdentity> parts, List<(string Name, byte[] Bytes, string Id)> deployments)
        {
            const string Advice = "Devices would fetch the whole image. Pack again.";
            string hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
            if (bytes.Length != patch.Size || hash != patch.Sha256)
            {
                return new ImageCheck(patch.Url, false, bytes.Length != patch.Size ? $"It has {bytes.Length} bytes, the manifest says {patch.Size}. {Advice}"
                    : $"Its SHA-256 is {hash[..16]}…, the manifest says {patch.Sha256[..16]}…. {Advice}");
            }

            (string name, byte[] old, _) = deployments.Find(deployment => deployment.Id == patch.From);
            if (old == null)
            {
                return new ImageCheck(patch.Url, true, "Size and SHA-256 are the manifest's. Its predecessor is not here to apply it to.");
            }

            byte[]? image = PatchReader.Apply(old, parts, bytes, out string? fault);
            bool same = image != null && SHA256.HashData(image).AsSpan().SequenceEqual(component.Sha256);
            return new ImageCheck(patch.Url, same, same ? $"Applied to {name} it gives the image."
                : image == null ? $"It cannot be applied to {name}. {fault} {Advice}" : $"Applied to {name} it gives another image. {Advice}");
        }

        private static List<(string Name, byte[] Bytes, string Id)> Deployments(string folder)
        {
            return Failure.OfFiles($"cannot read {folder}", () => Directory.GetFiles(folder, "*.bin").Order(StringComparer.Ordinal)
                .Select(path => (Name: Path.GetFileName(path), Bytes: InputFile.Bytes(path)))
                .Select(file => (file.Name, file.Bytes, Id: ImageParts.Read(file.Bytes)?.Id ?? ""))
                .Where(file => file.Id.Length > 0).ToList());
        }
    }
}
