using System.Text;
using nanoOta.Tests.Servers;

namespace nanoOta.Tests.Tool
{
    public sealed class TransportTests : IDisposable
    {
        private readonly Workshop _workshop = new();
        private readonly TestAuthority _authority = new();

        public void Dispose()
        {
            _authority.Dispose();
            _workshop.Dispose();
        }

        [Fact]
        public void With_https_only_no_manifest_is_taken_over_plain_http()
        {
            _workshop.Pack("1.1.0");
            string device = _workshop.Device();
            AssertEnds(_workshop.Request(device, "1.1.0", "--https-only"), 3, "InsecureTransport");
            AssertEnds(ToolResult.Of("device", "run", "--state", device, "--manifest-url", _workshop.Container + "/v1_1_0.json", "--https-only", "--json"), 3, "InsecureTransport");
            Assert.DoesNotContain(_workshop.Requests, request => request.Path.EndsWith(".bin", StringComparison.Ordinal));
        }

        [Fact]
        public void A_hash_from_the_twin_makes_plain_http_good_enough()
        {
            byte[] image = File.ReadAllBytes(_workshop.Image("1.1.0"));
            string hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(image));
            string url = _workshop.Server.Url + Path.GetFileName(_workshop.Image("1.1.0"));
            string desired = $$"""{"update":{"version":"1.1.0","url":"{{url}}","size":{{image.Length}},"sha256":"{{hash}}"} }""";
            AssertEnds(_workshop.Twin(_workshop.Device(), desired, "--https-only"), 0, "Applied");
        }

        [Fact]
        public void A_server_is_verified_with_the_certificate_given()
        {
            using ScriptedServer server = Serve(_authority, 2);
            AssertEnds(Request(server, _authority.Pem), 0, "Applied");
            Assert.All(server.Heads, head => Assert.StartsWith("GET /firmware/v1_1_0.", head));
        }

        [Fact]
        public void A_server_of_another_authority_is_not_believed()
        {
            using var other = new TestAuthority("Other");
            using ScriptedServer server = Serve(other, 8);
            AssertEnds(Request(server, _authority.Pem), 3, "Unreachable");
            Assert.Empty(server.Heads);
        }

        private ScriptedServer Serve(TestAuthority authority, int connections)
        {
            _workshop.Pack("1.1.0");
            return new ScriptedServer(authority.Issue(), [.. Enumerable.Repeat<Action<ServedConnection>>(connection =>
            {
                string path = connection.ReadHead().Split(' ')[1];
                byte[] file = File.ReadAllBytes(_workshop.PathOf(path[1..]));
                connection.Send([.. Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {file.Length}\r\n\r\n"), .. file]);
            }, connections)]);
        }

        private ToolResult Request(ScriptedServer server, string pem)
        {
            string desired = $$"""{"updateVersion":"1.1.0","updateUrl":"{{server.Url("/firmware")}}"}""";
            return _workshop.Twin(_workshop.Device(), desired, "--https-only", "--ca", _workshop.Write("ca.pem", pem));
        }

        private static void AssertEnds(ToolResult run, int exit, string code)
        {
            Assert.True((exit, code) == (run.ExitCode, (string?)run.Last["code"]), run.Output);
        }
    }
}
