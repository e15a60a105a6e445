using nanoOta.Tool.Releases;
using nanoOta.VirtualDevice.Images;
using Base64 = System.Buffers.Text.Base64Url;

namespace nanoOta.Tool.Packing
{
    /// <summary>Manifests as files, plain or signed. Whether a signature is genuine is for devices to say.</summary>
    internal static class ManifestText
    {
        /// <summary>The longest manifest that devices read, plain or signed, in bytes: a larger file in a folder is none.</summary>
        public const int MaxFile = UpdateManifest.MaxLength > Jws.MaxLength ? UpdateManifest.MaxLength : Jws.MaxLength;

        /// <summary>The manifest in a file: what a compact JWS signs, otherwise the file itself without a byte order mark.</summary>
        public static byte[] Of(byte[] file)
        {
            return PayloadOf(file) ?? ByteOrderMark.Skip(file);
        }

        /// <summary>What a compact JWS signs; null when the file does not have that form.</summary>
        public static byte[]? PayloadOf(byte[] file)
        {
            // JSON can have two dots as well, and two digits between them.
            string[] parts = System.Text.Encoding.Latin1.GetString(ByteOrderMark.Skip(file)).Trim().Split('.');
            return parts.Length == 3 && parts[0].Length > 0 && Base64.IsValid(parts[0]) && Base64.IsValid(parts[1]) ? Base64.DecodeFromChars(parts[1]) : null;
        }

        /// <summary>Reads a manifest's file as devices read the manifest in it.</summary>
        /// <param name="file">The file, plain or signed.</param>
        /// <returns>The manifest; null when devices read none there.</returns>
        public static UpdateManifest? Read(byte[] file)
        {
            byte[] text = Of(file);
            return ManifestReader.Read(text, 0, text.Length, out UpdateManifest? manifest) == ResultCode.None ? manifest : null;
        }

        /// <summary>Whether a file of a folder of releases may be a manifest, by its name: JSON or JWS, and not the record of releases.</summary>
        public static bool IsCandidate(string path)
        {
            return Path.GetExtension(path) is ".json" or ".jws" && Path.GetFileName(path) != ReleaseRecord.FileName;
        }

        /// <summary>Whether a URL is a plain file name, so that what it names lies beside the manifest.</summary>
        public static bool IsBeside(string url)
        {
            return url.Length > 0 && url.IndexOfAny(['/', '\\', ':', '?', '\0']) < 0 && url[0] != '.';
        }
    }
}
