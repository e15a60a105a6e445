using nanoOta.Tests.Tool;

namespace nanoOta.Tests.Offline
{
    /// <summary><c>device run --drive</c>: what an operator tries at a desk.</summary>
    public sealed class DriveRunTests : IDisposable
    {
        private readonly Workshop _workshop = new();

        private string Stick => _workshop.PathOf("stick");

        public DriveRunTests()
        {
            Directory.CreateDirectory(Stick);
        }

        public void Dispose()
        {
            _workshop.Dispose();
        }

        [Theory]
        [InlineData("esp32-4mb")]
        [InlineData("stock-4mb")]
        public void A_bundle_on_a_drive_is_installed(string layout)
        {
            Bundle("1.1.0", "--layout", layout);
            string device = _workshop.Device(layout);
            AssertEnds(Run(device), 0, "1.1.0", "Applied");
            Assert.Equal(0, Run(device).ExitCode);
            Bundle("1.2.0", "--layout", layout);
            AssertEnds(Run(device), 0, "1.2.0", "Applied");
        }

        [Fact]
        public void A_bundle_of_three_components_is_applied_from_a_drive_to_all_that_is_attached()
        {
            string motor = _workshop.Image("1.4.0", kind: "mcuboot"), root = _workshop.Write("root.pem", "new root"), old = _workshop.Write("old.pem", "old root");
            Bundle("1.1.0", $"mcu={motor}", $"ca@2.0.1={root}", "--layout", "esp32-4mb");
            ToolResult run = Run(_workshop.Device(), "--with", "mcu", "--with", $"file=ca:{old}");
            AssertEnds(run, 0, "1.1.0", "Applied");
            Assert.All(new[] { "1.4.0", "2.0.1" }, version => Assert.Contains(version, run.Output));
        }

        [Fact]
        public void A_check_that_both_manifests_of_a_bundle_pass_is_printed_once()
        {
            string key = _workshop.PathOf("release.pem");
            Assert.Equal(0, ToolResult.Of("keygen", "--out", key, "--bits", "2048").ExitCode);
            Bundle("1.1.0", "--key", key);
            ToolResult inspect = ToolResult.Of("inspect", Path.Combine(Stick, "v1_1_0.tar"));
            Assert.Equal(2, inspect.Output.Split("✓ Schema:").Length);
        }

        [Fact]
        public void A_folder_as_pack_writes_it_is_installed()
        {
            Assert.Equal(0, ToolResult.Of("pack", _workshop.Image("1.1.0"), "--version", "1.1.0", "--counter", "next", "--out", Stick).ExitCode);
            AssertEnds(Run(_workshop.Device()), 0, "1.1.0", "Applied");
        }

        [Fact]
        public void From_a_bundle_with_patches_a_device_reads_the_patch_alone()
        {
            string device = _workshop.Device();
            Bundle("1.1.0", "--from", _workshop.Image("1.0.0"));
            string bundle = Path.Combine(Stick, "v1_1_0.tar");
            ToolResult inspect = ToolResult.Of("inspect", bundle);
            Assert.Contains("✓ v1_1_0.json: v1_1_0.from-v1_0_0.lz4: Size and SHA-256 are the manifest's.", inspect.Output);
            ToolResult run = Run(device);
            AssertEnds(run, 0, "1.1.0", "Applied");

            // Every byte was in the active slot or came out of the patch: none of the image's file was read.
            (int copied, int patched) = ((int)run.Last["bytesCopied"]!, (int)run.Last["bytesPatched"]!);
            Assert.True(patched > 0 && copied + patched == 40000, run.Output);
        }

        [Fact]
        public void A_damaged_patch_in_a_bundle_is_noticed_and_costs_no_update()
        {
            string device = _workshop.Device();
            Bundle("1.1.0", "--from", _workshop.Image("1.0.0"));
            string bundle = Path.Combine(Stick, "v1_1_0.tar");
            byte[] bytes = File.ReadAllBytes(bundle);
            byte[] patch = File.ReadAllBytes(_workshop.PathOf("firmware/v1_1_0.from-v1_0_0.lz4"));
            bytes[bytes.AsSpan().LastIndexOf(patch.AsSpan(0, 64)) + patch.Length - 1] ^= 1;
            File.WriteAllBytes(bundle, bytes);
            ToolResult inspect = ToolResult.Of("inspect", bundle);
            Assert.True(inspect.ExitCode == 4 && inspect.Output.Contains("It is not the patch that the manifest names", StringComparison.Ordinal), inspect.Output);
            ToolResult run = Run(device);
            AssertEnds(run, 0, "1.1.0", "Applied");
            Assert.Contains("\"waiting\":\"RebuildMismatch\"", run.Output);
        }

        [Fact]
        public void With_keys_a_signed_bundle_is_installed_and_no_other_one()
        {
            string key = _workshop.PathOf("release.pem");
            string other = _workshop.PathOf("other.pem");
            Assert.Equal(0, ToolResult.Of("keygen", "--out", key, "--bits", "2048").ExitCode);
            Assert.Equal(0, ToolResult.Of("keygen", "--out", other, "--bits", "2048").ExitCode);
            string device = _workshop.Device();
            Bundle("1.1.0");
            AssertEnds(Run(device, "--key", Path.ChangeExtension(key, ".pub.pem")), 0, "1.0.0", "None");
            Bundle("1.2.0", "--key", other);
            AssertEnds(Run(device, "--key", Path.ChangeExtension(key, ".pub.pem")), 3, "1.0.0", "KeyUnknown");
            File.Delete(Path.Combine(Stick, "v1_2_0.tar"));
            Bundle("1.3.0", "--key", key);
            AssertEnds(Run(device, "--key", Path.ChangeExtension(key, ".pub.pem")), 0, "1.3.0", "Applied");
        }

        [Fact]
        public void Without_keys_a_drive_is_believed_only_where_plain_http_is()
        {
            Bundle("1.1.0");
            string device = _workshop.Device();
            AssertEnds(Run(device, "--https-only"), 3, "1.0.0", "InsecureTransport");
            AssertEnds(Run(device), 0, "1.1.0", "Applied");
        }

        [Fact]
        public void A_tampered_image_in_a_bundle_is_refused()
        {
            Bundle("1.1.0");
            string path = Path.Combine(Stick, "v1_1_0.tar");
            byte[] bytes = File.ReadAllBytes(path);
            bytes[^10_000] ^= 1;
            File.WriteAllBytes(path, bytes);
            AssertEnds(Run(_workshop.Device()), 3, "1.0.0", "HashMismatch");
        }

        [Fact]
        public void A_version_from_a_drive_that_fails_its_test_is_rolled_back()
        {
            Bundle("1.1.0");
            string device = _workshop.Device();
            AssertEnds(Run(device, "--self-test", "fail"), 3, "1.0.0", "SelfTestFailed");
            AssertEnds(Run(device), 3, "1.0.0", "SelfTestFailed");
        }

        [Fact]
        public void An_empty_drive_requests_nothing()
        {
            AssertEnds(Run(_workshop.Device()), 0, "1.0.0", "None");
        }

        private static void AssertEnds(ToolResult run, int exitCode, string version, string code)
        {
            Assert.Equal((exitCode, version, code), (run.ExitCode, (string?)run.Last["version"], (string?)run.Last["code"]));
        }

        private void Bundle(string version, params string[] more)
        {
            string file = Path.Combine(Stick, SemanticVersion.Parse(version).FileStem + ".tar");
            ToolResult result = ToolResult.Of(["pack", _workshop.Image(version), "--version", version, "--bundle", file, "--out", _workshop.PathOf("firmware"), .. more]);
            Assert.True(result.ExitCode == 0, result.Error);
        }

        private ToolResult Run(string device, params string[] more)
        {
            return ToolResult.Of(["device", "run", "--state", device, "--drive", Stick, "--json", .. more]);
        }
    }
}
