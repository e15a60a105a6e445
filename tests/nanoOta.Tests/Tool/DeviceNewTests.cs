using System.Text.Json.Nodes;
using nanoOta.Tool;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.Tests.Tool
{
    public sealed class DeviceNewTests : IDisposable
    {
        private readonly Workshop _workshop = new();

        private string State => _workshop.PathOf("new");

        public void Dispose()
        {
            _workshop.Dispose();
        }

        [Theory]
        [InlineData("esp32-4mb", 0x400000)]
        [InlineData("esp32-8mb", 0x800000)]
        [InlineData("esp32-16mb", 0x1000000)]
        [InlineData("stm32f769-2mb", 0x200000)]
        public void A_device_is_a_flash_and_a_description(string layout, int size)
        {
            ToolResult result = ToolResult.Of("device", "new", "--state", State, "--layout", layout, "--image", _workshop.Image("1.2.3"), "--json");
            Assert.Equal((0, "1.2.3.0"), (result.ExitCode, (string?)result.Last["application"]));
            Assert.Equal(size, new FileInfo(Path.Combine(State, "flash.bin")).Length);
            JsonNode device = JsonNode.Parse(File.ReadAllText(Path.Combine(State, "device.json")))!;
            Assert.Equal((layout, (string?)result.Last["deviceId"]), ((string?)device["layout"], (string?)device["deviceId"]));
            Assert.Equal(["device.json", "flash.bin"], Directory.GetFiles(State).Select(Path.GetFileName).Order());
        }

        [Fact]
        public void A_flash_without_its_description_is_not_overwritten_and_called_what_it_is()
        {
            Directory.CreateDirectory(State);
            _workshop.Write("new/flash.bin", "from 'nanoota image flash'");
            Assert.Contains("no device.json beside it", ToolResult.Refusal(ExitCode.Usage, "device", "new", "--state", State, "--layout", "esp32-4mb", "--image", _workshop.Image("1.0.0")));
            Assert.Equal("from 'nanoota image flash'", File.ReadAllText(Path.Combine(State, "flash.bin")));
        }

        [Fact]
        public void Devices_differ_in_their_id()
        {
            Assert.NotEqual(File.ReadAllText(Path.Combine(_workshop.Device(), "device.json")), File.ReadAllText(Path.Combine(_workshop.Device(), "device.json")));
        }

        [Fact]
        public void It_leaves_the_factory_with_the_firmware_given()
        {
            string clr = _workshop.Image("1.17.0", kind: "esp32");
            Assert.Equal(0, ToolResult.Of("device", "new", "--state", State, "--layout", "esp32-4mb", "--image", _workshop.Image("1.0.0"), "--clr", clr).ExitCode);
            byte[] flash = File.ReadAllBytes(Path.Combine(State, "flash.bin"));
            Assert.Equal(File.ReadAllBytes(clr), flash[0x10000..(0x10000 + 40000)]);
        }

        [Fact]
        public void A_folder_that_holds_a_device_is_left_alone()
        {
            string device = _workshop.Device();
            byte[] before = File.ReadAllBytes(Path.Combine(device, "device.json"));
            Assert.Contains("already holds a device", ToolResult.Refusal(ExitCode.Usage, "device", "new", "--state", device, "--layout", "esp32-4mb", "--image", _workshop.Image("1.0.0")));
            Assert.Equal(before, File.ReadAllBytes(Path.Combine(device, "device.json")));
        }

        [Fact]
        public void An_image_that_no_device_would_start_is_not_accepted()
        {
            byte[] image = File.ReadAllBytes(_workshop.Image("1.0.0"));
            image[30000] ^= 1;
            File.WriteAllBytes(_workshop.PathOf("damaged.bin"), image);
            AssertRefused(ExitCode.Unsound, "Body CRC", _workshop.PathOf("damaged.bin"));
            AssertRefused(ExitCode.Unsound, "has 917504", _workshop.Image("1.0.0", 917508));
            AssertRefused(ExitCode.Unsound, "No assembly", _workshop.Write("x.txt", "hello"));
            byte[] needy = DeploymentBuilder.Build([new AssemblySpec("App", new AssemblyVersion(1, 0)) { NativeChecksum = 1 }], 1000);
            File.WriteAllBytes(_workshop.PathOf("needy.bin"), needy);
            AssertRefused(ExitCode.Unsound, "native checksum 0x00000001", _workshop.PathOf("needy.bin"), "--clr", _workshop.Image("1.17.0", kind: "esp32"));
        }

        [Fact]
        public void What_cannot_be_read_or_is_not_known_is_wrong_usage()
        {
            AssertRefused(ExitCode.Usage, "cannot read", _workshop.PathOf("missing.bin"));
            AssertRefused(ExitCode.Usage, "cannot read", _workshop.Image("1.0.0"), "--clr", _workshop.PathOf("missing.bin"));
            Assert.Contains("no layout 'esp8266'", ToolResult.Refusal(ExitCode.Usage, "device", "new", "--state", State, "--layout", "esp8266", "--image", _workshop.Image("1.0.0")));
        }

        private void AssertRefused(ExitCode code, string reason, string image, params string[] more)
        {
            Assert.Contains(reason, ToolResult.Refusal(code, ["device", "new", "--state", State, "--layout", "esp32-4mb", "--image", image, .. more]));
            Assert.False(Directory.Exists(State));
        }
    }
}
