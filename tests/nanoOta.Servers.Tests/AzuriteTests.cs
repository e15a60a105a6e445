using nanoOta.Tests.Servers;
using nanoOta.Tests.Tool;

namespace nanoOta.Servers.Tests
{
    /// <summary>Updates from blob storage, with shared access signatures as an operator makes them.</summary>
    public sealed class AzuriteTests : IDisposable
    {
        private readonly Workshop _workshop = new();
        private readonly TestAuthority _authority = new();

        public void Dispose()
        {
            _authority.Dispose();
            _workshop.Dispose();
        }

        [Theory]
        [InlineData(false)]
        [InlineData(true)]
        public void A_container_and_its_signature_in_the_twin_lead_to_a_confirmed_update(bool https)
        {
            using var azurite = new Azurite(https ? _authority : null);
            _workshop.Pack("1.1.0");
            (string url, string sas, _) = azurite.Upload(_workshop.PathOf("firmware"));
            Assert.StartsWith(https ? "https://127.0.0.1:" : "http://127.0.0.1:", url);
            ToolResult run = Request(_workshop.Device(), url, sas, https);
            AssertEnds(run, 0, "1.1.0", "Applied");
            Assert.Equal(40000 + new FileInfo(_workshop.PathOf("firmware/v1_1_0.json")).Length, (long)run.Last["bytesFetched"]!);
            Assert.DoesNotContain("sig=", run.Output + run.Error);
        }

        [Fact]
        public void An_inline_offer_with_its_own_signature_is_followed()
        {
            using var azurite = new Azurite(_authority);
            _workshop.Pack("1.1.0");
            (string url, string sas, _) = azurite.Upload(_workshop.PathOf("firmware"));
            byte[] image = File.ReadAllBytes(_workshop.PathOf("firmware/v1_1_0.bin"));
            string hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(image));
            string desired = $$"""{"update":{"version":"1.1.0","url":"{{url}}/v1_1_0.bin","size":{{image.Length}},"sha256":"{{hash}}","sas":"{{sas}}"} }""";
            AssertEnds(_workshop.Twin(_workshop.Device(), desired, "--https-only", "--ca", _workshop.Write("ca.pem", _authority.Pem)), 0, "1.1.0", "Applied");
        }

        [Fact]
        public void A_signature_that_has_expired_or_is_wrong_or_missing_opens_nothing()
        {
            using var azurite = new Azurite(_authority);
            _workshop.Pack("1.1.0");
            (string url, string sas, string expired) = azurite.Upload(_workshop.PathOf("firmware"));
            string device = _workshop.Device();
            AssertEnds(Request(_workshop.Copy(device), url, expired, https: true), 3, "1.0.0", "AccessDenied");
            AssertEnds(Request(_workshop.Copy(device), url, sas.Replace("sig=", "sig=A"), https: true), 3, "1.0.0", "AccessDenied");
            AssertEnds(Request(_workshop.Copy(device), url, "", https: true), 3, "1.0.0", "AccessDenied");

            // A new token is another try, on the same device.
            AssertEnds(Request(device, url, expired, https: true), 3, "1.0.0", "AccessDenied");
            AssertEnds(Request(device, url, sas, https: true), 0, "1.1.0", "Applied");
        }

        [Fact]
        public void A_version_that_is_not_in_the_container_is_said_to_be_missing()
        {
            using var azurite = new Azurite(null);
            _workshop.Pack("1.2.0");
            (string url, string sas, _) = azurite.Upload(_workshop.PathOf("firmware"));
            AssertEnds(Request(_workshop.Device(), url, sas, https: false), 3, "1.0.0", "NotFound");
        }

        [Fact]
        public void After_a_power_cut_the_download_goes_on_by_a_range()
        {
            using var azurite = new Azurite(_authority);
            _workshop.Pack("1.0.1");
            File.Delete(_workshop.PathOf("firmware/v1_0_1.json"));
            ToolResult pack = ToolResult.Of("pack", _workshop.Image("1.1.0", 400_000), "--version", "1.1.0", "--out", _workshop.PathOf("firmware"));
            Assert.Equal(0, pack.ExitCode);
            (string url, string sas, _) = azurite.Upload(_workshop.PathOf("firmware"));
            string device = _workshop.Device();
            ToolResult cut = Request(device, url, sas, https: true, "--cut-after", "150");
            Assert.Equal((9, "cut"), (cut.ExitCode, (string?)cut.Last["event"]));
            ToolResult run = Request(device, url, sas, https: true);
            AssertEnds(run, 0, "1.1.0", "Applied");
            long manifest = new FileInfo(_workshop.PathOf("firmware/v1_1_0.json")).Length;
            Assert.InRange((long)run.Last["bytesFetched"]!, manifest + 1, manifest + 400_000 - 65536);
        }

        [Fact]
        public void A_blob_that_is_not_what_the_manifest_says_is_not_installed()
        {
            using var azurite = new Azurite(_authority);
            _workshop.Pack("1.1.0");
            File.Copy(_workshop.Image("1.1.0", seed: 5), _workshop.PathOf("firmware/v1_1_0.bin"), overwrite: true);
            (string url, string sas, _) = azurite.Upload(_workshop.PathOf("firmware"));
            AssertEnds(Request(_workshop.Device(), url, sas, https: true), 3, "1.0.0", "HashMismatch");
        }

        [Fact]
        public void A_storage_whose_certificate_another_authority_signed_is_not_believed()
        {
            using var other = new TestAuthority("Other");
            using var azurite = new Azurite(other);
            _workshop.Pack("1.1.0");
            (string url, string sas, _) = azurite.Upload(_workshop.PathOf("firmware"));
            AssertEnds(Request(_workshop.Device(), url, sas, https: true), 3, "1.0.0", "Unreachable");
        }

        private ToolResult Request(string device, string url, string sas, bool https, params string[] more)
        {
            string token = sas.Length == 0 ? "" : $$""","updateToken":"{{sas}}" """;
            string desired = $$"""{"updateVersion":"1.1.0","updateUrl":"{{url}}"{{token}}}""";
            string[] tls = https ? ["--https-only", "--ca", _workshop.Write("ca.pem", _authority.Pem)] : [];
            return _workshop.Twin(device, desired, [.. tls, .. more]);
        }

        private static void AssertEnds(ToolResult run, int exit, string version, string code)
        {
            Assert.True((exit, version, code) == (run.ExitCode, (string?)run.Last["version"], (string?)run.Last["code"]), run.Output);
        }
    }
}
