using nanoOta.Tool.Packing;
using nanoOta.VirtualDevice.Cloud;

namespace nanoOta.Tool.Serving
{
    /// <summary>A folder of packed updates: its files, and by <c>latest.json</c> and <c>latest.jws</c> the newest manifest in it.</summary>
    internal sealed class ReleaseFolder(string folder)
    {
        public const string Latest = "latest";

        private readonly Func<string, byte[]?> _files = FileServer.Folder(folder);

        /// <summary>The content of a path; null when there is none.</summary>
        public byte[]? Find(string path)
        {
            return path is $"{Latest}.json" or $"{Latest}.jws" ? Newest(Path.GetExtension(path))?.Bytes
                : path == LanOffer.FileName ? _files(path) ?? LanOffer.Newest(NewestVersion()) : _files(path);
        }

        /// <summary>The version of the newest manifest, signed or not; null when there is none.</summary>
        public SemanticVersion? NewestVersion()
        {
            return new[] { Newest(".json"), Newest(".jws") }.Where(found => found != null).Select(found => found!.Value.Version).Max(ByPrecedence);
        }

        private (SemanticVersion Version, byte[] Bytes)? Newest(string extension)
        {
            (SemanticVersion Version, byte[] Bytes)? newest = null;
            foreach (string name in Names(extension))
            {
                byte[] bytes = _files(name) ?? [];
                byte[]? manifest = extension == ".json" ? bytes : ManifestText.PayloadOf(bytes);
                if (manifest != null && ManifestReader.Read(manifest, 0, manifest.Length, out UpdateManifest? read) == ResultCode.None
                    && (newest == null || read.Version.CompareTo(newest.Value.Version) > 0))
                {
                    newest = (read.Version, bytes);
                }
            }

            return newest;
        }

        private string[] Names(string extension)
        {
            try
            {
                int most = extension == ".json" ? UpdateManifest.MaxLength : Jws.MaxLength;
                return [.. new DirectoryInfo(folder).EnumerateFiles("*" + extension).Where(file => ManifestText.IsCandidate(file.Name) && file.Length <= most).Select(file => file.Name).Order(StringComparer.Ordinal)];
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // The folder is gone, or a file went as it was looked at: the next request sees what is there then.
                return [];
            }
        }

        private static readonly Comparer<SemanticVersion> ByPrecedence = Comparer<SemanticVersion>.Create((a, b) => a.CompareTo(b));
    }
}
