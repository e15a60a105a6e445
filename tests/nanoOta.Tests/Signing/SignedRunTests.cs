using System.Text.Json.Nodes;
using nanoOta.Tests.Tool;
using nanoOta.Tool;

namespace nanoOta.Tests.Signing
{
    /// <summary><c>nanoota device run --key</c>: signed plain offers at a desk.</summary>
    public sealed class SignedRunTests : IDisposable
    {
        private static readonly TestKey _a = TestKey.Of("a", 2048, 3);
        private static readonly TestKey _b = TestKey.Of("b", 2048, 3);

        private readonly Workshop _workshop = new();
        private readonly string _keyOfA;
        private readonly string _keyOfB;

        public SignedRunTests()
        {
            _keyOfA = _workshop.Write("a.jwk", _a.Jwk);
            _keyOfB = _workshop.Write("b.jwk", _b.Jwk);
        }

        public void Dispose()
        {
            _workshop.Dispose();
        }

        [Theory]
        [InlineData("esp32-4mb")]
        [InlineData("stock-4mb")]
        public void A_signed_offer_is_applied_also_with_https_only(string layout)
        {
            Publish("1.1.0", _a, layout: layout);
            Ends(_workshop.Request(_workshop.Device(layout), "1.1.0", "--key", _keyOfA, "--https-only"), "1.1.0", ResultCode.Applied);
            Assert.DoesNotContain(_workshop.Requests, request => request.Path.EndsWith("v1_1_0.json", StringComparison.Ordinal));
        }

        [Fact]
        public void What_keygen_and_sign_made_is_applied_with_either_public_half_and_any_of_several_keys()
        {
            _workshop.Pack("1.1.0");
            string release = _workshop.PathOf("release.pem");
            Done("keygen", "--bits", "2048", "--kid", "release", "--out", release);
            Done("sign", _workshop.PathOf("firmware/v1_1_0.json"), "--key", release, "--out", _workshop.PathOf("firmware/v1_1_0.jws"));
            Ends(_workshop.Request(_workshop.Device(), "1.1.0", "--key", _workshop.PathOf("release.pub.pem")), "1.1.0", ResultCode.Applied);
            Ends(_workshop.Request(_workshop.Device(), "1.1.0", "--key", _keyOfB, "--key", _workshop.PathOf("release.pub.jwk")), "1.1.0", ResultCode.Applied);
        }

        [Fact]
        public void An_offer_that_nobody_signed_is_refused()
        {
            _workshop.Pack("1.1.0");
            string device = _workshop.Device();
            Ends(_workshop.Request(device, "1.1.0", "--key", _keyOfA), "1.0.0", ResultCode.NotFound);
            string inline = $$"""{"update":{"version":"1.1.0","url":"{{_workshop.Container}}/v1_1_0.bin","size":1,"sha256":"{{new string('0', 64)}}"} }""";
            Ends(_workshop.Twin(device, inline, "--key", _keyOfA), "1.0.0", ResultCode.SignatureMissing);
            Ends(Watch(device, "v1_1_0.json", "--key", _keyOfA), "1.0.0", ResultCode.SignatureMalformed);
            Assert.DoesNotContain(_workshop.Requests, request => request.Path.EndsWith(".bin", StringComparison.Ordinal));
        }

        [Fact]
        public void An_offer_that_is_wrongly_signed_is_refused()
        {
            string device = _workshop.Device();
            Publish("1.1.0", _b);
            Ends(_workshop.Request(device, "1.1.0", "--key", _keyOfA), "1.0.0", ResultCode.KeyUnknown);
            Publish("1.2.0", _b, """{"alg":"RS256","kid":"a"}""");
            Ends(_workshop.Request(device, "1.2.0", "--key", _keyOfA), "1.0.0", ResultCode.SignatureInvalid);
            Publish("1.3.0", _a, """{"alg":"none","kid":"a"}""");
            Ends(_workshop.Request(device, "1.3.0", "--key", _keyOfA), "1.0.0", ResultCode.AlgorithmRefused);
            Assert.DoesNotContain(_workshop.Requests, request => request.Path.EndsWith(".bin", StringComparison.Ordinal));
        }

        [Fact]
        public void A_watched_manifest_is_verified_too()
        {
            Publish("1.1.0", _a);
            string device = _workshop.Device();
            Ends(Watch(device, "v1_1_0.jws", "--key", _keyOfB), "1.0.0", ResultCode.KeyUnknown);
            Ends(Watch(device, "v1_1_0.jws", "--key", _keyOfA), "1.1.0", ResultCode.Applied);
        }

        [Fact]
        public void A_list_of_keys_outlives_the_run_that_took_it()
        {
            string device = _workshop.Device();
            Publish("1.1.0", _b);
            string list = Path.Combine(_workshop.PathOf("firmware"), "keys.jws");
            File.WriteAllText(list, _a.Jws(VerifierTests.List(1, _b)));
            Ends(_workshop.Request(device, "1.1.0", "--key", _keyOfA), "1.1.0", ResultCode.Applied);
            File.Delete(list);
            Publish("1.2.0", _a);
            Ends(_workshop.Request(device, "1.2.0", "--key", _keyOfA), "1.1.0", ResultCode.KeyUnknown);
            File.Delete(Path.Combine(device, "keys.json"));
            Ends(_workshop.Request(device, "1.2.0", "--key", _keyOfA, "--key", _keyOfB), "1.2.0", ResultCode.Applied);
        }

        [Fact]
        public void Keys_that_make_no_sense_are_refused()
        {
            string device = _workshop.Device();
            string twin = _workshop.Write("twin.json", "{}");
            Assert.Contains("cannot read", Refusal("--key", _workshop.PathOf("missing")));
            Assert.Contains("holds no RSA key", Refusal("--key", twin));
            Assert.Contains("same id", Refusal("--key", _keyOfA, "--key", _workshop.Write("c.jwk", _b.Jwk.Replace("\"b\"", "\"a\""))));
            string[] many = [.. "cdefg".SelectMany(id => new[] { "--key", _workshop.Write($"{id}.jwk", _b.Jwk.Replace("\"b\"", $"\"{id}\"")) })];
            Assert.Contains("4 keys at the most", Refusal(many));

            string Refusal(params string[] more)
            {
                return ToolResult.Refusal(ExitCode.Usage, ["device", "run", "--state", device, "--twin", twin, .. more]);
            }
        }

        private void Publish(string version, TestKey key, string? header = null, string layout = "esp32-4mb")
        {
            _workshop.Pack(version, "--layout", layout);
            string manifest = Path.Combine(_workshop.PathOf("firmware"), SemanticVersion.Parse(version).FileStem + ".json");
            File.WriteAllText(Path.ChangeExtension(manifest, ".jws"), key.Jws(File.ReadAllText(manifest), header));
        }

        private ToolResult Watch(string device, string name, params string[] more)
        {
            return ToolResult.Of(["device", "run", "--state", device, "--manifest-url", $"{_workshop.Container}/{name}", "--json", .. more]);
        }

        private static void Ends(ToolResult run, string version, ResultCode code)
        {
            int exit = code == ResultCode.Applied ? 0 : 3;
            JsonObject last = run.Last;
            Assert.True((exit, version, $"{code}") == (run.ExitCode, (string?)last["version"], (string?)last["code"]), run.Output + run.Error);
        }

        private static void Done(params string[] args)
        {
            ToolResult result = ToolResult.Of(args);
            Assert.True(result.ExitCode == 0, result.Error);
        }
    }
}
