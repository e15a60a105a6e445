using System.Text.Json.Nodes;
using nanoOta.Tests.Signing;
using nanoOta.Tests.Tool;

namespace nanoOta.Tests.DeviceUpdates
{
    /// <summary><c>nanoota adu</c> and <c>device run</c> with a deployment.</summary>
    public sealed class AduToolTests : IDisposable
    {
        private const string Sound = """{"updateId":{"provider":"Contoso","name":"Washer","version":"1.1"},"compatibility":[{"manufacturer":"Contoso"}],"instructions":{"steps":[{"handler":"nanoota/image:1","files":["a.bin"]}]},"files":[{"filename":"a.bin","sizeInBytes":5,"hashes":{"sha256":"HASH"}}],"createdDateTime":"2026-11-20T12:00:00Z","manifestVersion":"5.0"}""";
        private readonly Workshop _workshop = new();

        private string Import => _workshop.PathOf("washer.importmanifest.json");

        public void Dispose() => _workshop.Dispose();

        [Theory]
        [InlineData("adu-freertos-valid-manifest-v4.json", "adu-freertos-valid-manifest.jws", 0, null)]
        [InlineData("adu-freertos-tampered-manifest.json", "adu-freertos-valid-manifest.jws", 4, 6)]
        [InlineData("adu-freertos-valid-manifest-v4.json", "adu-freertos-wrongsha.jws", 4, 5)]
        public void Verify_judges_the_vectors_and_says_which_step_refuses(string manifest, string signature, int exit, int? step)
        {
            foreach (string[] keys in new string[][] { [], ["--root-keys", Vector("adu-root-keys-prod.json")], ["--root-keys", Vector("adu-rootkeypackage-prod-v1.json")] })
            {
                ToolResult result = Verify(Vector(manifest), Vector(signature), keys);
                Assert.Equal(exit, result.ExitCode);
                JsonNode json = JsonNode.Parse(result.Output)!;
                Assert.Equal((exit == 0, step), ((bool)json["accepted"]!, (int?)json["step"]));
            }
        }

        [Fact]
        public void Verify_takes_the_exact_bytes_of_its_files()
        {
            string manifest = _workshop.Write("m.json", File.ReadAllText(Vector("adu-freertos-valid-manifest-v4.json")) + "\n");
            Assert.Equal(4, Verify(manifest, Vector("adu-freertos-valid-manifest.jws")).ExitCode);
            string signature = _workshop.Write("m.jws", File.ReadAllText(Vector("adu-freertos-valid-manifest.jws")) + "\n");
            ToolResult result = Verify(Vector("adu-freertos-valid-manifest-v4.json"), signature);
            Assert.Equal((4, 1), (result.ExitCode, (int)JsonNode.Parse(result.Output)!["step"]!));
        }

        [Fact]
        public void Verify_uses_the_root_keys_given_and_a_package_must_be_signed_by_its_keys()
        {
            string manifest = _workshop.Write("m.json", "{}");
            string signature = _workshop.Write("m.jws", Service.Sign("{}"));
            Assert.Equal(4, Verify(manifest, signature).ExitCode);
            Assert.Equal(0, Verify(manifest, signature, "--root-keys", _workshop.Write("k.json", $$"""{"TEST.1.R":{{Service.Root.Jwk}}}""")).ExitCode);
            Assert.Equal(4, Verify(manifest, signature, "--root-keys", _workshop.Write("k.json", $$"""{"TEST.2.R":{{Service.OtherRoot.Jwk}}}""")).ExitCode);
            Assert.Equal(0, Verify(manifest, signature, "--root-keys", _workshop.Write("k.json", Service.Package(1, [Service.Root, Service.OtherRoot]))).ExitCode);
            Assert.Equal(4, Verify(manifest, signature, "--root-keys", _workshop.Write("k.json", Service.Package(1, [Service.Root, Service.OtherRoot], "\"disabledRootKeys\":[\"TEST.1.R\"],"))).ExitCode);
            Assert.Equal(4, Verify(manifest, signature, "--root-keys", _workshop.Write("k.json", Service.Package(1, [Service.Root, Service.OtherRoot], signers: [Service.Root, Service.Root]))).ExitCode);
            Assert.Equal(2, Verify(manifest, signature, "--root-keys", manifest + ".none").ExitCode);
            Assert.Equal(2, Verify(manifest, signature, "--root-keys", _workshop.Write("k.json", "[]")).ExitCode);
        }

        [Fact]
        public void An_import_manifest_has_a_step_for_each_image_and_passes_its_own_check()
        {
            string app = _workshop.Image("1.1.0");
            string clr = _workshop.Image("1.17.0", kind: "esp32");
            string motor = _workshop.Write("motor.hex", "motor");
            Done("adu", "import-manifest", app, clr, $"motor={motor}", "--provider", "Contoso", "--name", "Washer", "--version", "2.0.1", "--compat", "manufacturer=Contoso", "model=Washer", "--compat", "manufacturer=Contoso", "model=Dryer", "--description", "Less noise.", "--out", Import);
            JsonNode manifest = JsonNode.Parse(File.ReadAllText(Import))!;
            Assert.Equal(["deployment 1.1.0", "clr 1.17.0", "motor 2.0.1"], manifest["instructions"]!["steps"]!.AsArray().Select(step => $"{step!["handlerProperties"]!["component"]} {step["handlerProperties"]!["installedCriteria"]}"));
            Assert.Equal((3, 2, "5.0"), (manifest["files"]!.AsArray().Count, manifest["compatibility"]!.AsArray().Count, (string?)manifest["manifestVersion"]));
            Done("adu", "check", Import);
        }

        [Theory]
        [InlineData("--provider", "Con toso", "updateId.provider may have letters")]
        [InlineData("--provider", "", "updateId.provider must have 1 to 64")]
        [InlineData("--name", "Wäsche", "updateId.name may have letters")]
        [InlineData("--version", "1", "updateId.version must be two to four numbers")]
        [InlineData("--version", "1.2.3.4.5", "updateId.version must be two to four numbers")]
        [InlineData("--version", "1.2147483648", "2147483647")]
        [InlineData("--compat", "manufacturer", "name=value")]
        [InlineData("--compat", "manufacturer=", "the value of 'manufacturer'")]
        [InlineData("--compat", "123456789012345678901234567890123=x", "a property's name")]
        [InlineData("--handler", "image", "handler must be like")]
        [InlineData("--handler", "a/b:123456", "handler must be like")]
        public void What_the_service_would_refuse_is_refused_with_its_reason(string option, string value, string reason)
        {
            var options = new Dictionary<string, string> { ["--provider"] = "Contoso", ["--name"] = "Washer", ["--version"] = "1.1.0", ["--compat"] = "manufacturer=Contoso", ["--handler"] = "nanoota/image:1", ["--out"] = Import };
            options[option] = value;
            ToolResult result = ToolResult.Of(["adu", "import-manifest", _workshop.Image("1.1.0"), .. options.SelectMany(entry => new[] { entry.Key, entry.Value })]);
            Assert.Equal(2, result.ExitCode);
            Assert.Contains(reason, result.Error);
            Assert.False(File.Exists(Import));
        }

        [Theory]
        [InlineData("", "", null)]
        [InlineData("\"5.0\"", "\"4.0\"", "manifestVersion")]
        [InlineData("\"2026-11-20T12:00:00Z\"", "\"today\"", "createdDateTime")]
        [InlineData("\"sizeInBytes\":5", "\"sizeInBytes\":0", "sizeInBytes of 'a.bin'")]
        [InlineData("\"sizeInBytes\":5", "\"sizeInBytes\":2147483649", "sizeInBytes of 'a.bin'")]
        [InlineData("\"sizeInBytes\":5", "\"sizeInBytes\":2147483648", null)]
        [InlineData("\"sha256\":\"", "\"sha256\":\"00", "hashes.sha256 of 'a.bin'")]
        [InlineData("\"filename\":\"a.bin\"", "\"filename\":\"b.bin\"", "'a.bin' is not among files")]
        [InlineData("\"files\":[\"a.bin\"]", "\"files\":[]", "steps[0].files must be 1 to 10")]
        [InlineData("\"files\":[{", "\"files\":[{\"filename\":\"a.bin\",\"sizeInBytes\":5,\"hashes\":{\"sha256\":\"HASH\"}},{", "'a.bin' stands twice")]
        [InlineData("\"sizeInBytes\":5", "\"sizeInBytes\":5,\"relatedFiles\":[1,2,3,4,5]", "4 relatedFiles")]
        [InlineData("\"sizeInBytes\":5", "\"sizeInBytes\":5,\"downloadHandler\":{}", "downloadHandler")]
        [InlineData("[{\"manufacturer\":\"Contoso\"}]", "[]", "1 to 10 sets")]
        [InlineData("{\"manufacturer\":\"Contoso\"}", "{}", "1 to 5 properties")]
        [InlineData("{\"manufacturer\":\"Contoso\"}", "{\"a\":\"1\",\"b\":\"1\",\"c\":\"1\",\"d\":\"1\",\"e\":\"1\",\"f\":\"1\"}", "1 to 5 properties")]
        [InlineData("[{\"handler\":\"nanoota/image:1\",\"files\":[\"a.bin\"]}]", "[]", "steps must be 1 to 10")]
        [InlineData("{\"handler\"", "{\"type\":\"other\",\"handler\"", "type must be inline or reference")]
        [InlineData("{\"handler\"", "{\"type\":\"reference\",\"updateId\":{\"provider\":\"a\",\"name\":\"b\",\"version\":\"1\"}},{\"handler\"", "steps[0].updateId.version")]
        [InlineData("{\"handler\"", "{\"type\":\"reference\",\"updateId\":{\"provider\":\"a\",\"name\":\"b\",\"version\":\"1.0\"}},{\"handler\"", null)]
        [InlineData("\"files\":[\"a.bin\"]", "\"files\":[\"a.bin\"],\"handlerProperties\":5", "handlerProperties must be an object")]
        [InlineData("\"manifestVersion\"", "\"description\":5,\"manifestVersion\"", "description must have 1 to 512")]
        public void Check_knows_each_limit(string part, string instead, string? reason)
        {
            string text = (part.Length == 0 ? Sound : Sound.Replace(part, instead)).Replace("HASH", Convert.ToBase64String(new byte[32]));
            ToolResult result = ToolResult.Of("adu", "check", _workshop.Write("m.json", text), "--json");
            JsonNode json = JsonNode.Parse(result.Output)!;
            Assert.Equal((reason == null ? 0 : 4, reason == null), (result.ExitCode, (bool)json["sound"]!));
            Assert.True(reason == null || json["faults"]!.AsArray().Any(fault => ((string)fault!).Contains(reason)), result.Output);
        }

        [Fact]
        public void A_request_made_at_a_desk_takes_a_virtual_device_through_the_whole_flow_and_every_patch_is_printed()
        {
            string device = _workshop.Device("esp32-8mb");
            ToolResult result = Deploy(device, "1.1.0");
            Assert.Equal(0, result.ExitCode);
            JsonNode[] lines = [.. result.Output.Trim().Split('\n').Select(line => JsonNode.Parse(line)!)];
            JsonNode[] agents = [.. lines.Where(line => (string?)line["event"] == "reported").Select(line => line["patch"]!["deviceUpdate"]?["agent"]).OfType<JsonNode>()];
            Assert.Equal(["0", "6", "6", "0"], agents.Select(agent => agent["state"]!.ToString()));
            Assert.Equal(700, (int)agents[^1]["lastInstallResult"]!["resultCode"]!);
            Assert.Contains(lines, line => line["patch"]?["deviceUpdate"]?["service"]?["ac"]?.ToString() == "200");
            Assert.Equal("1.1.0", (string?)lines[^1]["version"]);
        }

        [Fact]
        public void Without_its_root_keys_the_request_is_rejected()
        {
            string device = _workshop.Device("esp32-8mb");
            Request("1.1.0");
            ToolResult result = ToolResult.Of("device", "run", "--state", device, "--twin", _workshop.PathOf("twin.json"), "--json");
            Assert.Equal(3, result.ExitCode);
            Assert.Contains("\"ac\":406", result.Output);
        }

        [Fact]
        public void A_version_that_fails_its_self_test_leaves_the_device_idle_with_the_version_before()
        {
            string device = _workshop.Device("esp32-8mb");
            ToolResult result = Deploy(device, "1.1.0", "--self-test", "fail");
            Assert.Equal(3, result.ExitCode);
            Assert.Contains("\"state\":255", result.Output);
            Assert.Contains("\"version\":\"1.0.0\"", result.Output);
        }

        [Fact]
        public void A_cancel_is_acknowledged()
        {
            string device = _workshop.Device("esp32-8mb");
            ToolResult result = Deploy(device, "1.1.0", cancel: true);
            Assert.Equal(0, result.ExitCode);
            Assert.Contains("\"ac\":200", result.Output);
        }

        [Fact]
        public void A_cancel_that_still_holds_the_manifest_is_one_too()
        {
            string device = _workshop.Device("esp32-8mb");
            Request("1.1.0");
            string twin = _workshop.PathOf("twin.json");
            JsonNode desired = JsonNode.Parse(File.ReadAllText(twin))!;
            desired["deviceUpdate"]!["service"]!["workflow"]!["action"] = 255;
            File.WriteAllText(twin, desired.ToJsonString());
            ToolResult result = ToolResult.Of("device", "run", "--state", device, "--twin", twin, "--root-keys", _workshop.PathOf("keys/root-keys.json"), "--json");
            Assert.Equal(0, result.ExitCode);
            Assert.Contains("\"ac\":200", result.Output);
        }

        private ToolResult Deploy(string device, string version, params string[] more) => Deploy(device, version, false, more);

        private ToolResult Deploy(string device, string version, bool cancel, params string[] more)
        {
            Request(version, cancel ? ["--cancel"] : []);
            return ToolResult.Of(["device", "run", "--state", device, "--twin", _workshop.PathOf("twin.json"), "--root-keys", _workshop.PathOf("keys/root-keys.json"), "--json", .. more]);
        }

        private void Request(string version, params string[] more)
        {
            Done("adu", "import-manifest", _workshop.Image(version), "--provider", "Contoso", "--name", "Washer", "--version", version, "--compat", "manufacturer=Contoso", "model=Washer", "colour=red", "--out", Import);
            Done(["adu", "request", Import, "--url", _workshop.Server.Url, "--keys", _workshop.PathOf("keys"), "--out", _workshop.PathOf("twin.json"), .. more]);
        }

        private static ToolResult Verify(string manifest, string signature, params string[] more)
        {
            return ToolResult.Of(["adu", "verify", "--manifest", manifest, "--signature", signature, "--json", .. more]);
        }

        private static void Done(params string[] args)
        {
            ToolResult result = ToolResult.Of(args);
            Assert.True(result.ExitCode == 0, result.Error + result.Output);
        }

        private static string Vector(string name) => TestFiles.PathOf("adu", name);
    }
}
