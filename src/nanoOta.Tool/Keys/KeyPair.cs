using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using nanoOta.VirtualDevice.Images;
using Base64 = System.Buffers.Text.Base64Url;

namespace nanoOta.Tool.Keys
{
    /// <summary>An RSA key, public or with its private half, as PEM (as openssl writes it) or as a JSON Web Key (RFC 7517).</summary>
    internal sealed class KeyPair
    {
        // Text before the first line of dashes is no part of a PEM block (RFC 7468), and openssl passes it over.
        private const string IdLine = "kid: ";

        private static readonly string[] _privateMembers = ["d", "p", "q", "dp", "dq", "qi"];
        private readonly RSA _rsa;

        private KeyPair(RSA rsa, string? id, bool isPrivate)
        {
            _rsa = rsa;
            IsPrivate = isPrivate;
            Id = id ?? Thumbprint(rsa);
        }

        /// <summary>The key's id: its own, or the thumbprint of its public half (RFC 7638).</summary>
        public string Id { get; }

        /// <summary>Whether the private half is there.</summary>
        public bool IsPrivate { get; }

        /// <summary>The modulus' length in bits.</summary>
        public int Bits => _rsa.KeySize;

        /// <summary>The public half as devices hold it; null when they accept no such key.</summary>
        public RsaPublicKey? Device
        {
            get
            {
                RSAParameters key = _rsa.ExportParameters(false);
                return RsaPublicKey.Create(Id, key.Modulus, key.Exponent);
            }
        }

        /// <summary>Makes a new key.</summary>
        public static KeyPair Make(int bits, string? id)
        {
            return new KeyPair(RSA.Create(bits), id, true);
        }

        /// <summary>Reads a key.</summary>
        /// <param name="path">A file with a PEM block or a JSON Web Key.</param>
        /// <param name="id">The id to call it by; null: its own.</param>
        /// <exception cref="Failure">It cannot be read, or devices accept no such key. No message says more of a file than that.</exception>
        public static KeyPair Read(string path, string? id)
        {
            string text = Encoding.UTF8.GetString(ByteOrderMark.Skip(InputFile.Bytes(path)));
            try
            {
                KeyPair key = text.TrimStart().StartsWith('{') ? FromJwk(path, text, id) : FromPem(text, id);
                return key.Device != null ? key
                    : throw new Failure(ExitCode.Usage, $"devices do not accept the key in {path}: they need RSA of 2048, 3072 or 4096 bits, an odd exponent of 3 to 4294967295, and an id of at most {RsaPublicKey.MaxIdLength} characters.");
            }
            catch (Exception e) when (e is ArgumentException or CryptographicException or FormatException or JsonException or InvalidOperationException)
            {
                throw new Failure(ExitCode.Usage, text.Contains("ENCRYPTED", StringComparison.Ordinal)
                    ? $"{path} holds an encrypted key, and the tool asks for no passphrase. Make a copy of the RSA key that only you can read: openssl pkcs8 -in {path} -out key.pem"
                    : $"{path} holds no RSA key in PEM or as a JSON Web Key.");
            }
        }

        /// <summary>Reads a key that signs.</summary>
        /// <exception cref="Failure">As for <see cref="Read"/>; or the private half is not there.</exception>
        public static KeyPair ReadPrivate(string path, string? id)
        {
            KeyPair key = Read(path, id);
            return key.IsPrivate ? key : throw new Failure(ExitCode.Usage, $"{path} holds the public half alone: signing takes the private key.");
        }

        /// <summary>The key as PEM: PKCS #8, or the public half as SubjectPublicKeyInfo; its id, when it has one of its own, on a line before it.</summary>
        public string ToPem(bool withPrivate)
        {
            string id = Id == Thumbprint(_rsa) ? "" : $"{IdLine}{Id}\n";
            return id + (withPrivate ? _rsa.ExportPkcs8PrivateKeyPem() : _rsa.ExportSubjectPublicKeyInfoPem()) + "\n";
        }

        /// <summary>The key as a JSON Web Key.</summary>
        public string ToJwk(bool withPrivate)
        {
            RSAParameters key = _rsa.ExportParameters(withPrivate);
            var jwk = new JsonObject { ["kty"] = "RSA", ["kid"] = Id, ["alg"] = Jws.Algorithm, ["n"] = Text(key.Modulus), ["e"] = Text(key.Exponent) };
            if (withPrivate)
            {
                byte[]?[] values = [key.D, key.P, key.Q, key.DP, key.DQ, key.InverseQ];
                for (int i = 0; i < values.Length; i++)
                {
                    jwk[_privateMembers[i]] = Text(values[i]);
                }
            }

            return jwk.ToJsonString(new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }) + "\n";
        }

        /// <summary>Signs: RSASSA-PKCS1-v1_5 with SHA-256.</summary>
        public byte[] Sign(byte[] message)
        {
            return _rsa.SignData(message, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        }

        /// <summary>Whether a JSON Web Key holds what must never be published.</summary>
        public static bool HasPrivateMember(JsonObject jwk)
        {
            return _privateMembers.Any(jwk.ContainsKey);
        }

        private static KeyPair FromPem(string text, string? id)
        {
            RSA rsa = RSA.Create();
            rsa.ImportFromPem(text);
            id ??= text.StartsWith(IdLine) ? text[IdLine.Length..].Split('\n')[0].Trim() : null;
            return new KeyPair(rsa, id, text.Contains("PRIVATE KEY-----"));
        }

        private static KeyPair FromJwk(string path, string text, string? id)
        {
            JsonObject jwk = JsonNode.Parse(text)!.AsObject();
            if (JwkUse.Fault(jwk) is { } fault)
            {
                throw new Failure(ExitCode.Usage, $"the key in {path} {fault}");
            }

            if ((string?)jwk["kty"] != "RSA" || (string?)jwk["alg"] is not (null or Jws.Algorithm))
            {
                throw new FormatException();
            }

            var key = new RSAParameters { Modulus = Bytes(jwk, "n"), Exponent = Bytes(jwk, "e") };
            bool isPrivate = HasPrivateMember(jwk);
            if (isPrivate)
            {
                (key.D, key.P, key.Q) = (Bytes(jwk, "d"), Bytes(jwk, "p"), Bytes(jwk, "q"));
                (key.DP, key.DQ, key.InverseQ) = (Bytes(jwk, "dp"), Bytes(jwk, "dq"), Bytes(jwk, "qi"));
            }

            return new KeyPair(RSA.Create(key), id ?? (string?)jwk["kid"], isPrivate);
        }

        private static byte[] Bytes(JsonObject jwk, string name)
        {
            return Base64.DecodeFromChars((string?)jwk[name] ?? throw new FormatException());
        }

        private static string Text(byte[]? bytes)
        {
            return Base64.EncodeToString(bytes);
        }

        private static string Thumbprint(RSA rsa)
        {
            RSAParameters key = rsa.ExportParameters(false);
            return Text(SHA256.HashData(Encoding.ASCII.GetBytes($$"""{"e":"{{Text(key.Exponent)}}","kty":"RSA","n":"{{Text(key.Modulus)}}"}""")));
        }
    }
}
