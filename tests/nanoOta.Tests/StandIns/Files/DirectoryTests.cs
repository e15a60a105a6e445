namespace nanoOta.Tests.StandIns.Files
{
    /// <summary>Directories and drives: System.IO.FileSystem 434b26c6, nf-interpreter a3e8139a.</summary>
    public sealed class DirectoryTests
    {
        private readonly VirtualFileSystem _files = new(10_000);

        public DirectoryTests()
        {
            VirtualFileSystem.Current = _files;
        }

        [Fact]
        public void Directories_are_made_with_those_above_them()
        {
            DeviceDirectoryInfo made = DeviceDirectory.CreateDirectory("I:\\a\\b\\c");
            Assert.Equal(("I:\\a\\b\\c", "c", true), (made.FullName, made.Name, made.Exists));
            Assert.True(DeviceDirectory.Exists("I:\\a\\b\\"));
            DeviceDirectory.CreateDirectory("I:\\a\\b");
            Assert.Equal(3, _files.OperationCount);
        }

        [Fact]
        public void A_file_passes_for_the_directory_asked_for_but_not_for_one_above_it()
        {
            DeviceFile.WriteAllText("I:\\a", "x");
            DeviceDirectory.CreateDirectory("I:\\a");
            Assert.False(DeviceDirectory.Exists("I:\\a"));
            FileCodes.AssertNative(FileCodes.Others, () => DeviceDirectory.CreateDirectory("I:\\a\\b"));
        }

        [Fact]
        public void Files_are_listed_with_full_names_in_order_and_without_sys()
        {
            DeviceDirectory.CreateDirectory("I:\\d\\sub");
            foreach (string name in new[] { "b", "a.bin", "c.sys", "C.SYS" })
            {
                DeviceFile.WriteAllText("I:\\d\\" + name, "x");
            }

            Assert.Equal(["I:\\d\\C.SYS", "I:\\d\\a.bin", "I:\\d\\b"], DeviceDirectory.GetFiles("I:\\d"));
            Assert.Empty(DeviceDirectory.GetFiles("I:\\"));
            FileCodes.AssertManaged(FileCodes.DirectoryNotFound, () => DeviceDirectory.GetFiles("I:\\none"));
        }

        [Fact]
        public void Directories_are_listed_only_when_the_path_ends_with_a_slash()
        {
            DeviceDirectory.CreateDirectory("I:\\d\\sub");
            Assert.Equal(["I:\\d\\sub"], DeviceDirectory.GetDirectories("I:\\d\\"));
            Assert.Empty(DeviceDirectory.GetDirectories("I:\\d"));
            Assert.Equal(["I:\\d"], DeviceDirectory.GetDirectories("I:\\"));
        }

        [Fact]
        public void Only_an_empty_directory_goes_unless_told_otherwise()
        {
            DeviceFile.WriteAllText("I:\\f", "x");
            DeviceDirectoryInfo directory = DeviceDirectory.CreateDirectory("I:\\d");
            DeviceFile.WriteAllText("I:\\d\\a", "x");
            DeviceFile.WriteAllText("I:\\d2", "x");
            FileCodes.AssertNative(FileCodes.DirectoryNotEmpty, directory.Delete);
            directory.Delete(true);
            Assert.False(directory.Exists);
            Assert.True(DeviceFile.Exists("I:\\d2"));
            directory.Create();
            DeviceDirectory.Delete("I:\\d");
            FileCodes.AssertManaged(FileCodes.DirectoryNotFound, () => DeviceDirectory.Delete("I:\\d"));
            FileCodes.AssertManaged(FileCodes.UnauthorizedAccess, () => DeviceDirectory.Delete("I:\\f"));
        }

        [Fact]
        public void A_missing_drive_is_no_missing_directory()
        {
            Assert.True(DeviceDirectory.Exists("I:\\"));
            Assert.True(DeviceDirectory.Exists("I:"));
            Assert.False(DeviceDirectory.Exists("I:\\none"));
            FileCodes.AssertNative(FileCodes.InvalidDriver, () => DeviceDirectory.Exists("X:\\"));
        }

        [Fact]
        public void Drives_are_named_without_slash_and_do_not_know_their_size()
        {
            _files.AddDrive("D:", 100);
            Assert.Equal(
                [("I:", DeviceDriveType.Fixed, -1L), ("D:", DeviceDriveType.Removable, -1L)],
                DeviceDriveInfo.GetDrives().Select(drive => (drive.Name, drive.DriveType, drive.TotalSize)));
            FileCodes.AssertNative(FileCodes.VolumeNotFound, () => new DeviceDriveInfo("I:\\"));
        }

        [Theory]
        [InlineData("I:")]
        [InlineData("i:")]
        [InlineData("1:")]
        [InlineData("D")]
        public void A_drive_is_a_new_letter_and_a_colon(string name)
        {
            Assert.Throws<ArgumentException>(() => _files.AddDrive(name, 1));
        }
    }
}
