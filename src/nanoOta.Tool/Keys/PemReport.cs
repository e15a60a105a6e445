using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.Tool.Keys
{
    /// <summary>What <c>inspect</c> says of a key or a certificate in PEM. Of a private half it says only that it is there.</summary>
    internal static class PemReport
    {
        /// <summary>Reports a file.</summary>
        /// <param name="path">The file.</param>
        /// <param name="bytes">Its content.</param>
        /// <returns>Null when it is not PEM.</returns>
        public static ImageReport? Of(string path, byte[] bytes)
        {
            string text = Encoding.Latin1.GetString(bytes);
            return !PemEncoding.TryFind(text, out PemFields found) ? null : text[found.Label] == "CERTIFICATE" ? Certificate(text) : Key(path, text[found.Label]);
        }

        private static ImageReport Key(string path, string label)
        {
            string title = label == "ENCRYPTED PRIVATE KEY" ? "encrypted private key (PEM)" : label.EndsWith("PRIVATE KEY", StringComparison.Ordinal) ? "private key (PEM)" : "public key (PEM)";
            try
            {
                KeyPair key = KeyPair.Read(path, null);
                return new ImageReport(ImageKind.Key, title, "", [new("Key id", key.Id), new("Bits", $"{key.Bits}")], [], [new ImageCheck("Key", true, "Devices accept it.")]);
            }
            catch (Failure e)
            {
                return new ImageReport(ImageKind.Key, title, "", [], [], [new ImageCheck("Key", false, e.Message)]);
            }
        }

        private static ImageReport Certificate(string text)
        {
            const string Title = "certificate (PEM)";
            try
            {
                using var certificate = X509Certificate2.CreateFromPem(text);
                return new ImageReport(ImageKind.Certificate, Title, "", [new("Subject", certificate.Subject), new("Issuer", certificate.Issuer), new("Valid until", $"{certificate.NotAfter.ToUniversalTime():yyyy-MM-dd}")], [], [new ImageCheck("Form", true, "It can be read.")]);
            }
            catch (CryptographicException e)
            {
                return new ImageReport(ImageKind.Certificate, Title, "", [], [], [new ImageCheck("Form", false, e.Message)]);
            }
        }
    }
}
