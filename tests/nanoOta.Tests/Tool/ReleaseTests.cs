using System.Security.Cryptography;
using System.Text.Json.Nodes;
using nanoOta.Tool;

namespace nanoOta.Tests.Tool
{
    public sealed class ReleaseTests : IDisposable
    {
        private readonly Workshop _workshop = new();

        public void Dispose()
        {
            _workshop.Dispose();
        }

        [Fact]
        public void The_same_build_and_time_give_the_same_bytes_in_every_file()
        {
            string key = _workshop.PathOf("release.pem");
            Assert.Equal(0, ToolResult.Of("keygen", "--out", key, "--bits", "2048").ExitCode);
            string[] more = ["--created", "2026-11-20T22:00:00Z", "--key", key, "--provider", "Contoso", "--name", "Washer", "--compat", "manufacturer=Contoso", "model=Washer"];
            Dictionary<string, string> a = Content(Release("a", "1.1.0", more));
            Dictionary<string, string> b = Content(Release("b", "1.1.0", more));
            Assert.Equal(a, b);
            Assert.Equal(
                ["releases.json", "releases.json.lock", "v1_1_0/esp32-16mb/v1_1_0.bin", "v1_1_0/esp32-16mb/v1_1_0.importmanifest.json", "v1_1_0/esp32-16mb/v1_1_0.json", "v1_1_0/esp32-16mb/v1_1_0.jws", "v1_1_0/esp32-4mb/v1_1_0.bin", "v1_1_0/esp32-4mb/v1_1_0.importmanifest.json", "v1_1_0/esp32-4mb/v1_1_0.json", "v1_1_0/esp32-4mb/v1_1_0.jws", "v1_1_0/sbom.cdx.json"],
                a.Keys.Order(StringComparer.Ordinal));

            // Made again without the time, it keeps its own.
            Assert.Equal(a, Content(Release("a", "1.1.0", more[2..])));
        }

        [Fact]
        public void What_was_released_can_be_published_and_verified_and_passes_the_schema_of_Device_Update()
        {
            string key = _workshop.PathOf("release.pem");
            Assert.Equal(0, ToolResult.Of("keygen", "--out", key, "--bits", "2048").ExitCode);
            string folder = Release("a", "1.1.0", ["--key", key, "--provider", "Contoso", "--name", "Washer", "--compat", "manufacturer=Contoso"]);
            Assert.Equal(0, ToolResult.Of("publish", Path.Combine(folder, "v1_1_0", "esp32-4mb"), "--container", _workshop.PathOf("www")).ExitCode);
            Assert.Equal(0, ToolResult.Of("verify", _workshop.PathOf("www/v1_1_0.jws"), "--key", key).ExitCode);
            Assert.Equal(0, ToolResult.Of("adu", "check", Path.Combine(folder, "v1_1_0", "esp32-4mb", "v1_1_0.importmanifest.json")).ExitCode);
            Assert.Equal("v1_1_0.bin", (string?)JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "v1_1_0", "esp32-4mb", "v1_1_0.importmanifest.json")))!["files"]![0]!["filename"]);
        }

        [Fact]
        public void The_counter_rises_and_is_never_used_again_not_even_after_a_deletion()
        {
            string folder = Release("a", "1.1.0");
            Release("a", "1.2.0");
            Assert.Equal(2, Counter(folder, "1.2.0"));
            Directory.Delete(Path.Combine(folder, "v1_2_0"), recursive: true);
            Release("a", "1.3.0");
            Assert.Equal(3, Counter(folder, "1.3.0"));
            Release("a", "1.2.0");
            Assert.Equal(2, Counter(folder, "1.2.0"));
        }

        [Fact]
        public void Other_content_of_a_released_version_is_refused()
        {
            string folder = Release("a", "1.1.0");
            Dictionary<string, string> before = Content(folder);
            string sentence = ToolResult.Refusal(ExitCode.Conflict, "release", _workshop.Image("1.1.0", seed: 3), "--version", "1.1.0", "--layout", "esp32-4mb", "esp32-16mb", "--out", folder);
            Assert.Contains("v1_1_0/esp32-16mb/v1_1_0.bin differs", sentence);
            Assert.Equal(before, Content(folder));
        }

        [Fact]
        public void Every_assembly_stands_in_the_list_with_its_hash_and_what_it_refers_to()
        {
            string folder = Release("a", "1.1.0", ["--name", "Washer"]);
            JsonNode bom = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "v1_1_0", "sbom.cdx.json")))!;
            Assert.Equal(("CycloneDX", "1.6", "Washer", "1.1.0"), ((string?)bom["bomFormat"], (string?)bom["specVersion"], (string?)bom["metadata"]!["component"]!["name"], (string?)bom["metadata"]!["component"]!["version"]));
            byte[] image = File.ReadAllBytes(_workshop.Image("1.1.0"));
            VirtualDevice.Images.Deployment deployment = VirtualDevice.Images.Deployment.Read(image);
            Assert.Equal(
                deployment.Assemblies.Select(assembly => $"{assembly.Name} {assembly.Version} {Convert.ToHexStringLower(SHA256.HashData(image.AsSpan(assembly.Offset, (int)assembly.TotalSize)))}").Order(StringComparer.Ordinal),
                bom["components"]!.AsArray().Select(component => $"{component!["name"]} {component["version"]} {component["hashes"]![0]!["content"]}").Order(StringComparer.Ordinal));
            string[] known = [.. bom["components"]!.AsArray().Select(component => (string)component!["bom-ref"]!), "release"];
            Assert.All(bom["dependencies"]!.AsArray(), dependency => Assert.All(dependency!["dependsOn"]!.AsArray().Append(dependency["ref"]), reference => Assert.Contains((string)reference!, known)));
        }

        [Fact]
        public void Patches_from_former_releases_are_released_published_and_checked()
        {
            string folder = Release("a", "1.1.0");
            Release("a", "1.2.0", "--from", folder);
            string released = Path.Combine(folder, "v1_2_0", "esp32-4mb");
            string patch = Path.Combine(released, "v1_2_0.from-v1_1_0.lz4");
            ToolResult publish = ToolResult.Of("publish", released, "--container", _workshop.PathOf("www"), "--json");
            Assert.True((0, 3) == (publish.ExitCode, (int?)publish.Last["files"]), publish.Output + publish.Error);
            Assert.Equal(File.ReadAllBytes(patch), File.ReadAllBytes(_workshop.PathOf("www/v1_2_0.from-v1_1_0.lz4")));
            byte[] bytes = File.ReadAllBytes(patch);
            bytes[^1] ^= 1;
            File.WriteAllBytes(patch, bytes);
            Assert.Contains("v1_2_0.from-v1_1_0.lz4", ToolResult.Refusal(ExitCode.Unsound, "publish", released, "--container", _workshop.PathOf("other")));
        }

        [Fact]
        public void Options_that_do_not_go_together_are_refused()
        {
            string image = _workshop.Image("1.1.0");
            Assert.Contains("--compat needs", ToolResult.Refusal(ExitCode.Usage, "release", image, "--version", "1.1.0", "--layout", "esp32-4mb", "--out", _workshop.PathOf("b"), "--compat", "model=x"));
        }

        [Fact]
        public void Base_images_are_those_that_image_flash_makes()
        {
            string clr = _workshop.Image("1.16.0", kind: "esp32");
            byte[] bytes = new byte[20000];
            (bytes[0], bytes[3]) = (VirtualDevice.Images.EspImage.Magic, 0x40);
            string bootloader = _workshop.PathOf("bootloader.bin");
            File.WriteAllBytes(bootloader, bytes);
            string root = Release("a", "1.1.0", "--bootloader", "esp32-16mb=" + bootloader, "--clr", clr);
            foreach (string layout in new[] { "esp32-4mb", "esp32-16mb" })
            {
                string expected = _workshop.PathOf("factory-" + layout);
                string[] more = layout == "esp32-16mb" ? ["--bootloader", bootloader] : [];
                Assert.Equal(0, ToolResult.Of(["image", "flash", "--layout", layout, "--clr", clr, "--deployment", _workshop.Image("1.1.0"), "--out", expected, .. more]).ExitCode);
                Assert.Equal(Content(expected), Content(Path.Combine(root, "v1_1_0", layout, "flash")));
            }

            // What is flashed by cable is not published.
            ToolResult publish = ToolResult.Of("publish", Path.Combine(root, "v1_1_0", "esp32-16mb"), "--container", _workshop.PathOf("www"), "--json");
            Assert.Equal((0, 2), (publish.ExitCode, (int?)publish.Last["files"]));
        }

        [Fact]
        public void What_a_base_image_lacks_is_named()
        {
            string clr = _workshop.Image("1.16.0", kind: "esp32");
            string[] release = ["release", _workshop.Image("1.1.0"), "--version", "1.1.0", "--out", _workshop.PathOf("a"), "--layout"];
            Assert.Contains("name it by --clr", ToolResult.Refusal(ExitCode.Usage, [.. release, "esp32-8mb", "--bootloader", clr]));
            Assert.Contains("it needs --bootloader", ToolResult.Refusal(ExitCode.Usage, [.. release, "esp32-8mb", "--clr", clr]));
            Assert.Contains("--bootloader esp32-16mb=x is for a layout that is not released", ToolResult.Refusal(ExitCode.Usage, [.. release, "esp32-8mb", "--bootloader", "esp32-16mb=x"]));
            Assert.Contains("--clr is given twice for all layouts", ToolResult.Refusal(ExitCode.Usage, [.. release, "esp32-8mb", "--clr", clr, "--clr", clr]));
            Assert.Contains("no deployment is among the images", ToolResult.Refusal(ExitCode.Usage, "release", clr, "--version", "1.16.0", "--out", _workshop.PathOf("a"), "--layout", "esp32-8mb", "--clr", clr));
            Assert.False(Directory.Exists(_workshop.PathOf("a/v1_1_0")));
            ToolResult stm32 = ToolResult.Of([.. release, "stm32f769-2mb", "--clr", clr]);
            Assert.True(stm32.ExitCode == 0 && stm32.Output.Contains("No base image for stm32f769-2mb", StringComparison.Ordinal), stm32.Error + stm32.Output);
        }

        private string Release(string folder, string version, params string[] more)
        {
            ToolResult result = ToolResult.Of(["release", _workshop.Image(version), "--version", version, "--layout", "esp32-4mb", "esp32-16mb", "--out", _workshop.PathOf(folder), .. more]);
            Assert.True(result.ExitCode == 0, result.Error);
            return _workshop.PathOf(folder);
        }

        private static int Counter(string folder, string version)
        {
            string stem = SemanticVersion.Parse(version)!.FileStem;
            return (int)JsonNode.Parse(File.ReadAllText(Path.Combine(folder, stem, "esp32-4mb", stem + ".json")))!["counter"]!;
        }

        private static Dictionary<string, string> Content(string folder)
        {
            return Directory.GetFiles(folder, "*", SearchOption.AllDirectories).ToDictionary(path => Path.GetRelativePath(folder, path).Replace('\\', '/'), path => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path))));
        }
    }
}
