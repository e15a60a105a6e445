extern alias Net;

using System.Security.Cryptography;
using System.Text;
using HostCertificate = Net::System.Security.Cryptography.X509Certificates.X509Certificate2;
using HostLoader = Net::System.Security.Cryptography.X509Certificates.X509CertificateLoader;

namespace nanoOta.StandIns
{
    /// <summary>Reads certificates as mbedTLS does: PEM only when a zero byte ends it, DER otherwise.</summary>
    internal static class CertificateReader
    {
        private const string PemLabel = "CERTIFICATE";
        private const string PemBegin = "-----BEGIN " + PemLabel + "-----";

        /// <summary>Reads all certificates.</summary>
        /// <param name="bytes">PEM, several if so, or DER.</param>
        /// <param name="broken">How many there are that cannot be read.</param>
        internal static List<HostCertificate> Read(byte[] bytes, out int broken)
        {
            return TryGetPem(bytes, PemBegin, out string pem) ? ReadPem(pem, out broken) : ReadDer(bytes, out broken);
        }

        /// <summary>The text of something that mbedTLS would take for PEM.</summary>
        internal static bool TryGetPem(byte[] bytes, string begin, out string pem)
        {
            pem = bytes.Length > 0 && bytes[^1] == 0 ? Encoding.UTF8.GetString(bytes, 0, Array.IndexOf(bytes, (byte)0)) : "";
            return pem.Contains(begin, StringComparison.Ordinal);
        }

        private static List<HostCertificate> ReadPem(string pem, out int broken)
        {
            List<HostCertificate> certificates = [];
            ReadOnlySpan<char> rest = pem;
            broken = (pem.Length - pem.Replace(PemBegin, "").Length) / PemBegin.Length;
            while (PemEncoding.TryFind(rest, out PemFields fields))
            {
                if (rest[fields.Label].SequenceEqual(PemLabel))
                {
                    certificates.AddRange(ReadDer(Convert.FromBase64String(rest[fields.Base64Data].ToString()), out _));
                }

                rest = rest[fields.Location.End..];
            }

            broken -= certificates.Count;
            return certificates;
        }

        private static List<HostCertificate> ReadDer(byte[] der, out int broken)
        {
            broken = 0;
            try
            {
                // The host's loader would take PEM here as well.
                if (der.Length > 0 && der[0] == 0x30)
                {
                    return [HostLoader.LoadCertificate(der)];
                }
            }
            catch (CryptographicException)
            {
                // Counted below: the caller decides what a broken certificate means.
            }

            broken = 1;
            return [];
        }
    }
}
