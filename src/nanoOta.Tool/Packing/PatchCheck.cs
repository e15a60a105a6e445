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
            if (ManifestText.Read(bytes) is not { } manifest)
            {
                return [];
            }

            string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
            var predecessors = new Lazy<List<(string Name, byte[] Bytes, string Id)>>(() => Deployments(folder));
            List<ImageCheck> checks = [];
            foreach (ManifestDelta delta in ManifestDelta.Read(ManifestText.Of(bytes)).Where(delta => delta.Parts != null))
            {
                ManifestComponent component = manifest.Components.First(component => component.Id == delta.Component);
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
            const string Fetched = "devices would fetch the whole image";
            ImageCheck file = FileCheck.Of(patch.Url, bytes, patch.Size, patch.Sha256, Fetched, Fetched);
            if (!file.Ok)
            {
                return file;
            }

            (string name, byte[] old, _) = deployments.Find(deployment => deployment.Id == patch.From);
            if (old == null)
            {
                return file with { Sentence = file.Sentence + " Its predecessor is not here to apply it to." };
            }

            byte[]? image = PatchReader.Apply(old, parts, bytes, out string? fault);
            bool same = image != null && SHA256.HashData(image).AsSpan().SequenceEqual(component.Sha256);
            return new ImageCheck(patch.Url, same, same ? $"Applied to {name} it gives the image."
                : image == null ? $"It cannot be applied to {name}. {fault} Then {Fetched}. Pack again." : $"Applied to {name} it gives another image: {Fetched}. Pack again.");
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
