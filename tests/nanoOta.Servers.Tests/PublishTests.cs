using System.Text.Json.Nodes;
using Azure.Core;
using Azure.Storage.Blobs;
using Azure.Storage.Sas;
using nanoOta.Tests.Servers;
using nanoOta.Tests.Tool;
using nanoOta.Tool;
using nanoOta.Tool.Publishing;

namespace nanoOta.Servers.Tests
{
    /// <summary><c>nanoota publish</c> against Azurite: the code that runs against blob storage, unchanged.</summary>
    public sealed class PublishTests : IDisposable
    {
        private readonly Workshop _workshop = new();
        private readonly Azurite _azurite = new(null);

        private string From => _workshop.PathOf("firmware");

        public void Dispose()
        {
            _azurite.Dispose();
            _workshop.Dispose();
        }

        [Fact]
        public void What_was_published_updates_a_device_with_the_signature_made_for_it()
        {
            // Several blocks, sent in parallel.
            Assert.Equal(0, ToolResult.Of("pack", _workshop.Image("1.1.0", 900_000), "--version", "1.1.0", "--out", From).ExitCode);
            string token = _workshop.PathOf("token");
            ToolResult publish = Publish("--container", "firmware", "--token-out", token);
            Assert.True(publish.ExitCode == 0, publish.Error);
            string sas = File.ReadAllText(token);
            Assert.DoesNotContain("sig=", publish.Output);
            Assert.Contains("sp=r&", sas + "&");
            ToolResult run = _workshop.Twin(_workshop.Device(), $$"""{"updateVersion":"1.1.0","updateUrl":"{{publish.Last["container"]}}","updateToken":"{{sas}}"}""");
            Assert.True((0, "1.1.0") == (run.ExitCode, (string?)run.Last["version"]), run.Output);

            var blob = new BlobClient(_azurite.ConnectionString, "firmware", "v1_1_0.bin", new BlobClientOptions(BlobClientOptions.ServiceVersion.V2024_11_04));
            Azure.Storage.Blobs.Models.BlobProperties properties = blob.GetProperties(cancellationToken: TestContext.Current.CancellationToken).Value;
            byte[] bytes = File.ReadAllBytes(Path.Combine(From, "v1_1_0.bin"));
            Assert.Equal(System.Security.Cryptography.MD5.HashData(bytes), properties.ContentHash);
            Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)), properties.Metadata["sha256"]);
        }

        [Fact]
        public void A_version_is_published_once_and_never_overwritten()
        {
            _workshop.Pack("1.1.0");
            Assert.Equal(2, (int)Publish("--container", "firmware").Last["new"]!);
            Assert.Equal(0, (int)Publish("--container", "firmware").Last["new"]!);
            File.Delete(Path.Combine(From, "v1_1_0.bin"));
            Assert.Equal(0, ToolResult.Of("pack", _workshop.Image("1.1.0", seed: 5), "--version", "1.1.0", "--out", From, "--force").ExitCode);
            ToolResult other = Publish("--container", "firmware");
            Assert.Equal((int)ExitCode.Conflict, other.ExitCode);
            Assert.Contains("holds v1_1_0.bin already, with other content", other.Error);
        }

        [Fact]
        public void A_fleet_over_REST_and_MQTT_is_updated_from_it_past_a_bad_version()
        {
            ToolResult demo = ToolResult.Of("demo", "--fleet", "50", "--mqtt", "--container", "firmware", "--settings", Settings(_azurite.ConnectionString), "--json");
            Assert.True(demo.ExitCode == 0, demo.Output + demo.Error);
            Assert.Equal(
                ["50 of 50 devices run 1.1.0.", "Paused by itself; most devices never saw it.", "50 of 50 devices run 1.1.0.", "50 of 50 devices run 1.3.0."],
                demo.Events.Where(e => (string?)e["event"] == "outcome").Select(e => (string?)e["outcome"]));
            string[] blobs = [.. new BlobContainerClient(_azurite.ConnectionString, "firmware", new BlobClientOptions(BlobClientOptions.ServiceVersion.V2024_11_04)).GetBlobs(cancellationToken: TestContext.Current.CancellationToken).Select(blob => blob.Name)];
            Assert.Contains("v1_3_0.jws", blobs);
            Assert.Contains("v1_2_0.bin", blobs);
        }

        [Fact]
        public void A_wrong_key_an_expired_signature_and_one_that_may_not_write_are_told_apart_from_a_missing_container()
        {
            _workshop.Pack("1.1.0");
            string wrong = _azurite.ConnectionString.Replace("AccountKey=", "AccountKey=AAAA", StringComparison.Ordinal);
            ToolResult denied = ToolResult.Of("publish", From, "--container", "firmware", "--settings", Settings(wrong));
            Assert.True((int)ExitCode.Denied == denied.ExitCode, denied.Error);
            Assert.Equal(0, Publish("--container", "firmware").ExitCode);
            var client = new BlobContainerClient(_azurite.ConnectionString, "firmware");
            string readOnly = client.GenerateSasUri(BlobContainerSasPermissions.Read, DateTimeOffset.UtcNow.AddHours(1)).ToString();
            _workshop.Pack("1.2.0");
            Assert.Equal((int)ExitCode.Denied, ToolResult.Of("publish", From, "--container", readOnly).ExitCode);
            string gone = new BlobContainerClient(_azurite.ConnectionString, "none").GenerateSasUri(BlobContainerSasPermissions.All, DateTimeOffset.UtcNow.AddHours(1)).ToString();
            Assert.Equal((int)ExitCode.NoTarget, ToolResult.Of("publish", From, "--container", gone).ExitCode);
        }

        [Fact]
        public void A_signature_that_may_write_is_never_handed_to_devices()
        {
            _workshop.Pack("1.1.0");
            Assert.Equal(0, Publish("--container", "firmware").ExitCode);
            string all = new BlobContainerClient(_azurite.ConnectionString, "firmware").GenerateSasUri(BlobContainerSasPermissions.All, DateTimeOffset.UtcNow.AddHours(1)).ToString();
            ToolResult result = ToolResult.Of("publish", From, "--container", all, "--token-out", _workshop.PathOf("token"));
            Assert.Equal((int)ExitCode.Usage, result.ExitCode);
            Assert.Contains("must not reach devices", result.Error);
            Assert.DoesNotContain("sig=", result.Output + result.Error);
            Assert.False(File.Exists(_workshop.PathOf("token")));
        }

        [Fact]
        public void A_storage_that_is_not_there_is_said_to_be_unreachable()
        {
            _workshop.Pack("1.1.0");
            string settings = Settings(_azurite.ConnectionString);
            _azurite.Dispose();
            ToolResult result = ToolResult.Of("publish", From, "--container", "firmware", "--settings", settings);
            Assert.True((int)ExitCode.Unreachable == result.ExitCode, result.Error);
            Assert.Contains("cannot be reached", result.Error);
        }

        [Fact]
        public async Task Signed_in_to_Entra_it_publishes_and_makes_a_signature_from_a_user_delegation_key()
        {
            using var authority = new TestAuthority();
            using var azurite = new Azurite(authority);
            CancellationToken stop = TestContext.Current.CancellationToken;
            using var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, _, _, _) => true };
            var container = BlobContainer.At(new Uri(azurite.AccountUrl + "/firmware"), new SignedIn(), new Azure.Core.Pipeline.HttpClientTransport(handler));
            _workshop.Pack("1.1.0");
            var output = new Output(TextWriter.Null, TextWriter.Null, json: false, terminal: false);
            Assert.Equal(2, await new Publisher(container, output).PublishAsync(Publication.In(From, null), stop));
            string? sas = await container.ReadTokenAsync(DateTimeOffset.UtcNow.AddDays(7).AddMinutes(-1), stop);
            // This emulator does not know the newest form of what such a signature signs, so that nothing is read with it here.
            Assert.Contains("skoid=22222222-2222-2222-2222-222222222222&sktid=11111111-1111-1111-1111-111111111111&", sas);
            Assert.Contains("sp=r&", sas + "&");
            Assert.Contains("spr=https", sas);
            Failure failure = await Assert.ThrowsAsync<Failure>(() => container.ReadTokenAsync(DateTimeOffset.UtcNow.AddDays(8), stop));
            Assert.Contains("7 days at the most", failure.Message);
        }

        private ToolResult Publish(params string[] more)
        {
            return ToolResult.Of(["publish", From, "--json", "--settings", Settings(_azurite.ConnectionString), .. more]);
        }

        private string Settings(string connection)
        {
            return _workshop.Write("settings.json", new JsonObject { ["storage"] = connection }.ToJsonString());
        }

        // Azurite looks at who issued the token and for whom, and at its times; it has nothing to verify the signature with.
        private sealed class SignedIn : TokenCredential
        {
            public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
            {
                DateTimeOffset now = DateTimeOffset.UtcNow;
                var claims = new JsonObject
                {
                    ["aud"] = "https://storage.azure.com",
                    ["iss"] = "https://sts.windows.net/11111111-1111-1111-1111-111111111111/",
                    ["nbf"] = now.AddMinutes(-5).ToUnixTimeSeconds(),
                    ["iat"] = now.AddMinutes(-5).ToUnixTimeSeconds(),
                    ["exp"] = now.AddHours(1).ToUnixTimeSeconds(),
                    ["oid"] = "22222222-2222-2222-2222-222222222222",
                    ["tid"] = "11111111-1111-1111-1111-111111111111",
                };
                string token = $"{Encode("{\"alg\":\"RS256\",\"typ\":\"JWT\"}")}.{Encode(claims.ToJsonString())}.{Encode("signature")}";
                return new AccessToken(token, now.AddHours(1));
            }

            public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken)
            {
                return ValueTask.FromResult(GetToken(requestContext, cancellationToken));
            }

            private static string Encode(string text) => System.Buffers.Text.Base64Url.EncodeToString(System.Text.Encoding.UTF8.GetBytes(text));
        }
    }
}
