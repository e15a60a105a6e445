using nanoOta.VirtualDevice.Images;

namespace nanoOta.Tool.Packing
{
    /// <summary>Manifests as files, plain or signed.</summary>
    internal static class ManifestText
    {
        /// <summary>The manifest in a file: what a compact JWS signs, otherwise the file itself without a byte order mark. Whether a signature is genuine is for devices to say.</summary>
        public static byte[] Of(byte[] file)
        {
            string[] parts = System.Text.Encoding.Latin1.GetString(file).Trim().Split('.');
            return parts.Length == 3 && System.Buffers.Text.Base64Url.IsValid(parts[1]) ? System.Buffers.Text.Base64Url.DecodeFromChars(parts[1]) : ByteOrderMark.Skip(file);
        }

        /// <summary>Whether a URL is a plain file name, so that what it names lies beside the manifest.</summary>
        public static bool IsBeside(string url)
        {
            return url.Length > 0 && url.IndexOfAny(['/', '\\', ':', '?', '\0']) < 0 && url[0] != '.';
        }
    }
}
