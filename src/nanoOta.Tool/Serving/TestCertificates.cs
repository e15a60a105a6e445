using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace nanoOta.Tool.Serving
{
    /// <summary>
    /// A certificate authority for desks, one for each user of a PC: made once and kept, so that what is built into a board's
    /// application stays valid. It is not for products: its key lies in a file.
    /// </summary>
    internal sealed class TestCertificates
    {
        /// <summary>The file that is held while the authority is made.</summary>
        public const string LockName = ".test-ca.lock";

        private const int AuthorityYears = 10;
        private const int ServerDays = 365;

        private readonly string _folder;

        private TestCertificates(string folder)
        {
            _folder = folder;
        }

        /// <summary>The authority's certificate (PEM), for <c>--ca</c> and for a board's application.</summary>
        public string AuthorityPath => Path.Combine(_folder, "test-ca.pem");

        private string KeyPath => Path.Combine(_folder, "test-ca.key");

        /// <summary>The addresses of this PC that devices may reach it at; nanoFramework knows IPv4 alone.</summary>
        public static IPAddress[] Addresses()
        {
            return [.. NetworkInterface.GetAllNetworkInterfaces()
                .Where(network => network.OperationalStatus == OperationalStatus.Up)
                .SelectMany(network => network.GetIPProperties().UnicastAddresses)
                .Select(unicast => unicast.Address)
                .Where(address => address.AddressFamily == AddressFamily.InterNetwork)
                .OrderBy(IPAddress.IsLoopback)
                .Distinct()];
        }

        /// <summary>Finds the authority in a folder, or makes it.</summary>
        /// <param name="folder">The folder.</param>
        /// <param name="patience">How long to wait for another command that makes it; null: as long as usual.</param>
        /// <exception cref="Failure">The folder cannot be written, or holds something else.</exception>
        public static TestCertificates In(string folder, TimeSpan? patience = null)
        {
            var certificates = new TestCertificates(folder);
            if (!File.Exists(certificates.AuthorityPath))
            {
                Failure.OfFiles($"cannot make {folder}", () => Directory.CreateDirectory(folder));
                using IDisposable held = FileLock.Take(certificates.AuthorityPath, Path.Combine(folder, LockName), patience ?? FileLock.Patience);
                if (!File.Exists(certificates.AuthorityPath))
                {
                    certificates.MakeAuthority();
                }
            }

            return certificates;
        }

        /// <summary>A certificate, with its key, for this PC's addresses and its name.</summary>
        public X509Certificate2 Issue()
        {
            using X509Certificate2 authority = ReadAuthority();
            using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            CertificateRequest request = Request("CN=nanoOta test server", key, authority: false);
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName("localhost");
            names.AddDnsName(Dns.GetHostName());
            foreach (IPAddress address in Addresses())
            {
                names.AddIpAddress(address);
            }

            request.CertificateExtensions.Add(names.Build());
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
            DateTimeOffset now = DateTimeOffset.UtcNow;
            using X509Certificate2 bare = request.Create(authority, Later(authority.NotBefore, now.AddDays(-1)), Earlier(authority.NotAfter, now.AddDays(ServerDays)), RandomNumberGenerator.GetBytes(16));
            using X509Certificate2 withKey = bare.CopyWithPrivateKey(key);

            // Some hosts use a key for TLS only when it came from a file.
            return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null);
        }

        private void MakeAuthority()
        {
            using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            CertificateRequest request = Request($"CN=nanoOta test CA of {Dns.GetHostName()}", key, authority: true);
            DateTimeOffset now = DateTimeOffset.UtcNow;
            using X509Certificate2 authority = request.CreateSelfSigned(now.AddDays(-1), now.AddYears(AuthorityYears));
            // A key without its certificate is of no use to anybody.
            Failure.OfFiles($"cannot remove {KeyPath}", () => { File.Delete(KeyPath); return KeyPath; });
            OutputFile.WriteSecret(KeyPath, System.Text.Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem() + "\n"));
            OutputFile.Write(AuthorityPath, System.Text.Encoding.ASCII.GetBytes(authority.ExportCertificatePem() + "\n"));
        }

        private X509Certificate2 ReadAuthority()
        {
            try
            {
                return Failure.OfFiles($"cannot read {AuthorityPath}", () => X509Certificate2.CreateFromPemFile(AuthorityPath, KeyPath));
            }
            catch (CryptographicException e)
            {
                throw new Failure(ExitCode.Usage, $"{AuthorityPath} and its key do not go together ({e.Message}). Delete both for a new authority.");
            }
        }

        private static CertificateRequest Request(string name, ECDsa key, bool authority)
        {
            var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(authority, false, 0, true));
            request.CertificateExtensions.Add(new X509KeyUsageExtension(authority ? X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign : X509KeyUsageFlags.DigitalSignature, true));
            return request;
        }

        private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

        private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;
    }
}
