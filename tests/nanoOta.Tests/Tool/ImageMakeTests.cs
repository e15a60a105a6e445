using nanoOta.Tool;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.Tests.Tool
{
    public sealed class ImageMakeTests : IDisposable
    {
        private readonly Workshop _workshop = new();

        public void Dispose()
        {
            _workshop.Dispose();
        }

        [Theory]
        [InlineData("deployment", "1.2.3", 1000, "1.2.3.0")]
        [InlineData("deployment", "1.2.3.4", 300000, "1.2.3.4")]
        [InlineData("esp32", "1.16.0", 100000, "1.16.0.0")]
        [InlineData("esp32", "1.16.0.123", 1024, "1.16.0.123")]
        public void An_image_is_sound_and_has_the_version_and_size_asked_for(string kind, string version, int size, string own)
        {
            byte[] image = File.ReadAllBytes(_workshop.Image(version, size, kind));
            ImageReport report = ImageFile.Identify(image);
            Assert.Equal((size, own, true), (image.Length, report.Version, report.Sound));
        }

        [Fact]
        public void The_same_arguments_give_the_same_bytes_and_another_seed_others()
        {
            byte[] image = File.ReadAllBytes(_workshop.Image("1.0.0"));
            byte[] other = File.ReadAllBytes(_workshop.Image("1.0.0", seed: 1));
            Assert.NotEqual(image, other);
            Assert.Equal(image, File.ReadAllBytes(_workshop.Image("1.0.0")));
        }

        [Theory]
        [InlineData("deployment", "1.0.0", 1001, "a multiple of 4 bytes, from ")]
        [InlineData("deployment", "1.0.0", 8, "a multiple of 4 bytes, from ")]
        [InlineData("deployment", "1.0.0", -4, "a multiple of 4 bytes, from ")]
        [InlineData("esp32", "1.0.0", 1001, "a multiple of 16 bytes, from ")]
        [InlineData("esp32", "1.0.0", 2147483632, "a multiple of 16 bytes, from ")]
        [InlineData("deployment", "1.0.0-rc.1", 1000, "'1.0.0-rc.1' is no version of an image")]
        [InlineData("deployment", "70000.0.0", 1000, "'70000.0.0' is no version of an image")]
        public void What_cannot_be_made_is_refused_and_nothing_written(string kind, string version, int size, string reason)
        {
            string path = _workshop.PathOf("x.bin");
            string sentence = ToolResult.Refusal(ExitCode.Usage, "image", "make", "--kind", kind, "--version", version, "--size", $"{size}", "--out", path);
            Assert.Contains(reason, sentence);
            Assert.False(File.Exists(path));
        }

        [Fact]
        public void A_path_that_cannot_be_written_is_refused()
        {
            ToolResult.Refusal(ExitCode.Usage, "image", "make", "--kind", "deployment", "--version", "1.0.0", "--size", "1000", "--out", _workshop.PathOf("no/such/folder/x.bin"));
            ToolResult.Refusal(ExitCode.Usage, "image", "make", "--kind", "deployment", "--version", "1.0.0", "--size", "1000", "--out", _workshop.Folder);
            Assert.False(File.Exists(_workshop.Folder + ".new"));
        }
    }
}
