namespace nanoOta.Tests.StandIns.Files
{
    /// <summary>Paths: System.IO.FileSystem 434b26c6, Path.cs and its tests' cases.</summary>
    public sealed class PathTests
    {
        [Theory]
        [InlineData("I:\\", "a", "I:\\a")]
        [InlineData("I:\\ota", "a", "I:\\ota\\a")]
        [InlineData("I:\\ota/", "a", "I:\\ota/a")]
        [InlineData("I:\\ota", "D:\\a", "D:\\a")]
        [InlineData("I:\\ota", "\\a", "\\a")]
        [InlineData("\\", "a", "a")]
        [InlineData("", "a", "a")]
        [InlineData("a", "", "a")]
        public void Combine_joins(string first, string second, string expected)
        {
            Assert.Equal(expected, DevicePath.Combine(first, second));
        }

        [Theory]
        [InlineData("I:\\ota\\a.b.bin", "I:\\ota", "a.b.bin", "a.b", ".bin", "I:\\")]
        [InlineData("I:/ota//a", "I:\\ota", "a", "a", "", "I:\\")]
        [InlineData("I:\\a.", "I:\\", "a.", "a", "", "I:\\")]
        [InlineData("I:a.b", "I:", "a.b", "a", ".b", "I:")]
        [InlineData("I:\\", null, "", "", "", "I:\\")]
        [InlineData("x.y\\a", "x.y", "a", "a", "", "")]
        public void A_path_has_parts(string path, string? directory, string name, string bare, string extension, string root)
        {
            Assert.Equal(
                (directory, name, bare, extension, root),
                (DevicePath.GetDirectoryName(path), DevicePath.GetFileName(path), DevicePath.GetFileNameWithoutExtension(path),
                    DevicePath.GetExtension(path), DevicePath.GetPathRoot(path)));
            Assert.Equal(extension.Length > 0, DevicePath.HasExtension(path));
        }

        [Theory]
        [InlineData("I:\\a\\.\\b\\..\\c", "I:\\a\\c")]
        [InlineData("I://a/", "I:\\a\\")]
        [InlineData("I:\\..\\a", "a")]
        [InlineData("\\a", "\\a")]
        [InlineData("a", "a")]
        [InlineData("..\\a", "..\\a")]
        public void A_full_path_is_cleaned(string path, string expected)
        {
            Assert.Equal(expected, DevicePath.GetFullPath(path));
        }

        [Theory]
        [InlineData("I:\\a.bin", "tmp", "I:\\a.tmp")]
        [InlineData("I:\\a.bin", ".tmp", "I:\\a.tmp")]
        [InlineData("I:\\a.bin", null, "I:\\a")]
        [InlineData("I:\\x.y\\a", "tmp", "I:\\x.y\\a.tmp")]
        public void An_extension_can_be_changed(string path, string? extension, string expected)
        {
            Assert.Equal(expected, DevicePath.ChangeExtension(path, extension));
        }

        [Fact]
        public void Nothing_is_no_path()
        {
            Assert.Throws<ArgumentNullException>(() => DevicePath.GetFullPath(null!));
            Assert.Throws<ArgumentException>(() => DevicePath.GetFullPath(""));
            Assert.Throws<ArgumentNullException>(() => DevicePath.Combine(null!, ""));
            Assert.Null(DevicePath.GetDirectoryName(" "));
            Assert.Null(DevicePath.GetFileName(null));
            Assert.False(DevicePath.IsPathRooted(null));
        }
    }
}
