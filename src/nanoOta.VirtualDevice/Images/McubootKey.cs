using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace nanoOta.VirtualDevice.Images
{
    /// <summary>A public key as MCUboot's imgtool uses it: the signature is over the image's digest, the key hash is the SHA-256 of the key's DER form.</summary>
    internal sealed class McubootKey : IDisposable
    {
        private readonly ECDsa? _ecdsa;
        private readonly RSA? _rsa;

        private McubootKey(ECDsa? ecdsa, RSA? rsa)
        {
            _ecdsa = ecdsa;
            _rsa = rsa;
        }

        public static McubootKey FromPem(string pem)
        {
            if (!PemEncoding.TryFind(pem, out PemFields fields) || pem[fields.Label] != "PUBLIC KEY")
            {
                throw new ArgumentException("The key is not a PEM block labelled PUBLIC KEY.", nameof(pem));
            }

            try
            {
                PublicKey key = PublicKey.CreateFromSubjectPublicKeyInfo(Convert.FromBase64String(pem[fields.Base64Data]), out _);
                ECDsa? ecdsa = key.GetECDsaPublicKey();
                RSA? rsa = key.GetRSAPublicKey();
                return ecdsa != null || rsa != null ? new McubootKey(ecdsa, rsa) : throw new ArgumentException("The key is neither ECDSA nor RSA.", nameof(pem));
            }
            catch (CryptographicException e)
            {
                throw new ArgumentException("The key cannot be read: " + e.Message, nameof(pem), e);
            }
        }

        public static byte[] Digest(ushort hashType, ReadOnlySpan<byte> bytes)
        {
            return hashType switch
            {
                McubootTlv.Sha384 => SHA384.HashData(bytes),
                McubootTlv.Sha512 => SHA512.HashData(bytes),
                _ => SHA256.HashData(bytes),
            };
        }

        /// <summary>Whether an image that carries this key hash was signed with this key. RSA keys are hashed in their PKCS #1 form.</summary>
        public bool HasHash(ReadOnlySpan<byte> keyHash)
        {
            byte[] der = _ecdsa?.ExportSubjectPublicKeyInfo() ?? _rsa!.ExportRSAPublicKey();
            return SHA256.HashData(der).AsSpan().SequenceEqual(keyHash);
        }

        public bool Verifies(McubootTlv signature, byte[] digest)
        {
            return signature.Type switch
            {
                McubootTlv.Ecdsa => _ecdsa != null && _ecdsa.VerifyHash(digest, signature.Value, DSASignatureFormat.Rfc3279DerSequence),
                McubootTlv.Rsa2048Pss or McubootTlv.Rsa3072Pss => _rsa != null && digest.Length == SHA256.HashSizeInBytes
                    && _rsa.VerifyHash(digest, signature.Value, HashAlgorithmName.SHA256, RSASignaturePadding.Pss),
                _ => false,
            };
        }

        public void Dispose()
        {
            _ecdsa?.Dispose();
            _rsa?.Dispose();
        }
    }
}
