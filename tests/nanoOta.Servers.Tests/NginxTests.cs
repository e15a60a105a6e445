using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using nanoOta.Tests.Servers;
using nanoOta.Tests.Tool;

namespace nanoOta.Servers.Tests
{
    /// <summary>Updates from nginx over https, as many have it in the house.</summary>
    public sealed class NginxTests : IDisposable
    {
        private const string Program = "/usr/sbin/nginx";

        private readonly Workshop _workshop = new();
        private readonly TestAuthority _authority = new();
        private readonly int _port = FreePort();
        private readonly ServerProcess _process;

        public NginxTests()
        {
            Assert.True(File.Exists(Program), $"{Program} is not there: apt-get install nginx-light.");
            using X509Certificate2 certificate = _authority.Issue();
            using ECDsa key = certificate.GetECDsaPrivateKey()!;
            _workshop.Write("server.pem", certificate.ExportCertificatePem());
            _workshop.Write("server.key", key.ExportPkcs8PrivateKeyPem());
            string folder = _workshop.Folder;
            string configuration = _workshop.Write("nginx.conf", $$"""
                daemon off;
                master_process off;
                pid {{folder}}/nginx.pid;
                error_log stderr notice;
                events {}
                http {
                    access_log off;
                    client_body_temp_path {{folder}}/body;
                    proxy_temp_path {{folder}}/proxy;
                    fastcgi_temp_path {{folder}}/fastcgi;
                    uwsgi_temp_path {{folder}}/uwsgi;
                    scgi_temp_path {{folder}}/scgi;
                    server {
                        listen 127.0.0.1:{{_port}} ssl;
                        ssl_certificate {{folder}}/server.pem;
                        ssl_certificate_key {{folder}}/server.key;
                        ssl_protocols TLSv1.2;
                        root {{folder}};
                        location /away/ { return 302 http://127.0.0.1:{{_port}}/firmware/; }
                    }
                }
                """);
            _process = new ServerProcess(new ProcessStartInfo(Program, ["-p", folder, "-c", configuration]), line => line.Contains(" OS: ") ? line : null);
            _process.WaitUntilReady();
        }

        public void Dispose()
        {
            _process.Dispose();
            _authority.Dispose();
            _workshop.Dispose();
        }

        [Fact]
        public void A_manifest_that_is_watched_leads_to_a_confirmed_update()
        {
            _workshop.Pack("1.1.0");
            string[] args = ["device", "run", "--state", _workshop.Device(), "--manifest-url", $"https://127.0.0.1:{_port}/firmware/v1_1_0.json", "--https-only", "--ca", Authority(), "--json"];
            AssertEnds(ToolResult.Of(args), 0, "1.1.0", "Applied");
        }

        [Fact]
        public void After_a_power_cut_the_download_goes_on_by_a_range()
        {
            Assert.Equal(0, ToolResult.Of("pack", _workshop.Image("1.1.0", 400_000), "--version", "1.1.0", "--out", _workshop.PathOf("firmware")).ExitCode);
            string device = _workshop.Device();
            Assert.Equal("cut", (string?)Request(device, "firmware", "--cut-after", "150").Last["event"]);
            ToolResult run = Request(device, "firmware");
            AssertEnds(run, 0, "1.1.0", "Applied");
            Assert.InRange((long)run.Last["bytesFetched"]!, 1, 400_000 - 65536);
        }

        [Theory]
        [InlineData("none", "NotFound")]
        [InlineData("away", "RedirectRefused")]
        public void What_cannot_be_had_is_told_with_its_reason(string folder, string code)
        {
            _workshop.Pack("1.1.0");
            AssertEnds(Request(_workshop.Device(), folder), 3, "1.0.0", code);
        }

        private ToolResult Request(string device, string folder, params string[] more)
        {
            return _workshop.Twin(device, $$"""{"updateVersion":"1.1.0","updateUrl":"https://127.0.0.1:{{_port}}/{{folder}}"}""", ["--https-only", "--ca", Authority(), .. more]);
        }

        private string Authority() => _workshop.Write("ca.pem", _authority.Pem);

        private static int FreePort()
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            return ((IPEndPoint)listener.LocalEndpoint).Port;
        }

        private static void AssertEnds(ToolResult run, int exit, string version, string code)
        {
            Assert.True((exit, version, code) == (run.ExitCode, (string?)run.Last["version"], (string?)run.Last["code"]), run.Output);
        }
    }
}
