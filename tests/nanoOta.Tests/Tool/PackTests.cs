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
