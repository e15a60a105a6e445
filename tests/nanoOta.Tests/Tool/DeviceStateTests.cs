using nanoOta.Tool;

namespace nanoOta.Tests.Tool
{
    /// <summary>What a virtual device keeps in its folder: it is written whole or not at all, and by one run at a time.</summary>
    public sealed class DeviceStateTests : IDisposable
    {
        private readonly Workshop _workshop = new();

        public void Dispose()
        {
            _workshop.Dispose();
        }

        [Theory]
        [InlineData("esp32-4mb", "flash.bin")]
        [InlineData("stock-4mb", "drive.bin")]
        public void A_run_puts_a_whole_new_file_in_the_place_of_the_one_before(string layout, string name)
        {
            string device = _workshop.Device(layout);
            _workshop.Pack("1.1.0", "--layout", layout);
            byte[] before = Link(device, name);
            ToolResult run = _workshop.Request(device, "1.1.0");
            Assert.True(run.ExitCode == 0, run.Error);
            AssertReplaced(device, name, before);
        }

        [Fact]
        public void What_is_attached_is_kept_in_whole_new_files_as_well()
        {
            string device = _workshop.Device();
            string[] attached = ["--with", "mcu", "--with", "file=ca:" + _workshop.Write("ca.pem", "none")];
            Assert.Equal(0, _workshop.Twin(device, "{}", attached).ExitCode);
            string[] names = ["chip.bin", "mcu.bin", "own.bin", "files.bin"];
            byte[][] before = [.. names.Select(name => Link(device, name))];
            Assert.Equal(0, _workshop.Twin(device, "{}", attached).ExitCode);
            Assert.All(names.Zip(before), file => AssertReplaced(device, file.First, file.Second));
        }

        [Fact]
        public void Two_runs_at_the_same_time_do_not_have_one_device()
        {
            string device = _workshop.Device();
            string held = Path.Combine(device, "device.lock");
            byte[] flash = File.ReadAllBytes(Path.Combine(device, "flash.bin"));
            string[] run = ["device", "run", "--twin", _workshop.Write("twin.json", "{}"), "--state"];
            using (FileLock.Take(device, held, TimeSpan.Zero))
            {
                Assert.Contains($"another nanoota has {device} (it holds {held})", ToolResult.Refusal(ExitCode.Conflict, [.. run, device]));
                Assert.Equal(flash, File.ReadAllBytes(Path.Combine(device, "flash.bin")));
            }

            Assert.Equal(0, ToolResult.Of([.. run, device]).ExitCode);
            Assert.Contains("holds no device", ToolResult.Refusal(ExitCode.Usage, [.. run, _workshop.Folder]));
            Assert.False(File.Exists(_workshop.PathOf("device.lock")));
        }

        // What writes in place writes into the file that the link leads to, and half of it when the PC's power goes.
        private byte[] Link(string device, string name)
        {
            string path = Path.Combine(device, name);
            File.Move(path, Kept(name));
            File.CreateSymbolicLink(path, Kept(name));
            byte[] content = File.ReadAllBytes(path);
            File.SetLastWriteTimeUtc(Kept(name), DateTime.UnixEpoch);
            return content;
        }

        private void AssertReplaced(string device, string name, byte[] before)
        {
            Assert.Equal(before, File.ReadAllBytes(Kept(name)));
            Assert.Equal(DateTime.UnixEpoch, File.GetLastWriteTimeUtc(Kept(name)));
            var file = new FileInfo(Path.Combine(device, name));
            Assert.True(file.Exists && file.LinkTarget == null, name);
            Assert.DoesNotContain(Directory.GetFiles(device), path => path.EndsWith(".new", StringComparison.Ordinal));
        }

        private string Kept(string name) => _workshop.PathOf("kept-" + name);
    }
}
