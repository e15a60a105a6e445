using nanoOta.Tool;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.Tests.Tool
{
    /// <summary>Layout stock-4mb, by the tool.</summary>
    public sealed class StockTests : IDisposable
    {
        private readonly Workshop _workshop = new();

        private string State => _workshop.PathOf("stock");

        public void Dispose()
        {
            _workshop.Dispose();
        }

        [Fact]
        public void A_device_is_a_drive_and_updates_over_http()
        {
            string device = _workshop.Device("stock-4mb");
            Assert.Equal(["device.json", "drive.bin"], Directory.GetFiles(device).Select(Path.GetFileName).Order());
            _workshop.Pack("1.1.0", "--layout", "stock-4mb");
            string twin = _workshop.Write("twin.json", $$"""{"updateVersion":"1.1.0","updateUrl":"{{_workshop.Container}}"}""");
            ToolResult cut = ToolResult.Of("device", "run", "--state", device, "--twin", twin, "--cut-after", "9", "--json");
            Assert.Equal((9, 9), (cut.ExitCode, (int)cut.Last["operation"]!));
            ToolResult run = ToolResult.Of("device", "run", "--state", device, "--twin", twin, "--json");
            Assert.Equal((0, "1.1.0", "a", "Applied"), (run.ExitCode, (string?)run.Last["version"], (string?)run.Last["slot"], (string?)run.Last["code"]));
        }

        [Fact]
        public void What_is_counted_is_changes_of_the_file_system_and_so_it_is_called()
        {
            string device = _workshop.Device("stock-4mb");
            _workshop.Pack("1.1.0", "--layout", "stock-4mb");
            string twin = _workshop.Write("twin.json", $$"""{"updateVersion":"1.1.0","updateUrl":"{{_workshop.Container}}"}""");
            Assert.EndsWith("  The power was cut at change 9 of the file system.\n", ToolResult.Of("device", "run", "--state", device, "--twin", twin, "--cut-after", "9").Output);
            string run = ToolResult.Of("device", "run", "--state", device, "--twin", twin).Output;
            Assert.Contains("; changes of the file system: ", run);
            Assert.DoesNotContain("flash", run);
        }

        [Fact]
        public void Power_fail_tests_have_their_own_scenarios()
        {
            ToolResult result = ToolResult.Of("powerfail", "--layout", "stock-4mb", "--scenario", "not-started", "--pairs", "1", "--json");
            Assert.Equal((0, 0), (result.ExitCode, (int)result.Last["failures"]!));
            Assert.Contains("is not one of stock-4mb", ToolResult.Refusal(ExitCode.Usage, "powerfail", "--layout", "stock-4mb", "--scenario", "both"));
            Assert.Contains("is not one of esp32-4mb", ToolResult.Refusal(ExitCode.Usage, "powerfail", "--layout", "esp32-4mb", "--scenario", "not-started"));
        }

        [Fact]
        public void An_application_refers_to_what_the_loader_has_and_its_libraries_stand_in_front_of_it()
        {
            var core = new AssemblyReference("mscorlib", new AssemblyVersion(1, 17, 11));
            var library = new AssemblySpec("Pumps", new AssemblyVersion(1, 0)) { References = [core] };
            var app = new AssemblySpec("Washer", new AssemblyVersion(1, 0)) { References = [core, new("Pumps", library.Version)] };
            byte[] first = DeploymentBuilder.Assembly(library, 4000), second = DeploymentBuilder.Assembly(app, 4000);
            string file = _workshop.PathOf("app.bin");
            File.WriteAllBytes(file, [.. first, .. second]);
            string[] pack = ["pack", file, "--version", "1.0.0", "--out", _workshop.PathOf("out"), "--layout"];
            Assert.Equal(0, ToolResult.Of([.. pack, "stock-4mb"]).ExitCode);
            Assert.Contains("needs mscorlib 1.17.11.0, which is not there", ToolResult.Refusal(ExitCode.Unsound, [.. pack, "esp32-4mb"]));
            Assert.Equal(0, ToolResult.Of("device", "new", "--state", State, "--layout", "stock-4mb", "--image", file).ExitCode);

            // The other way round the loader would not find the library.
            File.WriteAllBytes(file, [.. second, .. first]);
            Assert.Contains("Washer 1.0.0.0: needs Pumps 1.0.0.0, which does not stand in front of it.", ToolResult.Refusal(ExitCode.Unsound, [.. pack, "stock-4mb"]));

            // Whether the loader has it, the device knows.
            File.WriteAllBytes(file, DeploymentBuilder.Assembly(app, 4000));
            Assert.Equal(0, ToolResult.Of([.. pack, "stock-4mb", "--force"]).ExitCode);
            Assert.Contains("ReferenceMissing", ToolResult.Refusal(ExitCode.Unsound, "device", "new", "--state", _workshop.PathOf("other"), "--layout", "stock-4mb", "--image", file));
        }

        [Fact]
        public void What_a_file_cannot_hold_is_neither_packed_nor_installed()
        {
            var spec = new AssemblySpec("App", new AssemblyVersion(1, 0)) { NativeChecksum = 1 };
            string native = _workshop.PathOf("native.bin");
            File.WriteAllBytes(native, DeploymentBuilder.Assembly(spec, 400));
            Assert.Contains("belongs into the loader", ToolResult.Refusal(ExitCode.Unsound, "pack", native, "--version", "1.0.0", "--layout", "stock-4mb", "--out", _workshop.PathOf("out")));
            Assert.Contains("NativesMismatch", ToolResult.Refusal(ExitCode.Unsound, "device", "new", "--state", State, "--layout", "stock-4mb", "--image", native));
            string large = _workshop.Image("1.0.0", size: 98_308);
            Assert.Contains("room for two of 98304", ToolResult.Refusal(ExitCode.Unsound, "pack", large, "--version", "1.0.0", "--layout", "stock-4mb", "--out", _workshop.PathOf("out")));
            Assert.Contains("HeapTooSmall", ToolResult.Refusal(ExitCode.Unsound, "device", "new", "--state", State, "--layout", "stock-4mb", "--image", large));
            Assert.Contains("the firmware that everybody has", ToolResult.Refusal(ExitCode.Unsound, "device", "new", "--state", State, "--layout", "stock-4mb", "--image", _workshop.Image("1.0.0"), "--clr", _workshop.Image("1.17.0", kind: "esp32")));
        }
    }
}
