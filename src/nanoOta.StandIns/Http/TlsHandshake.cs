extern alias Net;

using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using HostCertificate = Net::System.Security.Cryptography.X509Certificates.X509Certificate2;
using HostProtocols = System.Security.Authentication.SslProtocols;

namespace nanoOta.StandIns
{
    /// <summary>A TLS client with the device's idea of trust.</summary>
    internal static class TlsHandshake
    {
        private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

        /// <summary>Shakes hands over a connected stream.</summary>
        /// <exception cref="SocketException">The peer is not trusted, or does not speak TLS.</exception>
        internal static SslStream Run(
            Stream transport, string host, System.Net.Security.SslProtocols protocols, SslVerification verification, X509Certificate? root)
        {
            List<HostCertificate> roots = Roots(root);
            DateTime now = DeviceClock.Current.UtcNow;
            SslClientAuthenticationOptions options = new()
            {
                TargetHost = host,
                EnabledSslProtocols = Versions(protocols),
                CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
                RemoteCertificateValidationCallback = (_, certificate, chain, _) =>
                    verification != SslVerification.CertificateRequired
                    || (certificate is HostCertificate leaf && IsTrusted(leaf, chain!.ChainPolicy.ExtraStore, host, roots, now)),
            };
            SslStream tls = new(transport, leaveInnerStreamOpen: true);
            try
            {
                tls.AuthenticateAsClient(options);
                return tls;
            }
            catch (Exception e) when (e is AuthenticationException or IOException or ObjectDisposedException)
            {
                tls.Dispose();

                // mbedTLS' own number is not to be had here.
                throw new SocketException(SocketError.SocketError);
            }
        }

        /// <summary>What is given adds to the device's store and does not replace it; it must be readable to the last.</summary>
        private static List<HostCertificate> Roots(X509Certificate? root)
        {
            List<HostCertificate> roots = CertificateReader.Read(DeviceCertificateStore.Roots, out _);
            if (root is not null)
            {
                roots.AddRange(CertificateReader.Read(root.GetRawCertData() ?? [], out int broken));
                if (broken > 0)
                {
                    throw new SocketException(SocketError.SocketError);
                }
            }

            return roots;
        }

        /// <summary>1.2 is the least that the firmware speaks; no update request at all means 1.3.</summary>
        private static HostProtocols Versions(System.Net.Security.SslProtocols protocols)
        {
            bool newest = protocols.HasFlag(System.Net.Security.SslProtocols.Tls13);
            bool older = (protocols & ~System.Net.Security.SslProtocols.Tls13) != 0;
            return older ? HostProtocols.Tls12 | (newest ? HostProtocols.Tls13 : 0) : HostProtocols.Tls13;
        }

        private static bool IsTrusted(
            HostCertificate leaf,
            Net::System.Security.Cryptography.X509Certificates.X509Certificate2Collection sent,
            string host,
            List<HostCertificate> roots,
            DateTime now)
        {
            using Net::System.Security.Cryptography.X509Certificates.X509Chain chain = new();
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.CustomTrustStore.AddRange(roots.ToArray());
            chain.ChainPolicy.ExtraStore.AddRange(sent);
            chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            chain.ChainPolicy.DisableCertificateDownloads = true;
            chain.ChainPolicy.VerificationTime = now.ToLocalTime();
            chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ServerAuthentication));
            bool isChained = chain.Build(leaf)

                // mbedTLS is content with any certificate in the list, the host wants one that signed itself.
                || (chain.ChainStatus.All(status => status.Status == X509ChainStatusFlags.PartialChain)
                    && roots.Exists(root => root.RawDataMemory.Span.SequenceEqual(chain.ChainElements[^1].Certificate.RawDataMemory.Span)));
            return isChained && leaf.MatchesHostname(host);
        }
    }
}
