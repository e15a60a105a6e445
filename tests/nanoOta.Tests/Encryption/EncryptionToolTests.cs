using System.Text.Json.Nodes;
using nanoOta.Tests.Tool;
using nanoOta.Tool;

namespace nanoOta.Tests.Encryption
{
    /// <summary>Encrypted images by the tool: from the key to the device.</summary>
    public sealed class EncryptionToolTests : IDisposable
    {
        private readonly Workshop _workshop = new();
        private readonly string _fleet;
        private readonly List<string> _said = [];

        public EncryptionToolTests()
        {
            _fleet = Key("fleet");
        }

        private string Out => _workshop.PathOf("firmware");

        public void Dispose()
        {
            _workshop.Dispose();
        }

        [Fact]
        public void A_key_is_made_once_and_nobody_else_may_read_it()
        {
            JsonObject jwk = JsonNode.Parse(File.ReadAllText(_fleet))!.AsObject();
            Assert.Equal(("oct", "fleet", "enc", "A256KW", 43), ((string?)jwk["kty"], (string?)jwk["kid"], (string?)jwk["use"], (string?)jwk["alg"], ((string)jwk["k"]!).Length));
            Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(_fleet) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
            ToolResult.Refusal(ExitCode.Usage, "keygen", "--encrypt", "--out", _fleet);
            Assert.Equal(jwk.ToJsonString(), JsonNode.Parse(File.ReadAllText(_fleet))!.ToJsonString());
            string[] ids = [.. new[] { "x", "y" }.Select(name => (string)JsonNode.Parse(File.ReadAllText(Made(name)))!["kid"]!)];
            Assert.NotEqual(ids[0], ids[1]);
            Assert.Contains("A128KW", File.ReadAllText(Key("short", "--bits", "128")));
        }

        [Theory]
        [InlineData("--bits is 128 or 256", "--bits", "3072")]
        [InlineData("--kid has 1 to 64", "--kid", "")]
        [InlineData("--from reads one", "--from", "x.pem")]
        public void A_key_that_cannot_be_made_is_refused(string reason, params string[] more)
        {
            Assert.Contains(reason, ToolResult.Refusal(ExitCode.Usage, ["keygen", "--encrypt", "--out", _workshop.PathOf("z.jwk"), .. more]));
            Assert.False(File.Exists(_workshop.PathOf("z.jwk")));
        }

        [Theory]
        [InlineData("esp32-4mb")]
        [InlineData("stock-4mb")]
        public void What_is_packed_for_a_key_is_applied_by_who_has_it_and_refused_by_others(string layout)
        {
            string other = Key("other");
            _workshop.Pack("1.1.0", "--layout", layout, "--encrypt-for", _fleet);
            Assert.False(File.Exists(Path.Combine(Out, "v1_1_0.bin")));
            byte[] file = File.ReadAllBytes(Path.Combine(Out, "v1_1_0.enc"));
            byte[] image = File.ReadAllBytes(_workshop.Image("1.1.0"));
            Assert.Equal(image.Length, file.Length);
            Assert.NotEqual(image, file);
            Ends(_workshop.Request(_workshop.Device(layout), "1.1.0", "--decrypt-key", other, "--decrypt-key", _fleet), "1.1.0", ResultCode.Applied);
            Ends(_workshop.Request(_workshop.Device(layout), "1.1.0"), "1.0.0", ResultCode.RecipientMissing);
            Ends(_workshop.Request(_workshop.Device(layout), "1.1.0", "--decrypt-key", other), "1.0.0", ResultCode.RecipientMissing);
            Ends(_workshop.Request(_workshop.Device(layout), "1.1.0", "--decrypt-key", Key("again", "--kid", "fleet")), "1.0.0", ResultCode.ContentKeyInvalid);
            SaidNoKey(_fleet, other);
        }

        [Fact]
        public void A_download_that_a_power_cut_interrupts_goes_on()
        {
            _workshop.Pack("1.1.0", "--encrypt-for", _fleet);
            string device = _workshop.Device();
            ToolResult cut = Said(_workshop.Request(device, "1.1.0", "--decrypt-key", _fleet, "--cut-after", "12"));
            Assert.Equal((int)ExitCode.PowerCut, cut.ExitCode);
            Ends(_workshop.Request(device, "1.1.0", "--decrypt-key", _fleet), "1.1.0", ResultCode.Applied);
            SaidNoKey(_fleet);
        }

        [Fact]
        public void A_signed_bundle_of_encrypted_components_is_applied_from_a_drive()
        {
            string key = _workshop.PathOf("release.pem");
            Assert.Equal(0, ToolResult.Of("keygen", "--out", key, "--bits", "2048").ExitCode);
            string drive = Directory.CreateDirectory(_workshop.PathOf("drive")).FullName;
            string clr = _workshop.Image("1.17.0", kind: "esp32");
            string bundle = Path.Combine(drive, "u.tar");
            Said(ToolResult.Of("pack", _workshop.Image("1.1.0"), clr, "--version", "1.1.0", "--layout", "esp32-8mb", "--encrypt-for", _fleet, "--key", key, "--bundle", bundle, "--out", Out));
            Assert.Equal(0, Said(ToolResult.Of("inspect", bundle)).ExitCode);
            string device = _workshop.Device("esp32-8mb");
            ToolResult result = Said(ToolResult.Of("device", "run", "--state", device, "--drive", drive, "--key", Path.ChangeExtension(key, ".pub.pem"), "--decrypt-key", _fleet, "--json"));
            Ends(result, "1.1.0", ResultCode.Applied);
            SaidNoKey(_fleet);
        }

        [Fact]
        public void Inspect_tells_for_whom_it_is_and_opens_it_with_a_key()
        {
            string second = Key("device-7");
            _workshop.Pack("1.1.0", "--encrypt-for", _fleet, second);
            string manifest = Path.Combine(Out, "v1_1_0.json");
            string file = Path.Combine(Out, "v1_1_0.enc");
            ToolResult closed = Said(ToolResult.Of("inspect", manifest));
            Assert.Equal(0, closed.ExitCode);
            Assert.Contains("encrypted, A256CTR, for fleet, device-7", closed.Output);
            Assert.Contains("Whether it opens was not checked", closed.Output);
            Assert.Contains("✓ v1_1_0.enc: Opened with the key, it is the manifest's image.", Said(ToolResult.Of("inspect", manifest, "--decrypt-key", second)).Output);
            ToolResult wrong = Said(ToolResult.Of("inspect", manifest, "--decrypt-key", Key("again", "--kid", "fleet")));
            Assert.Equal((int)ExitCode.Unsound, wrong.ExitCode);
            Assert.Contains("ContentKeyInvalid", wrong.Output);
            byte[] bytes = File.ReadAllBytes(file);
            bytes[100] ^= 1;
            File.WriteAllBytes(file, bytes);
            Assert.Contains("Its SHA-256 is not that of the encrypted file", Said(ToolResult.Of("inspect", manifest)).Output);
            Assert.Contains("secret key for encrypted images", Said(ToolResult.Of("inspect", _fleet)).Output);
            Assert.Contains("its use is \"enc\"", ToolResult.Refusal(ExitCode.Usage, "sign", manifest, "--key", _fleet, "--out", _workshop.PathOf("x.jws")));
            SaidNoKey(_fleet, second);
        }

        [Fact]
        public void A_release_is_made_again_byte_for_byte_and_published()
        {
            string[] release = ["release", _workshop.Image("1.1.0"), "--version", "1.1.0", "--layout", "esp32-4mb", "esp32-8mb", "--encrypt-for", _fleet, "--created", "2026-11-20T22:00:00Z", "--out"];
            foreach (string folder in new[] { "one", "two" })
            {
                Assert.Equal(0, Said(ToolResult.Of([.. release, _workshop.PathOf(folder)])).ExitCode);
            }

            Assert.Equal(Content("one"), Content("two"));
            Assert.Contains(Content("one").Keys, name => name.EndsWith("v1_1_0.enc", StringComparison.Ordinal));
            string container = _workshop.PathOf("container");
            ToolResult published = Said(ToolResult.Of("publish", Path.Combine(_workshop.PathOf("one"), "v1_1_0", "esp32-4mb"), "--container", container));
            Assert.True(published.ExitCode == 0, published.Error);
            Assert.True(File.Exists(Path.Combine(container, "v1_1_0.enc")));
            SaidNoKey(_fleet);
        }

        [Fact]
        public void What_does_not_go_together_is_refused_with_a_sentence()
        {
            _workshop.Pack("1.0.5");
            string image = _workshop.Image("1.1.0");
            Assert.Contains("a patch shows what changed", ToolResult.Refusal(ExitCode.Usage, "pack", image, "--version", "1.1.0", "--from", Out, "--encrypt-for", _fleet, "--out", Out));
            Assert.Contains("Device Update's manifests have no place", ToolResult.Refusal(ExitCode.Usage, "release", image, "--version", "1.1.0", "--layout", "esp32-4mb", "--provider", "Contoso", "--name", "Washer", "--compat", "model=Washer", "--encrypt-for", _fleet, "--out", _workshop.PathOf("r")));
            Assert.Contains("have the id 'fleet'", ToolResult.Refusal(ExitCode.Usage, "pack", image, "--version", "1.1.0", "--encrypt-for", _fleet, Key("again", "--kid", "fleet"), "--out", Out));
            Assert.Contains("holds no key to encrypt images with", ToolResult.Refusal(ExitCode.Usage, "pack", image, "--version", "1.1.0", "--encrypt-for", image, "--out", Out));
            Assert.False(File.Exists(Path.Combine(Out, "v1_1_0.json")));

            // No patch can be made from a release that is encrypted.
            _workshop.Pack("1.0.9", "--encrypt-for", _fleet);
            Assert.Contains("v1_0_9.enc is encrypted", ToolResult.Of("pack", image, "--version", "1.1.0", "--from", Path.Combine(Out, "v1_0_9.json"), "--out", Out).Error);
        }

        [Fact]
        public void A_plain_image_of_the_same_version_that_lies_there_is_pointed_out()
        {
            _workshop.Pack("1.1.0");
            string[] again = ["pack", _workshop.Image("1.1.0"), "--version", "1.1.0", "--encrypt-for", _fleet, "--out", Out];
            Assert.Contains("v1_1_0.json already", ToolResult.Refusal(ExitCode.Conflict, again));
            Assert.Contains("v1_1_0.bin lies there as well and is not encrypted", ToolResult.Of([.. again, "--force"]).Output);
        }

        private string Key(string id, params string[] more)
        {
            string path = _workshop.PathOf(id + ".jwk");
            Assert.Equal(0, Said(ToolResult.Of(["keygen", "--encrypt", "--out", path, .. more.Contains("--kid") ? more : [.. more, "--kid", id]])).ExitCode);
            return path;
        }

        private string Made(string name)
        {
            string path = _workshop.PathOf(name + ".jwk");
            Assert.Equal(0, ToolResult.Of("keygen", "--encrypt", "--out", path, "--json").ExitCode);
            return path;
        }

        private ToolResult Said(ToolResult result)
        {
            _said.Add(result.Output + result.Error);
            return result;
        }

        private void Ends(ToolResult result, string current, ResultCode code)
        {
            Said(result);
            Assert.True((current, $"{code}") == ((string?)result.Last["version"], (string?)result.Last["code"]), result.Output + result.Error);
        }

        // Neither the secrets' text nor their bytes in hexadecimal digits.
        private void SaidNoKey(params string[] paths)
        {
            string all = string.Join("\n", _said);
            Assert.True(all.Length > 100);
            foreach (string path in paths)
            {
                string secret = (string)JsonNode.Parse(File.ReadAllText(path))!["k"]!;
                Assert.DoesNotContain(secret, all, StringComparison.Ordinal);
                Assert.DoesNotContain(Convert.ToHexString(System.Buffers.Text.Base64Url.DecodeFromChars(secret)), all, StringComparison.OrdinalIgnoreCase);
            }
        }

        private Dictionary<string, string> Content(string folder)
        {
            return Directory.GetFiles(_workshop.PathOf(folder), "*", SearchOption.AllDirectories)
                .ToDictionary(path => Path.GetRelativePath(_workshop.PathOf(folder), path), path => Convert.ToHexString(File.ReadAllBytes(path)));
        }
    }
}
