namespace nanoOta.Tests.StandIns.Files
{
    /// <summary>Who may open a file beside whom: System.IO.FileSystem 434b26c6, FileSystemManager.</summary>
    public sealed class ShareTests
    {
        private const string Path = "I:\\a.bin";

        public ShareTests()
        {
            VirtualFileSystem.Current = new VirtualFileSystem(1000);
            DeviceFile.WriteAllText(Path, "x");
        }

        [Theory]
        [InlineData(FileShare.Read, FileAccess.Read, FileShare.ReadWrite, true)]
        [InlineData(FileShare.Read, FileAccess.Read, FileShare.Read, false)]
        [InlineData(FileShare.Read, FileAccess.Write, FileShare.ReadWrite, false)]
        [InlineData(FileShare.Write, FileAccess.Write, FileShare.ReadWrite, true)]
        [InlineData(FileShare.Write, FileAccess.Read, FileShare.ReadWrite, false)]
        [InlineData(FileShare.ReadWrite, FileAccess.ReadWrite, FileShare.ReadWrite, true)]
        [InlineData(FileShare.ReadWrite, FileAccess.Read, FileShare.None, false)]
        [InlineData(FileShare.None, FileAccess.Read, FileShare.ReadWrite, false)]
        public void The_second_must_share_everything_and_want_only_what_the_first_shares(
            FileShare first, FileAccess access, FileShare second, bool isGood)
        {
            using DeviceFileStream stream = new(Path, FileMode.Open, FileAccess.ReadWrite, first);
            if (isGood)
            {
                new DeviceFileStream(Path, FileMode.Open, access, second).Dispose();
            }
            else
            {
                FileCodes.AssertManaged(
                    FileCodes.UnauthorizedAccess, () => new DeviceFileStream(Path, FileMode.Open, access, second));
            }
        }

        [Fact]
        public void OpenRead_is_for_one_alone()
        {
            using DeviceFileStream stream = DeviceFile.OpenRead(Path);
            FileCodes.AssertManaged(FileCodes.UnauthorizedAccess,
                () => new DeviceFileStream("i:\\A.BIN", FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        }

        [Fact]
        public void An_open_file_is_neither_deleted_nor_moved_nor_its_directory_deleted()
        {
            DeviceDirectory.CreateDirectory("I:\\d");
            DeviceFile.Move(Path, "I:\\d\\a");
            using (new DeviceFileStream("I:\\d\\a", FileMode.Open, FileAccess.Read, FileShare.ReadWrite))
            {
                FileCodes.AssertManaged(FileCodes.UnauthorizedAccess, () => DeviceFile.Delete("I:\\d\\a"));
                FileCodes.AssertManaged(FileCodes.UnauthorizedAccess, () => DeviceFile.Move("I:\\d\\a", "I:\\d\\b"));
                FileCodes.AssertManaged(FileCodes.UnauthorizedAccess, () => DeviceDirectory.Delete("I:\\d", true));
            }

            DeviceDirectory.Delete("I:\\d", true);
        }

        [Fact]
        public void An_open_file_is_read_as_it_was_when_opened()
        {
            using DeviceFileStream reader = new(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using (DeviceFileStream writer = new(Path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            {
                writer.WriteByte((byte)'y');
            }

            Assert.Equal('x', reader.ReadByte());
        }
    }
}
