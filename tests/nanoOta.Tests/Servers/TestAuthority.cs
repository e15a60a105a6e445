using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace nanoOta.Tests.Servers
{
    /// <summary>A certificate authority for tests, made anew each time and valid from 2020 to 2040.</summary>
    public sealed class TestAuthority : IDisposable
    {
        private static readonly DateTimeOffset _from = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
        private static readonly DateTimeOffset _to = new(2040, 1, 1, 0, 0, 0, TimeSpan.Zero);

        private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        /// <summary>A root of that name.</summary>
        public TestAuthority(string name = "Test Root")
        {
            Root = Request($"CN={name}, O=nanoOta", _key, isAuthority: true).CreateSelfSigned(_from, _to);
        }

        private TestAuthority(TestAuthority parent, string name)
        {
            using X509Certificate2 bare = Request($"CN={name}, O=nanoOta", _key, isAuthority: true)
                .Create(parent.Root, _from, _to, RandomNumberGenerator.GetBytes(8));
            Root = bare.CopyWithPrivateKey(_key);
        }

        /// <summary>Its own certificate, with the key.</summary>
        public X509Certificate2 Root { get; }

        /// <summary>Its own certificate as PEM.</summary>
        public string Pem => Root.ExportCertificatePem();

        /// <summary>An authority below this one.</summary>
        public TestAuthority Delegate(string name) => new(this, name);

        /// <summary>A server's certificate with its key, for a DNS name or an IP address.</summary>
        public X509Certificate2 Issue(string host = "127.0.0.1", DateTimeOffset? from = null, DateTimeOffset? to = null)
        {
            using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            CertificateRequest request = Request("CN=Server, O=nanoOta", key, isAuthority: false);
            SubjectAlternativeNameBuilder names = new();
            if (IPAddress.TryParse(host, out IPAddress? address))
            {
                names.AddIpAddress(address);
            }
            else
            {
                names.AddDnsName(host);
            }

            request.CertificateExtensions.Add(names.Build());
            using X509Certificate2 bare = request.Create(Root, from ?? _from, to ?? _to, RandomNumberGenerator.GetBytes(8));
            using X509Certificate2 withKey = bare.CopyWithPrivateKey(key);

            // Some hosts use a key for TLS only when it came from a file.
            return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null);
        }

        /// <inheritdoc/>
        public void Dispose()
        {
            Root.Dispose();
            _key.Dispose();
        }

        private static CertificateRequest Request(string name, ECDsa key, bool isAuthority)
        {
            CertificateRequest request = new(name, key, HashAlgorithmName.SHA256);
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, false, 0, true));
            return request;
        }
    }
}
