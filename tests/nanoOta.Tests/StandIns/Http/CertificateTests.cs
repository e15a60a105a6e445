using System.Security.Cryptography;
using System.Text;
using nanoOta.Tests.Servers;

namespace nanoOta.Tests.StandIns.Http
{
    /// <summary>Certificates as device code sees them: facts/nanoframework.md, section 5; nf-interpreter a3e8139a.</summary>
    public sealed class CertificateTests : IDisposable
    {
        private readonly TestAuthority _authority = new();

        public void Dispose() => _authority.Dispose();

        [Fact]
        public void Names_come_in_the_order_of_the_encoding_and_dates_in_UTC()
        {
            DeviceCertificate certificate = new(_authority.Root.RawData);

            // .NET encodes the names of the request last part first.
            Assert.Equal("O=nanoOta, CN=Test Root", certificate.Subject);
            Assert.Equal("O=nanoOta, CN=Test Root", certificate.Issuer);
            Assert.Equal(new DateTime(2020, 1, 1), certificate.GetEffectiveDate());
            Assert.Equal(new DateTime(2040, 1, 1), certificate.GetExpirationDate());
            Assert.Equal(_authority.Root.RawData, certificate.GetRawCertData());
        }

        [Fact]
        public void PEM_in_bytes_needs_a_zero_at_its_end_and_a_string_gets_one()
        {
            byte[] pem = Encoding.UTF8.GetBytes(_authority.Pem);
            Assert.Throws<ArgumentException>(() => new DeviceCertificate(pem));
            Assert.NotNull(new DeviceCertificate([.. pem, 0]).Subject);
            Assert.Equal([.. pem, 0], new DeviceCertificate(_authority.Pem).GetRawCertData());
        }

        [Theory]
        [InlineData("")]
        [InlineData("no certificate")]
        [InlineData("-----BEGIN CERTIFICATE-----\nMAAA\n-----END CERTIFICATE-----")]
        public void What_is_no_certificate_is_refused(string text)
        {
            Assert.Throws<ArgumentException>(() => new DeviceCertificate(text));
            Assert.Throws<ArgumentException>(() => new DeviceCertificate(Encoding.UTF8.GetBytes(text)));
        }

        [Fact]
        public void Keys_may_be_RSA_or_elliptic_and_PEM_or_DER()
        {
            using ECDsa curve = ECDsa.Create();
            using RSA rsa = RSA.Create(1024);
            byte[] der = _authority.Root.RawData;
            byte[][] keys =
            [
                Encoding.UTF8.GetBytes(curve.ExportECPrivateKeyPem() + '\0'),
                Encoding.UTF8.GetBytes(rsa.ExportPkcs8PrivateKeyPem() + '\0'),
                curve.ExportPkcs8PrivateKey(),
                curve.ExportECPrivateKey(),
                rsa.ExportRSAPrivateKey(),
            ];
            Assert.All(keys, key => Assert.True(new DeviceCertificate2(der, key, "").HasPrivateKey));

            PbeParameters encryption = new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000);
            string encrypted = curve.ExportEncryptedPkcs8PrivateKeyPem("secret", encryption);
            Assert.Equal(encrypted + '\0', Encoding.UTF8.GetString(new DeviceCertificate2(der, encrypted, "secret").PrivateKey!));
            Assert.Throws<ArgumentException>(() => new DeviceCertificate2(der, encrypted, "wrong"));
        }

        [Fact]
        public void What_is_no_private_key_is_refused()
        {
            using ECDsa curve = ECDsa.Create();
            byte[] der = _authority.Root.RawData;
            Assert.Throws<ArgumentException>(() => new DeviceCertificate2(der, [1, 2, 3], ""));
            Assert.Throws<ArgumentException>(() => new DeviceCertificate2(der, curve.ExportSubjectPublicKeyInfoPem(), ""));
            Assert.Throws<ArgumentException>(
                () => new DeviceCertificate2(der, Encoding.UTF8.GetBytes(curve.ExportECPrivateKeyPem()), ""));
            Assert.False(new DeviceCertificate2(der).HasPrivateKey);
        }
    }
}
