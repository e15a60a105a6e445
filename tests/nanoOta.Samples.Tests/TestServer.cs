extern alias StandIns;

using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using nanoOta.VirtualDevice.Cloud;
using StandIns::nanoOta.StandIns;

namespace nanoOta.Samples.Tests
{
    /// <summary>
    /// Servers by name, over TLS with a certificate of a test authority, which is in the device's store. The device reaches them while it has
    /// a network.
    /// </summary>
    internal sealed class TestServer : IDisposable
    {
        private readonly ConcurrentDictionary<string, byte[]> _files = new();
        private readonly FileServer _server;

        /// <summary>Starts.</summary>
        /// <param name="network">The device's network.</param>
        /// <param name="hosts">The names.</param>
        public TestServer(BoardNetwork network, params string[] hosts)
        {
            using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            using X509Certificate2 authority = Authority("CN=Test authority", key);
            Root = authority.ExportCertificatePem() + "\n";
            _server = new FileServer(path => _files.GetValueOrDefault(path), new FileServerAddress(IPAddress.Loopback, 0, Issue(authority, hosts)));
            int port = new Uri(_server.Url).Port;
            DeviceNetwork.Find = (host, _) => network.HasAddress && hosts.Contains(host) ? new IPEndPoint(IPAddress.Loopback, port) : null;
            DeviceCertificateStore.Roots = Encoding.ASCII.GetBytes(Root + '\0');
        }

        /// <summary>The authority's certificate, PEM.</summary>
        public string Root { get; }

        /// <summary>A certificate of nobody, PEM.</summary>
        public static string Stranger()
        {
            using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            using X509Certificate2 authority = Authority("CN=Stranger", key);
            return authority.ExportCertificatePem() + "\n";
        }

        /// <summary>A certificate of a device with its key, each PEM.</summary>
        public static (string Certificate, string Key) Device(string name)
        {
            using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            using X509Certificate2 certificate = new CertificateRequest("CN=" + name, key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddYears(5));
            return (certificate.ExportCertificatePem() + "\n", key.ExportPkcs8PrivateKeyPem() + "\n");
        }

        /// <summary>Puts a file at a path without a leading slash.</summary>
        public void Put(string path, byte[] content) => _files[path] = content;

        /// <summary>Puts a manifest and its images beside it.</summary>
        /// <param name="path">Where the manifest lies.</param>
        /// <param name="version">The deployment's version.</param>
        /// <param name="components">Each image.</param>
        public void Publish(string path, string version, params (string Id, string Version, byte[] Image)[] components)
        {
            IEnumerable<string> listed = components.Select(one =>
            {
                string name = $"{one.Id}-{one.Version}.bin";
                Put(path[..(path.LastIndexOf('/') + 1)] + name, one.Image);
                return $$"""{"id":"{{one.Id}}","version":"{{one.Version}}","size":{{one.Image.Length}},"sha256":"{{Convert.ToHexStringLower(SHA256.HashData(one.Image))}}","urls":["{{name}}"]}""";
            });
            Put(path, Encoding.UTF8.GetBytes($$"""{"schema":1,"version":"{{version}}","components":[{{string.Join(',', listed)}}]}"""));
        }

        public void Dispose() => _server.Dispose();

        private static X509Certificate2 Authority(string name, ECDsa key)
        {
            var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
            request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
            return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddYears(5));
        }

        private static X509Certificate2 Issue(X509Certificate2 authority, string[] hosts)
        {
            using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var request = new CertificateRequest("CN=Test server", key, HashAlgorithmName.SHA256);
            var names = new SubjectAlternativeNameBuilder();
            Array.ForEach(hosts, names.AddDnsName);
            request.CertificateExtensions.Add(names.Build());
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
            using X509Certificate2 bare = request.Create(authority, authority.NotBefore, authority.NotAfter, [1, 2, 3, 4]);
            using X509Certificate2 withKey = bare.CopyWithPrivateKey(key);
            return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null);
        }
    }
}
