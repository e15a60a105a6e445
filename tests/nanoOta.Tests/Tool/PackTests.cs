using System.Security.Cryptography;
using System.Text.Json.Nodes;
using nanoOta.Tests.Images;
using nanoOta.Tool;
using nanoOta.VirtualDevice.Deltas;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.Tests.Tool
{
    public sealed class PackTests : IDisposable
    {
        private readonly Workshop _workshop = new();

        private string Out => _workshop.PathOf("firmware");

        public void Dispose()
        {
            _workshop.Dispose();
        }

        [Fact]
        public void An_image_and_its_manifest_are_written()
        {
            _workshop.Pack("1.1.0", "--counter", "7", "--layout", "esp32-4mb");
            byte[] image = File.ReadAllBytes(Path.Combine(Out, "v1_1_0.bin"));
            Assert.Equal(File.ReadAllBytes(_workshop.Image("1.1.0")), image);
            string hash = Convert.ToHexStringLower(SHA256.HashData(image));
            var expected = JsonNode.Parse($$"""
                {"schema":1,"version":"1.1.0","counter":7,"compatibility":{"target":"ESP32_REV3"},
                 "components":[{"id":"deployment","version":"1.1.0","size":40000,"sha256":"{{hash}}","urls":["v1_1_0.bin"],"parts":"{{ImageParts.Read(image)!.Base64}}"}]}
                """);
            Assert.True(JsonNode.DeepEquals(expected, Manifest("v1_1_0.json")));
        }

        [Theory]
        [InlineData("esp32-secure-boot-v1.bin")]
        [InlineData("esp32-secure-boot-v2.bin")]
        public void An_image_signed_for_Secure_Boot_is_packed_with_its_signature(string file)
        {
            byte[] bytes = Vectors.Read(file);
            string version = string.Join('.', EspImage.Read(bytes).Descriptor!.Version.Split('.').Take(3));
            ToolResult result = Pack(version, Vectors.PathOf(file));
            Assert.True(result.ExitCode == 0, result.Error);
            string stem = Path.Combine(Out, SemanticVersion.Parse(version)!.FileStem);
            Assert.Equal(bytes, File.ReadAllBytes(stem + ".bin"));
            JsonNode component = JsonNode.Parse(File.ReadAllText(stem + ".json"))!["components"]![0]!;
            Assert.Equal((bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes))), ((int)component["size"]!, (string?)component["sha256"]));

            string import = _workshop.PathOf("clr.importmanifest.json");
            Assert.Equal(0, ToolResult.Of("adu", "import-manifest", Vectors.PathOf(file), "--provider", "Contoso", "--name", "Washer", "--version", "1.0", "--compat", "manufacturer=Contoso", "--out", import).ExitCode);
            Assert.Equal(bytes.Length, (int)JsonNode.Parse(File.ReadAllText(import))!["files"]![0]!["sizeInBytes"]!);
        }

        [Fact]
        public void The_same_input_gives_the_same_bytes()
        {
            _workshop.Pack("1.1.0");
            byte[] manifest = File.ReadAllBytes(Path.Combine(Out, "v1_1_0.json"));
            Directory.Delete(Out, recursive: true);
            _workshop.Pack("1.1.0");
            Assert.Equal(manifest, File.ReadAllBytes(Path.Combine(Out, "v1_1_0.json")));
        }

        [Fact]
        public void A_version_may_have_a_pre_release_and_metadata()
        {
            Assert.Equal(0, Pack("1.1.0-rc.1+build.5", _workshop.Image("1.1.0")).ExitCode);
            JsonObject manifest = Manifest("v1_1_0-rc_1.json");
            Assert.Equal("1.1.0-rc.1+build.5", (string?)manifest["version"]);
            Assert.Equal("1.1.0", (string?)manifest["components"]![0]!["version"]);
            Assert.True(File.Exists(Path.Combine(Out, "v1_1_0-rc_1.bin")));
        }

        [Fact]
        public void A_target_that_is_given_is_asked_for()
        {
            Assert.Equal(0, Pack("1.1.0", _workshop.Image("1.1.0"), "--target", "ESP32_S3").ExitCode);
            Assert.Equal("ESP32_S3", (string?)Manifest("v1_1_0.json")["compatibility"]!["target"]);
        }

        [Fact]
        public void An_empty_target_is_not_taken_for_every_target()
        {
            Assert.Contains("every target", Refusal(ExitCode.Usage, "1.1.0", _workshop.Image("1.1.0"), "--target", ""));
        }

        [Fact]
        public void A_firmware_alone_and_with_a_deployment_are_packed()
        {
            string clr = _workshop.Image("1.17.0", kind: "esp32");
            Assert.Equal(0, Pack("1.17.0", clr, "--layout", "esp32-8mb").ExitCode);
            Assert.Equal("clr", (string?)Manifest("v1_17_0.json")["components"]![0]!["id"]);
            Assert.Equal(0, Pack("1.1.0", clr, _workshop.Image("1.1.0"), "--layout", "esp32-8mb").ExitCode);
            JsonArray components = Manifest("v1_1_0.json")["components"]!.AsArray();
            Assert.Equal(["deployment 1.1.0 v1_1_0.bin", "clr 1.17.0 v1_1_0.clr.bin"], components.Select(c => $"{c!["id"]} {c["version"]} {c["urls"]![0]}"));
            Assert.Equal(File.ReadAllBytes(clr), File.ReadAllBytes(Path.Combine(Out, "v1_1_0.clr.bin")));
        }

        [Theory]
        [InlineData("deployment")]
        [InlineData("esp32")]
        public void An_image_of_another_version_is_refused(string kind)
        {
            Assert.Contains("1.1.0, not 1.2.0", Refusal(ExitCode.Unsound, "1.2.0", _workshop.Image("1.1.0", kind: kind)));
            Assert.False(Directory.Exists(Out));
        }

        [Fact]
        public void A_dll_is_refused_with_what_makes_an_image()
        {
            string dll = Path.Combine(Path.GetDirectoryName(_workshop.Image("1.1.0"))!, "App.dll");
            File.WriteAllBytes(dll, [.. "MZ"u8, 0, 0]);
            Assert.Contains("App.dll: It is a .dll or .exe of .NET.", Refusal(ExitCode.Unsound, "1.1.0", dll));
        }

        [Fact]
        public void What_the_manifest_is_for_is_named()
        {
            Assert.Contains("v1_1_0.json: manifest for ESP32_S3, ", Pack("1.1.0", _workshop.Image("1.1.0"), "--target", "ESP32_S3").Output);
        }

        [Fact]
        public void An_image_that_does_not_fit_is_refused_with_both_sizes()
        {
            string sentence = Refusal(ExitCode.Unsound, "1.1.0", _workshop.Image("1.1.0", 917508), "--layout", "esp32-4mb");
            Assert.Contains("917508 bytes", sentence);
            Assert.Contains("deploy_0 has 917504", sentence);
            Assert.Equal(0, Pack("1.1.0", _workshop.Image("1.1.0", 917504), "--layout", "esp32-4mb").ExitCode);
            Assert.Contains("ota_1 has 2097152", Refusal(ExitCode.Unsound, "1.17.0", _workshop.Image("1.17.0", 2097168, "esp32"), "--layout", "esp32-8mb"));
        }

        [Fact]
        public void A_firmware_for_another_chip_or_without_a_second_slot_is_refused()
        {
            Assert.Contains("factory", Refusal(ExitCode.Unsound, "1.17.0", _workshop.Image("1.17.0", kind: "esp32"), "--layout", "esp32-4mb"));
            Assert.Contains("ESP32-C3", Refusal(ExitCode.Unsound, "1.17.0", Vectors.PathOf("esp32c3-app-1.17.0.bin"), "--layout", "esp32-8mb"));
        }

        [Fact]
        public void A_damaged_padded_or_foreign_file_is_refused()
        {
            byte[] image = File.ReadAllBytes(_workshop.Image("1.1.0"));
            Assert.Contains("padding", Refusal(ExitCode.Unsound, "1.1.0", Write([.. image, 0xFF, 0xFF, 0xFF, 0xFF])));
            image[30000] ^= 1;
            Assert.Contains("Body CRC", Refusal(ExitCode.Unsound, "1.1.0", Write(image)));
            Refusal(ExitCode.Unsound, "1.1.0", Write([]));
            Refusal(ExitCode.Unsound, "1.2.3", Vectors.PathOf("mcuboot-1.2.3+4-ecdsa-h400.bin"));
        }

        [Fact]
        public void Images_that_would_not_work_together_are_refused()
        {
            var needy = new AssemblySpec("App", new AssemblyVersion(1, 1)) { NativeChecksum = 0x12345678 };
            string deployment = Write(DeploymentBuilder.Build([needy], 1000));
            string clr = _workshop.Image("1.17.0", kind: "esp32");
            Assert.Contains("0x12345678", Refusal(ExitCode.Unsound, "1.1.0", deployment, clr));
            Assert.Contains("at most one deployment", Refusal(ExitCode.Usage, "1.1.0", deployment, deployment));
        }

        [Theory]
        [InlineData("1.1", "'1.1' is no semantic version")]
        [InlineData("1.1.0", "the target")]
        [InlineData("1.1.0", "no layout 'esp32-1mb'", "--layout", "esp32-1mb")]
        public void Arguments_that_make_no_sense_are_refused(string version, string reason, params string[] more)
        {
            more = more.Length > 0 ? more : ["--target", new string('x', 65)];
            Assert.Contains(reason, Refusal(ExitCode.Usage, version, _workshop.Image("1.1.0"), more));
        }

        [Fact]
        public void Without_a_layout_it_is_said_that_nothing_was_measured()
        {
            string[] args = ["pack", _workshop.Image("1.1.0"), "--version", "1.1.0", "--out", Out];
            Assert.Contains("not checked", ToolResult.Of(args).Output);
            Assert.Contains("deploy_0 has 917504, 877504 left\n", ToolResult.Of([.. args, "--layout", "esp32-4mb"]).Output);
        }

        [Fact]
        public void Other_content_for_a_version_that_exists_is_refused_and_nothing_is_changed()
        {
            _workshop.Pack("1.1.0");
            byte[] image = File.ReadAllBytes(Path.Combine(Out, "v1_1_0.bin"));
            string other = _workshop.Image("1.1.0", seed: 5);
            Assert.Contains("v1_1_0.bin already, with other content", Refusal(ExitCode.Conflict, "1.1.0", other));
            Assert.Contains("v1_1_0.json already", Refusal(ExitCode.Conflict, "1.1.0", _workshop.Image("1.1.0"), "--counter", "3"));
            Assert.Equal(image, File.ReadAllBytes(Path.Combine(Out, "v1_1_0.bin")));
            Assert.Equal(0, Pack("1.1.0", _workshop.Image("1.1.0")).ExitCode);
            Assert.Equal(0, Pack("1.1.0", other, "--force").ExitCode);
            Assert.Equal(File.ReadAllBytes(other), File.ReadAllBytes(Path.Combine(Out, "v1_1_0.bin")));
        }

        [Fact]
        public void A_signature_of_another_manifest_is_noticed()
        {
            string key = Key();
            _workshop.Pack("1.1.0");
            string manifest = Path.Combine(Out, "v1_1_0.json");
            string signature = Path.Combine(Out, "v1_1_0.jws");
            Assert.Equal(0, ToolResult.Of("sign", manifest, "--key", key, "--out", signature).ExitCode);
            Assert.Equal(0, Pack("1.1.0", _workshop.Image("1.1.0")).ExitCode);
            File.Delete(manifest);
            Assert.Contains("v1_1_0.jws signs another manifest", Refusal(ExitCode.Conflict, "1.1.0", _workshop.Image("1.1.0"), "--counter", "3"));
            Assert.False(File.Exists(manifest));
            Assert.Contains("removed, because it signed another manifest", Pack("1.1.0", _workshop.Image("1.1.0"), "--counter", "3", "--force").Output);
            Assert.False(File.Exists(signature));
        }

        [Fact]
        public void Packing_and_signing_are_one_step_with_a_key()
        {
            string key = Key();
            _workshop.Pack("1.1.0", "--key", key, "--kid", "release-1");
            ToolResult verify = ToolResult.Of("verify", Path.Combine(Out, "v1_1_0.jws"), "--key", key, "--kid", "release-1");
            Assert.True(verify.ExitCode == 0, verify.Output);
            ToolResult again = Pack("1.1.0", _workshop.Image("1.1.0"), "--counter", "4", "--key", key, "--force");
            Assert.Equal(0, again.ExitCode);
            Assert.Equal(0, ToolResult.Of("inspect", Path.Combine(Out, "v1_1_0.jws")).ExitCode);
            Assert.Contains("public half alone", Refusal(ExitCode.Usage, "1.1.0", _workshop.Image("1.1.0"), "--key", Path.ChangeExtension(key, ".pub.pem")));
        }

        [Fact]
        public void A_signature_by_another_key_is_not_replaced_unasked()
        {
            string key = Key();
            string other = _workshop.PathOf("other.pem");
            Assert.Equal(0, ToolResult.Of("keygen", "--out", other, "--bits", "2048").ExitCode);
            _workshop.Pack("1.1.0", "--key", key);
            byte[] before = File.ReadAllBytes(Path.Combine(Out, "v1_1_0.jws"));
            _workshop.Pack("1.1.0", "--key", key);
            Assert.Contains("with another key or key id", Refusal(ExitCode.Conflict, "1.1.0", _workshop.Image("1.1.0"), "--key", other));
            Assert.Equal(before, File.ReadAllBytes(Path.Combine(Out, "v1_1_0.jws")));
            _workshop.Pack("1.1.0", "--key", other, "--force");
            Assert.Equal(0, ToolResult.Of("verify", Path.Combine(Out, "v1_1_0.jws"), "--key", other).ExitCode);
            Assert.Contains("no key is given: add --key", Refusal(ExitCode.Usage, "1.2.0", _workshop.Image("1.2.0"), "--kid", "release-1"));
        }

        [Fact]
        public void Members_that_images_do_not_tell_come_from_options()
        {
            _workshop.Pack("1.1.0", "--provider", "Contoso", "--name", "Washer", "--not-before", "2026-11-20T22:00:00Z", "--expires", "2027-11-20T00:00:00Z", "--counter", "9", "--allow-downgrade");
            JsonObject manifest = Manifest("v1_1_0.json");
            Assert.Equal(("Contoso", "Washer", "2026-11-20T22:00:00Z", "2027-11-20T00:00:00Z", true), ((string?)manifest["provider"], (string?)manifest["name"], (string?)manifest["notBefore"], (string?)manifest["expires"], (bool)manifest["allowDowngrade"]!));
            Assert.Contains("--expires is 'tomorrow', which is no time", Refusal(ExitCode.Usage, "1.1.0", _workshop.Image("1.1.0"), "--expires", "tomorrow"));
            Assert.Contains("--allow-downgrade needs --counter", Refusal(ExitCode.Usage, "1.1.0", _workshop.Image("1.1.0"), "--allow-downgrade"));
        }

        [Fact]
        public void A_target_that_was_assumed_is_named()
        {
            Assert.Contains("The target ESP32_REV3 was assumed", Pack("1.1.0", _workshop.Image("1.1.0")).Output);
            Assert.DoesNotContain("assumed", Pack("1.1.0", _workshop.Image("1.1.0"), "--layout", "esp32-4mb").Output);
        }

        [Fact]
        public void Inspecting_a_manifest_compares_the_files_beside_it()
        {
            string key = Key();
            _workshop.Pack("1.1.0", "--key", key);
            string manifest = Path.Combine(Out, "v1_1_0.json");
            string image = Path.Combine(Out, "v1_1_0.bin");
            Assert.Contains("✓ v1_1_0.bin: Size and SHA-256 are the manifest's.\n  ✓ v1_1_0.jws: It is of this manifest.", ToolResult.Of("inspect", manifest).Output);
            byte[] bytes = File.ReadAllBytes(image);
            bytes[100] ^= 1;
            File.WriteAllBytes(image, bytes);
            ToolResult damaged = ToolResult.Of("inspect", Path.Combine(Out, "v1_1_0.jws"));
            Assert.Equal(4, damaged.ExitCode);
            Assert.Contains("✗ v1_1_0.bin: Its SHA-256 is ", damaged.Output);
            File.WriteAllBytes(image, bytes[..^1]);
            Assert.Contains("It has 39999 bytes, the manifest says 40000", ToolResult.Of("inspect", manifest).Output);
            File.Delete(image);
            ToolResult alone = ToolResult.Of("inspect", manifest);
            Assert.Equal(0, alone.ExitCode);
            Assert.Contains("v1_1_0.bin does not lie beside it and was not checked", alone.Output);
            File.WriteAllText(manifest, File.ReadAllText(manifest).Replace("\"schema\": 1", "\"schema\": 1, \"counter\": 8"));
            Assert.Contains("It signs another manifest", ToolResult.Of("inspect", manifest).Output);
        }

        private string Key()
        {
            string path = _workshop.PathOf("release.pem");
            Assert.Equal(0, ToolResult.Of("keygen", "--out", path, "--bits", "2048").ExitCode);
            return path;
        }

        private ToolResult Pack(string version, string image, params string[] more)
        {
            return ToolResult.Of(["pack", image, "--version", version, "--out", Out, .. more]);
        }

        private string Refusal(ExitCode code, string version, string image, params string[] more)
        {
            return ToolResult.Refusal(code, ["pack", image, "--version", version, "--out", Out, .. more]);
        }

        private JsonObject Manifest(string name)
        {
            return JsonNode.Parse(File.ReadAllBytes(Path.Combine(Out, name)))!.AsObject();
        }

        private string Write(byte[] bytes)
        {
            File.WriteAllBytes(_workshop.PathOf("written.bin"), bytes);
            return _workshop.PathOf("written.bin");
        }
    }
}
