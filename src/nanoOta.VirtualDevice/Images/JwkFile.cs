using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace nanoOta.VirtualDevice.Images
{
    /// <summary>A JSON Web Key as a file. Of its private half it says only that it is there.</summary>
    internal static class JwkFile
    {
        /// <summary>Whether these bytes look like a JSON Web Key, sound or not.</summary>
        public static bool IsOne(ReadOnlySpan<byte> bytes)
        {
            return bytes.TrimStart("\uFEFF \t\r\n"u8).StartsWith("{"u8) && bytes.IndexOf("\"kty\""u8) >= 0 && bytes.IndexOf("\"keys\""u8) < 0;
        }

        // What cannot be read is refused already.
        private static string? Use(ReadOnlySpan<byte> bytes)
        {
            try
            {
                return JsonNode.Parse(bytes.TrimStart("\uFEFF"u8)) is JsonObject jwk ? JwkUse.Fault(jwk) : null;
            }
            catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException)
            {
                return null;
            }
        }

        /// <summary>Reads and reports it.</summary>
        public static ImageReport Report(ReadOnlySpan<byte> bytes)
        {
            if (EncryptionKey.Parse(Encoding.UTF8.GetString(bytes.TrimStart("\uFEFF"u8))) is { } secret)
            {
                return new ImageReport(ImageKind.Key, "secret key for encrypted images (JSON Web Key)", "", [new("Key id", secret.Id), new("Algorithm", ImageEncryption.AlgorithmOf(secret))], [], [new ImageCheck("Key", true, "Devices accept it.")]);
            }

            RsaPublicKey? key = RsaPublicKey.Parse(Encoding.UTF8.GetString(bytes.TrimStart("\uFEFF"u8)));
            List<ImageFact> facts = [.. JsonFacts.Of(bytes, ("kid", "Key id"), ("kty", "Type"), ("alg", "Algorithm"))];
            if (key != null)
            {
                facts.Add(new("Bits", $"{key.Modulus.Length * 8}"));
            }

            string half = JsonFacts.Of(bytes, ("d", "")).Any() ? "private key" : "public key";
            ImageCheck check = ImageCheck.Of("Key", key != null, "Devices accept it.", $"Devices do not accept it: they need RSA of 2048, 3072 or 4096 bits, an odd exponent of 3 to 4294967295, and an id of at most {RsaPublicKey.MaxIdLength} characters.");
            string? fault = Use(bytes);
            return new ImageReport(ImageKind.Key, $"{half} (JSON Web Key)", "", facts, [], [check, ImageCheck.Of("Use", fault == null, "It may be used for signatures.", $"The key {fault}")]);
        }
    }
}
