using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using nanoOta.VirtualDevice.Images;
using Base64 = System.Buffers.Text.Base64Url;

namespace nanoOta.Tool.Keys
{
    /// <summary>Secret keys for encrypted images as files: a JSON Web Key of type <c>oct</c> (RFC 7518, section 6.4). No message says more of a file than that.</summary>
    internal static class EncryptionKeyFile
    {
        private static readonly JsonSerializerOptions _asItIs = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

        /// <summary>Makes a new key, and writes it.</summary>
        /// <exception cref="Failure">Its length or id is none, or the file cannot be written.</exception>
        public static void Make(Output output, string path, int bits, string? kid)
        {
            if (bits is not (128 or 256))
            {
                throw new Failure(ExitCode.Usage, "--bits is 128 or 256 for a key to encrypt with: AES-128 or AES-256.");
            }

            if (kid is { Length: 0 or > EncryptionKey.MaxIdLength })
            {
                throw new Failure(ExitCode.Usage, $"--kid has 1 to {EncryptionKey.MaxIdLength} characters.");
            }

            // Not the thumbprint of RFC 7638: of a secret key, it says something of the secret.
            string id = kid ?? Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
            byte[] secret = RandomNumberGenerator.GetBytes(bits / 8);
            EncryptionKey key = EncryptionKey.Create(id, secret);
            var jwk = new JsonObject { ["kty"] = "oct", ["kid"] = id, ["use"] = "enc", ["alg"] = ImageEncryption.AlgorithmOf(key), ["k"] = Base64.EncodeToString(secret) };
            OutputFile.WriteSecret(path, Encoding.UTF8.GetBytes(jwk.ToJsonString(_asItIs) + "\n"));
            output.Line($"{path}: secret key '{id}', {bits} bits. Whoever has it can read every image that is encrypted for it.");
            output.Json(new JsonObject { ["kid"] = id, ["bits"] = bits, ["secret"] = path });
        }

        /// <summary>Reads keys.</summary>
        /// <exception cref="Failure">One cannot be read, or is none, or two have the same id.</exception>
        public static EncryptionKey[] ReadAll(IReadOnlyList<string> paths)
        {
            EncryptionKey[] keys = [.. paths.Select(Read)];
            return keys.GroupBy(key => key.Id).FirstOrDefault(same => same.Count() > 1) is not { } twice ? keys
                : throw new Failure(ExitCode.Usage, $"two of the keys have the id '{twice.Key}': devices tell keys apart by it.");
        }

        private static EncryptionKey Read(string path)
        {
            string text = Encoding.UTF8.GetString(ByteOrderMark.Skip(InputFile.Bytes(path)));
            return EncryptionKey.Parse(text)
                ?? throw new Failure(ExitCode.Usage, $"{path} holds no key to encrypt images with: a JSON Web Key of type oct with 16 or 32 bytes and an id of at most {EncryptionKey.MaxIdLength} characters. nanoota keygen --encrypt makes one.");
        }
    }
}
