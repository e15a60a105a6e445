extern alias Net;

using System.Text;
using nanoOta.StandIns;
using HostCertificate = Net::System.Security.Cryptography.X509Certificates.X509Certificate2;
using HostNameFlags = Net::System.Security.Cryptography.X509Certificates.X500DistinguishedNameFlags;

namespace System.Security.Cryptography.X509Certificates
{
    /// <summary>A certificate, or several in PEM one after the other; names and dates are the first one's.</summary>
    public class X509Certificate
    {
        private readonly byte[]? _certificate;
        private readonly string? _issuer;
        private readonly string? _subject;
        private readonly DateTime _effectiveDate;
        private readonly DateTime _expirationDate;

        /// <summary>No certificate.</summary>
        public X509Certificate()
        {
        }

        /// <summary>Takes DER, or PEM that a zero byte ends: without that byte PEM is refused.</summary>
        /// <exception cref="ArgumentException">Not one certificate in it can be read.</exception>
        public X509Certificate(byte[] certificate)
        {
            ArgumentNullException.ThrowIfNull(certificate);
            _certificate = certificate;
            List<HostCertificate> found = CertificateReader.Read(certificate, out _);
            if (found.Count == 0)
            {
                throw new ArgumentException(string.Empty);
            }

            // The device names the parts in the order of the encoding, .NET's Subject in the reverse one.
            _issuer = found[0].IssuerName.Decode(HostNameFlags.None);
            _subject = found[0].SubjectName.Decode(HostNameFlags.None);
            _effectiveDate = found[0].NotBefore.ToUniversalTime();
            _expirationDate = found[0].NotAfter.ToUniversalTime();
        }

        /// <summary>Takes PEM.</summary>
        /// <exception cref="ArgumentException">Not one certificate in it can be read.</exception>
        public X509Certificate(string certificate)
            : this(Encoding.UTF8.GetBytes(certificate + '\0'))
        {
        }

        /// <summary>Who signed it.</summary>
        public virtual string? Issuer => _issuer;

        /// <summary>Whose it is.</summary>
        public virtual string? Subject => _subject;

        /// <summary>Valid from, UTC.</summary>
        public virtual DateTime GetEffectiveDate() => _effectiveDate;

        /// <summary>Valid to, UTC.</summary>
        public virtual DateTime GetExpirationDate() => _expirationDate;

        /// <summary>The bytes given, with the terminating zero of PEM.</summary>
        public virtual byte[]? GetRawCertData() => _certificate;
    }
}
