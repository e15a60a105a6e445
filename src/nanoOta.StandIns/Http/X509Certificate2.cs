using System.Text;
using nanoOta.StandIns;

namespace System.Security.Cryptography.X509Certificates
{
    /// <summary>A certificate, perhaps with its private key.</summary>
    public class X509Certificate2 : X509Certificate
    {
        /// <summary>No certificate.</summary>
        public X509Certificate2()
        {
        }

        /// <inheritdoc cref="X509Certificate(byte[])"/>
        public X509Certificate2(byte[] rawData)
            : base(rawData)
        {
        }

        /// <inheritdoc cref="X509Certificate(string)"/>
        public X509Certificate2(string certificate)
            : base(certificate)
        {
        }

        /// <inheritdoc cref="X509Certificate2(byte[], byte[], string)"/>
        public X509Certificate2(string rawData, string key, string? password)
            : base(rawData)
        {
            PrivateKey = Check(Encoding.UTF8.GetBytes(key + '\0'), password);
        }

        /// <inheritdoc cref="X509Certificate2(byte[], byte[], string)"/>
        public X509Certificate2(byte[] rawData, string key, string? password)
            : base(rawData)
        {
            PrivateKey = Check(Encoding.UTF8.GetBytes(key + '\0'), password);
        }

        /// <summary>Takes a certificate and its key, each DER or zero-ended PEM.</summary>
        /// <exception cref="ArgumentException">One of them cannot be read. Whether they belong together is not asked.</exception>
        public X509Certificate2(byte[] rawData, byte[] key, string? password)
            : base(rawData)
        {
            PrivateKey = Check(key, password);
        }

        /// <summary>Whether a key was given.</summary>
        public bool HasPrivateKey => PrivateKey is not null;

        /// <summary>Valid to, UTC.</summary>
        public DateTime NotAfter => GetExpirationDate();

        /// <summary>Valid from, UTC.</summary>
        public DateTime NotBefore => GetEffectiveDate();

        /// <summary>The key as given.</summary>
        public byte[]? PrivateKey { get; }

        /// <summary>The whole certificate, as on the device.</summary>
        public byte[]? PublicKey => RawData;

        /// <summary>The bytes given.</summary>
        public byte[]? RawData => base.GetRawCertData();

        private static byte[] Check(byte[] key, string? password)
        {
            return PrivateKeyReader.CanRead(key, password) ? key : throw new ArgumentException(string.Empty);
        }
    }
}
