using System.Text.Json.Nodes;
using nanoOta.Tests.Signing;
using nanoOta.Tests.Tool;
using nanoOta.Tool.DeviceUpdates;
using nanoOta.VirtualDevice.Deltas;

namespace nanoOta.Tests.DeviceUpdates
{
    /// <summary><c>nanoota adu</c>: what it verifies, writes and refuses.</summary>
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
            Assert.Equal([ImageParts.Read(File.ReadAllBytes(app))!.Base64, null, null], manifest["instructions"]!["steps"]!.AsArray().Select(step => (string?)step!["handlerProperties"]!["parts"]));
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
        [InlineData("--handler", "contoso/12345678901234567890123:1", "handler must have 5 to 32 characters, not 33")]
        [InlineData("--handler", "", "handler must have 5 to 32 characters, not 0")]
        [InlineData("--description", "", "description must have 1 to 512 characters, not 0")]
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

        [Theory]
        [InlineData(1, "updateId may not have a member 'extra'")]
        [InlineData(2, "description must have 1 to 512 characters, not 0")]
        [InlineData(3, "description must have 1 to 512 characters, as a string")]
        [InlineData(4, "instructions may not have a member")]
        [InlineData(5, "handler must have 5 to 32 characters, not 33")]
        [InlineData(6, "handler must have 5 to 32 characters, not 44")]
        [InlineData(7, "handler must be like")]
        [InlineData(8, "steps[0] may not have a member")]
        [InlineData(9, "handlerProperties must be an object")]
        [InlineData(10, "steps[0].description must have 1 to 64 characters, not 0")]
        [InlineData(11, "steps[0].description must have 1 to 64 characters, as a string")]
        [InlineData(12, "steps[1] may not have a member 'x'")]
        [InlineData(13, "steps[1] may not have a member 'files'")]
        [InlineData(14, "steps[1] may not have a member 'handler'")]
        [InlineData(15, "steps[1].description must have 1 to 64 characters, not 65")]
        [InlineData(16, "files must be a list")]
        [InlineData(17, "hashes of 'app.bin' may be 2 at the most")]
        [InlineData(18, "hashes.a of 'app.bin' must be a string")]
        [InlineData(19, "properties of 'app.bin' must be an object")]
        [InlineData(20, "a related file of 'app.bin' must have a member 'sizeInBytes'")]
        [InlineData(21, "a related file of 'app.bin' must be an object")]
        [InlineData(22, "'app.bin' may have 4 relatedFiles, in a list")]
        [InlineData(23, "the downloadHandler of 'app.bin': id must have 5 to 32 characters, not 3")]
        [InlineData(24, "the downloadHandler of 'app.bin' is missing or null")]
        [InlineData(25, "the downloadHandler of 'app.bin': id must have 5 to 32 characters, not")]
        public void What_the_public_schema_refuses_is_refused_with_its_sentence(int number, string reason)
        {
            ToolResult result = ToolResult.Of("adu", "check", Vector($"import-manifest/{number:00}.importmanifest.json"), "--json");
            JsonNode json = JsonNode.Parse(result.Output)!;
            Assert.Equal((4, false), (result.ExitCode, (bool)json["sound"]!));
            Assert.Contains(json["faults"]!.AsArray(), fault => ((string)fault!).Contains(reason));
        }

        [Fact]
        public void Digits_of_other_scripts_are_refused_and_no_internal_error()
        {
            ToolResult result = ToolResult.Of("adu", "check", Vector("import-manifest/unicode-digits.importmanifest.json"), "--json");
            Assert.Equal(4, result.ExitCode);
            Assert.Contains("updateId.version must be two to four numbers", result.Output);
        }

        [Theory]
        [InlineData("{\"a\":1,\"a\":2}")]
        [InlineData("{\"a\":{\"b\":1,\"b\":2}}")]
        [InlineData("{\"a\":\"\\ud800\"}")]
        [InlineData("{\"\\ud800\":1}")]
        [InlineData("[]")]
        [InlineData("null")]
        [InlineData("")]
        [InlineData("{\"a\":")]
        public void What_is_no_JSON_object_is_said_to_be_none(string text)
        {
            ToolResult result = ToolResult.Of("adu", "check", _workshop.Write("m.json", text));
            Assert.Equal(2, result.ExitCode);
            Assert.Contains("m.json is no JSON object", result.Error);
        }

        [Fact]
        public void A_nesting_beyond_all_measure_is_no_internal_error()
        {
            string deep = new string('[', 500) + new string(']', 500);
            Assert.Equal(2, ToolResult.Of("adu", "check", _workshop.Write("m.json", $$"""{"a":{{deep}}}""")).ExitCode);
        }

        [Theory]
        [InlineData("\"files\":[\"a.bin\"]", "\"files\":[\"a.bin\",\"a.bin\"]", "a file stands twice")]
        [InlineData("\"files\":[{", "\"files\":[{\"filename\":\"c.bin\",\"sizeInBytes\":5,\"hashes\":{\"sha256\":\"HASH\"}},{", "no step uses 'c.bin'")]
        [InlineData("{\"manufacturer\"", "{\"123456789012345678901234567890123\":\"x\",\"manufacturer\"", "a property's name must have 1 to 32")]
        [InlineData("\"sha256\"", "\"12345678901\":\"x\",\"sha256\"", "more than 10 characters")]
        [InlineData("\"manifestVersion\"", "\"extra\":1,\"manifestVersion\"", "no member 'extra'")]
        [InlineData("\"version\":\"1.1\"", "\"version\":\"2026.01.05\"", "VersionMalformed")]
        [InlineData("\"version\":\"1.1\"", "\"version\":\"1.1.0.7\"", "VersionMalformed")]
        public void What_the_schema_takes_and_the_service_s_documents_or_devices_do_not_is_a_warning(string part, string instead, string warning)
        {
            string text = Sound.Replace(part, instead).Replace("HASH", Convert.ToBase64String(new byte[32]));
            ToolResult result = ToolResult.Of("adu", "check", _workshop.Write("m.json", text), "--json");
            JsonNode json = JsonNode.Parse(result.Output)!;
            Assert.Equal((0, true), (result.ExitCode, (bool)json["sound"]!));
            Assert.Contains(warning, (string?)Assert.Single(json["warnings"]!.AsArray()));
        }

        [Theory]
        [InlineData("1.1", null)]
        [InlineData("1.1.0", null)]
        [InlineData("1.1.0.0", null)]
        [InlineData("1.1.0.1", "1.1.0.1")]
        [InlineData("2026.01.05", "2026.01.05")]
        public void A_version_that_devices_cannot_read_is_written_with_a_warning(string version, string? warned)
        {
            ToolResult result = ToolResult.Of("adu", "import-manifest", _workshop.Image("1.1.0"), "--provider", "Contoso", "--name", "Washer", "--version", version, "--compat", "manufacturer=Contoso", "--out", Import, "--json");
            Assert.Equal(0, result.ExitCode);
            Assert.True(File.Exists(Import));
            Assert.Equal(warned != null, ((string?)JsonNode.Parse(result.Output)!["warning"])?.Contains($"VersionMalformed to version {warned}:") ?? false);
            Assert.Equal(warned == null, DeviceUpdateManifest.ParseVersion(version) != null);
        }

        [Fact]
        public void An_import_manifest_with_a_byte_order_mark_is_read()
        {
            string text = Sound.Replace("HASH", Convert.ToBase64String(new byte[32]));
            Assert.Equal(0, ToolResult.Of("adu", "check", _workshop.Write("m.json", "\uFEFF" + text)).ExitCode);
        }

        [Fact]
        public void Root_keys_with_a_byte_order_mark_are_read()
        {
            string keys = _workshop.Write("k.json", "\uFEFF" + File.ReadAllText(Vector("adu-root-keys-prod.json")));
            Assert.Equal(0, Verify(Vector("adu-freertos-valid-manifest-v4.json"), Vector("adu-freertos-valid-manifest.jws"), "--root-keys", keys).ExitCode);
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
