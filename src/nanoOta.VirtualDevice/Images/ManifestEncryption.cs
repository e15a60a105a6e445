using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace nanoOta.VirtualDevice.Images
{
    /// <summary>What a manifest says of the encryption of an image.</summary>
    /// <param name="Algorithm">For example A256CTR; empty when it does not say.</param>
    /// <param name="KeyIds">The ids of the keys that open it.</param>
    /// <param name="FileSha256">SHA-256 of the encrypted file, for tools; null: not said.</param>
    /// <param name="Fault">Why no device would open it, whatever keys it has; null: one with the key would.</param>
    public sealed record ManifestEncryption(string Algorithm, IReadOnlyList<string> KeyIds, byte[]? FileSha256, string? Fault)
    {
        private const int Sha256Length = 32;

        // Longer than any id that a manifest's recipient can match.
        private static readonly EncryptionKey _nobody = EncryptionKey.Create(new string('-', EncryptionKey.MaxIdLength), new byte[Sha256Length]);

        /// <summary>Of a component; null when its file is not encrypted.</summary>
        public static ManifestEncryption? Of(ManifestComponent component)
        {
            if (component.Encryption == null)
            {
                return null;
            }

            ResultCode code = new EncryptedImages(new ManagedAes(), [_nobody]).Begin(component);
            string? fault = code == ResultCode.RecipientMissing ? null : $"{ResultText.Name(code)}: {ResultText.Sentence(code)}";
            try
            {
                JsonObject json = JsonNode.Parse(component.Encryption)!.AsObject();
                string[] ids = [.. json["recipients"]!.AsArray().Select(recipient => (string?)recipient!["kid"] ?? "")];
                string hash = (string?)json["sha256"] ?? "";
                return new ManifestEncryption((string?)json["enc"] ?? "", ids, hash.Length == 2 * Sha256Length ? Convert.FromHexString(hash) : null, ids.Length == 0 ? "It is encrypted for nobody." : fault);
            }
            catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException or NullReferenceException or FormatException)
            {
                return new ManifestEncryption("", [], null, fault ?? "EncryptionMalformed: Its members are not as the schema has them.");
            }
        }

        /// <summary>Opens a file as a device does.</summary>
        /// <param name="component">The component.</param>
        /// <param name="file">Its encrypted file.</param>
        /// <param name="keys">The device's keys.</param>
        /// <param name="code">Receives why it cannot be opened.</param>
        /// <returns>The image; null when it cannot be opened.</returns>
        public static byte[]? Open(ManifestComponent component, byte[] file, EncryptionKey[] keys, out ResultCode code)
        {
            var images = new EncryptedImages(new ManagedAes(), keys);
            code = images.Begin(component);
            if (code != ResultCode.None)
            {
                return null;
            }

            byte[] image = (byte[])file.Clone();
            images.Decrypt(image, 0, image.Length, 0);
            return image;
        }

        /// <summary>For people.</summary>
        public string Line => $"encrypted, {(Algorithm.Length == 0 ? "unknown" : Algorithm)}, for {(KeyIds.Count == 0 ? "nobody" : string.Join(", ", KeyIds))}";

        /// <summary>Compares a file that lies beside a manifest with what the manifest says of it, without opening it.</summary>
        /// <returns>Why it is not that file; null when it is, or the manifest does not say.</returns>
        public string? Difference(byte[] file)
        {
            return FileSha256 != null && !SHA256.HashData(file).AsSpan().SequenceEqual(FileSha256) ? "Its SHA-256 is not that of the encrypted file: devices would end in HashMismatch. Pack again." : null;
        }
    }
}
