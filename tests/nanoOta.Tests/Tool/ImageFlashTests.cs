using System.Globalization;
using nanoOta.Tests.Documents;
using nanoOta.Tool;
using nanoOta.VirtualDevice;
using nanoOta.VirtualDevice.Flash;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.Tests.Tool
{
    public sealed class ImageFlashTests : IDisposable
    {
        private readonly Workshop _workshop = new();

        private string Out => _workshop.PathOf("factory");

        private string Clr => _workshop.Image("1.16.0", kind: "esp32");

        public void Dispose()
        {
            _workshop.Dispose();
        }

        [Theory]
        [InlineData("esp32-4mb")]
        [InlineData("esp32-8mb")]
        [InlineData("esp32-16mb")]
        public void The_merged_file_is_what_a_new_device_has_in_its_flash(string name)
        {
            FlashLayout layout = FlashLayouts.Find(name)!;
            Assert.Equal(0, Flash(name, "--bootloader", Bootloader()).ExitCode);
            byte[] merged = File.ReadAllBytes(Path.Combine(Out, "flash.bin"));
            NorFlash device = DeviceFactory.Make(layout, File.ReadAllBytes(_workshop.Image("1.0.0")), File.ReadAllBytes(Clr));
            byte[] expected = device.Read(0, layout.FlashSize);
            File.ReadAllBytes(Bootloader()).CopyTo(expected, 0x1000);
            Assert.Equal(expected[..merged.Length], merged);
            Assert.False(expected.AsSpan(merged.Length).ContainsAnyExcept((byte)0xFF));
            foreach (string[] line in File.ReadAllLines(Path.Combine(Out, "flash.args")).Skip(1).Select(text => text.Split(' ')))
            {
                byte[] part = File.ReadAllBytes(Path.Combine(Out, line[1]));
                Assert.Equal(part, merged.AsSpan(int.Parse(line[0][2..], NumberStyles.HexNumber), part.Length));
            }
        }

        [Fact]
        public void The_arguments_are_those_that_the_target_ships()
        {
            Assert.Equal(0, Flash("esp32-8mb", "--bootloader", Bootloader()).ExitCode);
            Assert.Equal(Sorted(Checkout.Text("targets/ESP32/flash/esp32-8mb.args")), Sorted(File.ReadAllText(Path.Combine(Out, "flash.args"))));
            Directory.Delete(Out, recursive: true);
            ToolResult without = Flash("esp32-4mb");
            Assert.Equal(Sorted(Checkout.Text("targets/ESP32/flash/esp32-4mb.args")), Sorted(File.ReadAllText(Path.Combine(Out, "flash.args"))));
            Assert.Contains("write_flash @flash.args", without.Output);
            Assert.False(File.Exists(Path.Combine(Out, "flash.bin")));
        }

        [Fact]
        public void What_does_not_fit_or_does_not_boot_is_refused()
        {
            Assert.Contains("it needs --bootloader", Refusal(ExitCode.Usage, "esp32-8mb"));
            Assert.Contains("not flashed by esptool", Refusal(ExitCode.Usage, "stm32f769-2mb"));
            Assert.Contains("not flashed by esptool", Refusal(ExitCode.Usage, "stock-4mb"));
            Assert.Contains("no ESP image for ESP32", Refusal(ExitCode.Unsound, "esp32-8mb", "--bootloader", _workshop.Write("b.bin", "no bootloader at all")));
            byte[] large = new byte[0x7001];
            large[0] = EspImage.Magic;
            large[3] = 0x20;
            File.WriteAllBytes(_workshop.PathOf("small.bin"), large);
            Assert.Contains("made for a flash of 4 MB; layout esp32-8mb has 8", Refusal(ExitCode.Unsound, "esp32-8mb", "--bootloader", _workshop.PathOf("small.bin")));
            large[3] = 0x30;
            File.WriteAllBytes(_workshop.PathOf("large.bin"), large);
            Assert.Contains("has 28673 bytes; between 0x1000 and the partition table are 28672", Refusal(ExitCode.Unsound, "esp32-8mb", "--bootloader", _workshop.PathOf("large.bin")));
            Assert.Contains("deploy_0 has 917504", ToolResult.Refusal(ExitCode.Unsound, "image", "flash", "--layout", "esp32-4mb", "--clr", Clr, "--deployment", _workshop.Image("1.0.0", 917508), "--out", Out));
            Assert.False(Directory.Exists(Out));
        }

        private static IEnumerable<string> Sorted(string text)
        {
            return text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal);
        }

        private string Bootloader()
        {
            byte[] bootloader = new byte[20000];
            (bootloader[0], bootloader[3]) = (EspImage.Magic, 0x40);
            File.WriteAllBytes(_workshop.PathOf("bootloader.bin"), bootloader);
            return _workshop.PathOf("bootloader.bin");
        }

        private ToolResult Flash(string layout, params string[] more)
        {
            return ToolResult.Of(["image", "flash", "--layout", layout, "--clr", Clr, "--deployment", _workshop.Image("1.0.0"), "--out", Out, .. more]);
        }

        private string Refusal(ExitCode code, string layout, params string[] more)
        {
            return ToolResult.Refusal(code, ["image", "flash", "--layout", layout, "--clr", Clr, "--deployment", _workshop.Image("1.0.0"), "--out", Out, .. more]);
        }
    }
}
