using System.Security.Cryptography.X509Certificates;
using System.Text;
using nanoOta.Tests.Servers;
using HostProtocols = System.Security.Authentication.SslProtocols;

namespace nanoOta.Tests.StandIns.Http
{
    /// <summary>Whom the device trusts: facts/nanoframework.md, section 3; details from nf-interpreter a3e8139a and mbedTLS.</summary>
    public sealed class TlsTests : IDisposable
    {
        private const string Answer = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

        private static readonly DateTimeOffset _firstOfMay = new(2026, 5, 1, 0, 0, 0, TimeSpan.Zero);

        private readonly TestAuthority _authority = new();

        public TlsTests()
        {
            DeviceClock.Current = new ManualClock(_firstOfMay.UtcDateTime);
        }

        public void Dispose() => _authority.Dispose();

        [Fact]
        public void A_server_under_the_given_root_is_trusted()
        {
            Assert.Equal("hello", Fetch(_authority.Issue(), _authority.Pem));
        }

        [Fact]
        public void A_server_under_another_root_of_the_same_name_is_not()
        {
            using TestAuthority other = new();
            AssertRefused(_authority.Issue(), other.Pem);
        }

        [Fact]
        public void Without_given_root_the_devices_store_is_asked_and_that_is_empty_at_first()
        {
            AssertRefused(_authority.Issue(), null);
            DeviceCertificateStore.Roots = Encoding.UTF8.GetBytes(_authority.Pem + '\0');
            Assert.Equal("hello", Fetch(_authority.Issue(), null));
        }

        [Fact]
        public void A_given_root_adds_to_the_store_and_does_not_replace_it()
        {
            using TestAuthority other = new("Other Root");
            DeviceCertificateStore.Roots = _authority.Root.RawData;
            Assert.Equal("hello", Fetch(_authority.Issue(), other.Pem));
        }

        [Fact]
        public void Several_roots_may_follow_one_another()
        {
            using TestAuthority other = new("Other Root");
            Assert.Equal("hello", Fetch(_authority.Issue(), other.Pem + "\n" + _authority.Pem));
        }

        [Fact]
        public void Of_the_roots_given_each_must_be_readable()
        {
            string broken = "-----BEGIN CERTIFICATE-----\nMAAA\n-----END CERTIFICATE-----\n";
            AssertRefused(_authority.Issue(), _authority.Pem + "\n" + broken);
        }

        [Fact]
        public void An_intermediate_certificate_will_do_as_root()
        {
            using TestAuthority intermediate = _authority.Delegate("Test Intermediate");
            Assert.Equal("hello", Fetch(intermediate.Issue(), intermediate.Pem));
            AssertRefused(_authority.Issue(), intermediate.Pem);
        }

        [Theory]
        [InlineData("localhost", "localhost", true)]
        [InlineData("127.0.0.1", "localhost", false)]
        [InlineData("localhost", "127.0.0.1", false)]
        [InlineData("example.com", "localhost", false)]
        public void The_name_in_the_certificate_must_be_the_hosts(string issuedTo, string host, bool isGood)
        {
            if (isGood)
            {
                Assert.Equal("hello", Fetch(_authority.Issue(issuedTo), _authority.Pem, host));
            }
            else
            {
                AssertRefused(_authority.Issue(issuedTo), _authority.Pem, host);
            }
        }

        [Fact]
        public void Dates_are_held_against_the_devices_clock()
        {
            X509Certificate2 may = _authority.Issue(from: _firstOfMay, to: _firstOfMay.AddDays(30));
            DeviceClock.Current = new ManualClock(_firstOfMay.AddMinutes(1).UtcDateTime);
            Assert.Equal("hello", Fetch(may, _authority.Pem));
            DeviceClock.Current = new ManualClock(_firstOfMay.AddDays(31).UtcDateTime);
            AssertRefused(may, _authority.Pem);
            DeviceClock.Current = new ManualClock(new DateTime(1970, 1, 1, 0, 0, 0, DateTimeKind.Utc));
            AssertRefused(may, _authority.Pem);
        }

        [Theory]
        [InlineData((DeviceSslVerification)0)]
        [InlineData(DeviceSslVerification.NoVerification)]
        [InlineData(DeviceSslVerification.VerifyPeer)]
        [InlineData(DeviceSslVerification.VerifyClientOnce)]
        public void Nothing_is_verified_unless_the_certificate_is_required(DeviceSslVerification verification)
        {
            X509Certificate2 expiredAndForAnother = _authority.Issue("example.com", to: _firstOfMay.AddDays(-1));
            Assert.Equal("hello", Fetch(expiredAndForAnother, null, verification: verification));
        }

        [Theory]
        [InlineData(DeviceSslProtocols.Tls12, HostProtocols.Tls12)]
        [InlineData(DeviceSslProtocols.Tls13, HostProtocols.Tls13)]
        [InlineData(DeviceSslProtocols.Tls12 | DeviceSslProtocols.Tls13, HostProtocols.Tls13)]
        [InlineData(DeviceSslProtocols.None, HostProtocols.Tls13)]
        [InlineData((DeviceSslProtocols)192, HostProtocols.Tls12)]
        public void The_version_of_TLS_is_the_one_asked_for_and_1_3_when_none_is(DeviceSslProtocols asked, HostProtocols expected)
        {
            HostProtocols used = HostProtocols.None;
            using ScriptedServer server = new(_authority.Issue(), connection =>
            {
                used = connection.Tls!.SslProtocol;
                ScriptedServer.Answer(Answer)(connection);
            });
            DeviceHttpRequest request = Requests.To(server.Url());
            request.SslProtocols = asked;
            using DeviceHttpResponse response = (DeviceHttpResponse)request.GetResponse();
            Requests.ReadToEnd(response);
            Assert.Equal(expected, used);
        }

        [Theory]
        [InlineData(false, false)]
        [InlineData(true, false)]
        [InlineData(true, true)]
        public void An_early_close_is_0_with_or_without_farewell(bool isCut, bool withinRecord)
        {
            using ScriptedServer server = new(_authority.Issue(), connection =>
            {
                connection.ReadHead();
                connection.Send("HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n" + new string('x', 600));
                if (isCut)
                {
                    connection.CutTls(withinRecord);
                }
            });
            using DeviceHttpResponse response = Requests.Get(server.Url());
            Assert.Equal(600, Requests.ReadToEnd(response, 600).Length);
        }

        [Fact]
        public void A_server_without_TLS_is_refused()
        {
            using ScriptedServer server = new(connection => connection.Send("HTTP/1.1 400 Bad Request\r\n\r\n"));
            Requests.Failure<DeviceSocketException>(() => Requests.Get($"https://127.0.0.1:{server.Port}/"));
        }

        private static void AssertRefused(X509Certificate2 certificate, string? root, string host = "127.0.0.1")
        {
            Requests.Failure<DeviceSocketException>(() => Fetch(certificate, root, host));
        }

        private static string Fetch(
            X509Certificate2 certificate, string? root, string host = "127.0.0.1",
            DeviceSslVerification verification = DeviceSslVerification.CertificateRequired)
        {
            using ScriptedServer server = new(certificate, ScriptedServer.Answer(Answer));
            DeviceHttpRequest request = Requests.To(server.Url(host: host));
            request.SslProtocols = DeviceSslProtocols.Tls12;
            request.SslVerification = verification;
            request.HttpsAuthentCert = root is null ? null : new DeviceCertificate(root);
            using DeviceHttpResponse response = (DeviceHttpResponse)request.GetResponse();
            return Requests.ReadToEnd(response);
        }
    }
}
