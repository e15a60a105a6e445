extern alias StandIns;

using System.Text;
using nanoOta.Tests.Devices;
using nanoOta.Tests.Servers;

namespace nanoOta.Tests.Attacks
{
    /// <summary>Attacks that only a real connection can carry: the device fetches with HttpImageSource, from 127.0.0.1.</summary>
    public sealed class HttpAttackTests : IDisposable
    {
        // What is tried eight times with back-off is connected to as often.
        private const int MostConnections = 8;

        private readonly Victim _victim = new();
        private readonly TestAuthority _authority = new();

        public void Dispose()
        {
            _authority.Dispose();
        }

        [Fact]
        public void Redirect_to_another_host_is_not_followed()
        {
            using var other = new ScriptedServer();
            using var server = new ScriptedServer(EachTime(ScriptedServer.Answer(Redirect($"http://localhost:{other.Port}/v1_1_0.json"))));
            Withstands(server, ResultCode.RedirectRefused, o => o.AllowUnsignedHttp = true);
            Assert.Equal((MostConnections, 0), (server.Accepted, other.Accepted));
        }

        [Fact]
        public void Redirect_of_an_image_to_another_host_is_not_followed()
        {
            using var other = new ScriptedServer();
            byte[] manifest = _victim.Bench.Server.Get(Bench.Container + "v1_1_0.json")!;
            using var server = new ScriptedServer([
                ScriptedServer.Answer($"HTTP/1.1 200 OK\r\nContent-Length: {manifest.Length}\r\n\r\n{Encoding.UTF8.GetString(manifest)}"),
                .. EachTime(ScriptedServer.Answer(Redirect($"http://localhost:{other.Port}/v1_1_0.bin")))]);
            Withstands(server, ResultCode.RedirectRefused, o => o.AllowUnsignedHttp = true);
            Assert.Equal((1 + MostConnections, 0), (server.Accepted, other.Accepted));
        }

        [Fact]
        public void Redirect_in_a_circle_is_followed_eight_times()
        {
            const int Requests = 1 + 8;
            using var server = new ScriptedServer([.. Enumerable.Repeat(ScriptedServer.Answer(Redirect("/firmware/v1_1_0.json")), MostConnections * Requests + 1)]);
            Withstands(server, ResultCode.TooManyRedirects, o => o.AllowUnsignedHttp = true);
            Assert.Equal(MostConnections * Requests, server.Accepted);
        }

        [Fact]
        public void Downgraded_transport_in_the_request_is_refused_without_a_connection()
        {
            using var server = new ScriptedServer();
            Withstands(server, ResultCode.InsecureTransport);
            Assert.Equal(0, server.Accepted);
        }

        [Fact]
        public void Downgraded_transport_by_a_redirect_is_refused()
        {
            using var plain = new ScriptedServer();
            using var server = new ScriptedServer(_authority.Issue(), EachTime(ScriptedServer.Answer(Redirect(plain.Url("/v1_1_0.json")))));

            // Although the host is one that a redirect may lead to.
            Withstands(server, ResultCode.RedirectRefused, o => o.AllowedHosts = [$"127.0.0.1:{server.Port}", $"127.0.0.1:{plain.Port}"]);
            Assert.Equal((MostConnections, 0), (server.Accepted, plain.Accepted));
        }

        [Fact]
        public void Downgraded_transport_by_a_server_without_TLS_is_refused()
        {
            using var server = new ScriptedServer(EachTime(connection => connection.ReadBody(1)));
            Withstands(server, ResultCode.Unreachable, url: server.Url().Replace("http:", "https:"));
            Assert.InRange(server.Accepted, 1, MostConnections);
        }

        [Fact]
        public void Downgraded_transport_by_another_authority_s_certificate_is_refused()
        {
            using var other = new TestAuthority("Other");
            using var server = new ScriptedServer(other.Issue(), EachTime(ScriptedServer.Answer("HTTP/1.1 200 OK\r\n\r\n")));
            Withstands(server, ResultCode.Unreachable);
            Assert.Empty(server.Heads);
            Assert.InRange(server.Accepted, 1, MostConnections);
        }

        private static Action<ServedConnection>[] EachTime(Action<ServedConnection> answer)
        {
            return [.. Enumerable.Repeat(answer, MostConnections)];
        }

        private static string Redirect(string to)
        {
            return $"HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n";
        }

        private void Withstands(ScriptedServer server, ResultCode code, Action<UpdateAgentOptions>? configure = null, string? url = null)
        {
            _victim.Bench.Configure = configure;
            _victim.Bench.Source = options => new HttpImageSource(options, new DeviceCertificate(_authority.Pem));
            _victim.Bench.Desired = $$"""{"updateVersion":"1.1.0","updateUrl":"{{url ?? server.Url("/firmware/")}}"}""";
            _victim.Withstands(code);
        }
    }
}
