using System.Text;
using System.Text.Json.Nodes;
using nanoOta.Tests.Tool;

namespace nanoOta.Tests.Signing
{
    /// <summary><c>nanoota inspect</c> of signed files and keys.</summary>
    public sealed class InspectTests : IDisposable
    {
        private const string Manifest = """{"schema":1,"version":"1.1.0","components":[{"id":"deployment","version":"1.1.0","size":1,"sha256":"00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff","urls":["v1_1_0.bin"]}]}""";

        private static readonly TestKey _a = TestKey.Of("a", 2048, 3);

        private readonly Workshop _workshop = new();

        public void Dispose()
        {
            _workshop.Dispose();
        }

        [Fact]
        public void A_signed_manifest_is_shown_with_its_header_and_a_way_to_verify_it()
        {
            JsonObject report = Inspect(0, "signed", _a.Jws(Manifest));
            Assert.Equal(("signed manifest of version 1.1.0", "1.1.0", "RS256", "a"), ((string?)report["title"], (string?)report["version"], (string?)report["facts"]!["algorithm"], (string?)report["facts"]!["keyId"]));
            Assert.Contains(report["checks"]!.AsArray(), check => (string?)check!["sentence"] == "Not verified: no key was given.");
            ToolResult text = ToolResult.Of("inspect", PathOf("x"));
            Assert.Contains($"\nSound.\nWhether devices accept it depends on their keys: nanoota verify {PathOf("x")} --key KEY\n", text.Output);
        }

        [Fact]
        public void A_signed_list_of_keys_is_shown_with_its_keys()
        {
            JsonObject report = Inspect(0, "signed", _a.Jws(VerifierTests.List(3, _a, TestKey.Of("b", 2048, 3))));
            Assert.Equal("signed list of keys, version 3", (string?)report["title"]);
            Assert.Equal(["trusts a, RSA of 2048 bits", "trusts b, RSA of 2048 bits"], report["contents"]!.AsArray().Select(line => (string?)line));
        }

        [Fact]
        public void A_signed_file_with_a_byte_order_mark_is_said_to_have_one_and_a_key_is_read_behind_it()
        {
            JsonObject report = Inspect(4, "signed", "\uFEFF" + _a.Jws(Manifest));
            Assert.Equal("signed manifest of version 1.1.0", (string?)report["title"]);
            Assert.Contains("begins with a byte order mark", (string?)Assert.Single(report["checks"]!.AsArray(), check => !(bool)check!["ok"]!)!["sentence"]);
            Inspect(0, "key", "\uFEFF" + _a.Jwk);
        }

        [Theory]
        [InlineData("\"use\":\"enc\"", false)]
        [InlineData("\"use\":null", false)]
        [InlineData("\"use\":\"sig\"", true)]
        [InlineData("\"key_ops\":[\"encrypt\"]", false)]
        [InlineData("\"key_ops\":[\"verify\"]", true)]
        public void What_a_key_says_that_it_is_for_is_looked_at(string member, bool good)
        {
            JsonObject report = Inspect(good ? 0 : 4, "key", _a.Jwk.Insert(1, member + ","));
            Assert.Equal(good, (bool)report["checks"]!.AsArray().Single(check => (string?)check!["name"] == "Use")!["ok"]!);
        }

        [Theory]
        [InlineData("""{"alg":"none","kid":"a"}""", "none", "AlgorithmRefused")]
        [InlineData("""{"alg":"RS256","kid":"a","crit":[]}""", "RS256", "CriticalHeader")]
        [InlineData("""{"alg":"RS256","kid":7}""", "RS256", "SignatureMalformed")]
        [InlineData("""{"alg":"RS256","kid":"\ud800"}""", null, "SignatureMalformed")]
        [InlineData("""{"alg":""", null, "SignatureMalformed")]
        public void A_header_that_devices_refuse_is_not_sound(string header, string? algorithm, string code)
        {
            JsonObject report = Inspect(4, "signed", _a.Jws(Manifest, header));
            Assert.Equal(algorithm, (string?)report["facts"]!["algorithm"]);
            Assert.StartsWith(code, (string?)report["checks"]![0]!["sentence"]);
        }

        [Fact]
        public void A_line_end_behind_it_and_content_of_another_kind_are_not_sound()
        {
            JsonObject ended = Inspect(4, "signed", _a.Jws(Manifest) + "\n");
            Assert.StartsWith("SignatureMalformed", (string?)ended["checks"]![0]!["sentence"]);
            JsonObject other = Inspect(4, "signed", _a.Jws("[]"));
            Assert.StartsWith("It holds neither", (string?)other["checks"]!.AsArray()[^1]!["sentence"]);
            Inspect(4, "signed", _a.Jws("""{"schema":2}"""));
        }

        [Fact]
        public void A_key_is_told_by_its_half_and_nothing_of_the_private_one_is_printed()
        {
            string key = PathOf("a.jwk");
            Assert.Equal(0, ToolResult.Of("keygen", "--bits", "2048", "--kid", "release", "--out", key).ExitCode);
            JsonObject report = Inspect(0, "key", File.ReadAllText(PathOf("a.pub.jwk")));
            Assert.Equal(("public key (JSON Web Key)", "release", "2048"), ((string?)report["title"], (string?)report["facts"]!["keyId"], (string?)report["facts"]!["bits"]));
            Assert.Contains($"nanoota verify FILE --key {PathOf("x")}\n", ToolResult.Of("inspect", PathOf("x")).Output);
            Assert.Equal("private key (JSON Web Key)", (string?)Inspect(0, "key", File.ReadAllText(key))["title"]);
            string all = ToolResult.Of("inspect", key, "--json").Output + ToolResult.Of("inspect", key).Output;
            JsonNode secret = JsonNode.Parse(File.ReadAllText(key))!;
            Assert.All(new[] { "d", "p", "q", "dp", "dq", "qi" }, member => Assert.DoesNotContain(((string)secret[member]!)[..20], all));
        }

        [Theory]
        [InlineData("""{"kty":"EC","kid":"a"}""", "a")]
        [InlineData("""{"kty":"RSA","kid":"a","n":"AQAB","e":"AQAB"}""", "a")]
        [InlineData("""{"kty":"RSA","kid":"\udfff"}""", null)]
        [InlineData("""{"kty":""", null)]
        public void A_key_that_devices_refuse_is_not_sound(string text, string? id)
        {
            Assert.Equal(id, (string?)Inspect(4, "key", text)["facts"]!["keyId"]);
        }

        [Fact]
        public void What_a_header_says_does_not_speak_to_the_terminal()
        {
            string kid = "\\u001b[2J\\u202e\\r\\n\\u0085\\u2028" + new string('k', 1000);
            Inspect(0, "signed", _a.Jws(Manifest, $$"""{"alg":"RS256","kid":"{{kid}}"}"""));
            foreach (bool terminal in new[] { false, true })
            {
                var output = new StringWriter { NewLine = "\n" };
                nanoOta.Tool.CommandLine.Run(["inspect", PathOf("x")], output, TextWriter.Null, terminal, TestContext.Current.CancellationToken);
                Assert.Contains("\\u001b[2J\\u202e\\u000d\\u000a\\u0085\\u2028kkk", output.ToString().ReplaceLineEndings(""));
                Assert.DoesNotContain(output.ToString(), c => c != '\n' && (char.IsControl(c) || c is '\u202e' or '\u2028'));
                Assert.DoesNotContain(new string('k', 100), output.ToString().ReplaceLineEndings(""));
            }
        }

        [Fact]
        public void Damaged_ones_never_throw()
        {
            string[] sound = [_a.Jws(Manifest), _a.Jws(VerifierTests.List(3, _a)), _a.Jwk];
            for (int seed = 0; seed < 3000; seed++)
            {
                var mutator = new nanoOta.VirtualDevice.Fuzzing.Mutator(seed);
                nanoOta.VirtualDevice.Images.ImageFile.Identify(mutator.Next([.. sound.Select(Encoding.UTF8.GetBytes)]));
            }
        }

        private JsonObject Inspect(int exit, string kind, string text)
        {
            ToolResult result = ToolResult.Of("inspect", _workshop.Write("x", text), "--json");
            JsonObject report = Assert.Single(result.Events);
            Assert.True((exit, kind, exit == 0) == (result.ExitCode, (string?)report["kind"], (bool)report["sound"]!), result.Output + result.Error);
            return report;
        }

        private string PathOf(string name)
        {
            return _workshop.PathOf(name);
        }
    }
}
