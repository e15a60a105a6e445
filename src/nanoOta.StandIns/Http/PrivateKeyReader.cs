using System.Security.Cryptography;

namespace nanoOta.StandIns
{
    /// <summary>Whether mbedTLS could read a private key: RSA or elliptic curve, PEM that a zero byte ends, or DER.</summary>
    internal static class PrivateKeyReader
    {
        internal static bool CanRead(byte[] key, string? password)
        {
            using RSA rsa = RSA.Create();
            using ECDsa curve = ECDsa.Create();
            if (CertificateReader.TryGetPem(key, "PRIVATE KEY-----", out string pem))
            {
                return Try(() => rsa.ImportFromPem(pem)) || Try(() => curve.ImportFromPem(pem))
                    || Try(() => rsa.ImportFromEncryptedPem(pem, password))
                    || Try(() => curve.ImportFromEncryptedPem(pem, password));
            }

            return Try(() => rsa.ImportPkcs8PrivateKey(key, out _)) || Try(() => rsa.ImportRSAPrivateKey(key, out _))
                || Try(() => curve.ImportPkcs8PrivateKey(key, out _)) || Try(() => curve.ImportECPrivateKey(key, out _));
        }

        // The host tells "not this form" by an exception only.
        private static bool Try(Action import)
        {
            try
            {
                import();
                return true;
            }
            catch (Exception e) when (e is CryptographicException or ArgumentException)
            {
                return false;
            }
        }
    }
}
