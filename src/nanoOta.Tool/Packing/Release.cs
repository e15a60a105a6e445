using System.Security.Cryptography;
using nanoOta.VirtualDevice.Deltas;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.Tool.Packing
{
    /// <summary>A manifest with a deployment, as it lies in a folder.</summary>
    internal sealed class Release
    {
        private readonly ManifestComponent _component;
        private readonly string _folder;

        private Release(UpdateManifest manifest, ManifestComponent component, string folder)
        {
            Version = manifest.Version;
            _component = component;
            _folder = folder;
        }

        public SemanticVersion Version { get; }

        public string? Fault { get; private set; }

        public static Release? Read(string path, byte[] bytes)
        {
            return ManifestText.Read(bytes) is { } manifest && manifest.Components.FirstOrDefault(component => component.Id is ManifestComponent.Deployment or AppFolders.Component) is { } component
                ? new Release(manifest, component, Path.GetDirectoryName(Path.GetFullPath(path))!) : null;
        }

        /// <summary>The deployment beside the manifest; null when it is not there, or another one.</summary>
        public byte[]? Image()
        {
            string? name = _component.Urls.FirstOrDefault(ManifestText.IsBeside);
            string path = Path.Combine(_folder, name ?? "");
            if (name == null || !File.Exists(path))
            {
                Fault = $"its image {name ?? _component.Urls[0].Split('?')[0]} does not lie beside the manifest.";
                return null;
            }

            if (_component.Encryption != null)
            {
                Fault = $"its image {name} is encrypted, and no patch can be made from it: give the deployment itself.";
                return null;
            }

            byte[] image = InputFile.Bytes(path);
            Fault = !SHA256.HashData(image).AsSpan().SequenceEqual(_component.Sha256) ? $"{name} is not the image that the manifest names."
                : ImageParts.Read(image) == null ? $"{name} is no sequence of assemblies." : null;
            return Fault == null ? image : null;
        }

        /// <summary>A deployment that the user names: itself, or by a manifest that it lies beside.</summary>
        /// <returns>What to call it (a version or a file), what stands for it in file names, and its bytes.</returns>
        /// <exception cref="Failure">It cannot be read, or is neither.</exception>
        public static (string Name, string Stem, byte[] Bytes) Deployment(string path)
        {
            byte[] bytes = InputFile.Bytes(path);
            if (AssemblyFormat.Of(bytes) == null && Read(path, bytes) is { } release)
            {
                return (release.Version.Text, release.Version.FileStem, release.Image() ?? throw new Failure(ExitCode.Unsound, $"{path}: {release.Fault}"));
            }

            ImageParts parts = ImageParts.Read(bytes) ?? throw new Failure(ExitCode.Unsound, $"{path}: It is no deployment, and no manifest of one. Give the .bin that was packed, or its manifest.");
            AssemblyVersion own = parts.Parts[^1].Version;
            return (Path.GetFileName(path), SemanticVersion.Parse($"{own.Major}.{own.Minor}.{own.Build}")!.FileStem, bytes);
        }
    }
}
