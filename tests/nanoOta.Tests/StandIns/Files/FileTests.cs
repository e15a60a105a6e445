namespace nanoOta.Tests.StandIns.Files
{
    /// <summary>Files as a whole: facts/nanoframework.md, section 4; System.IO.FileSystem 434b26c6.</summary>
    public sealed class FileTests
    {
        private readonly VirtualFileSystem _files = new(10_000);

        public FileTests()
        {
            VirtualFileSystem.Current = _files;
            _files.AddDrive("D:", 100);
        }

        [Fact]
        public void To_delete_what_is_not_there_is_nothing_but_its_directory_must_be()
        {
            DeviceFile.Delete("I:\\none");
            Assert.Equal(0, _files.OperationCount);
            FileCodes.AssertManaged(FileCodes.DirectoryNotFound, () => DeviceFile.Delete("I:\\none\\none"));
            DeviceDirectory.CreateDirectory("I:\\d");
            FileCodes.AssertManaged(FileCodes.UnauthorizedAccess, () => DeviceFile.Delete("I:\\d"));
            FileCodes.AssertNative(FileCodes.InvalidDriver, () => DeviceFile.Delete("X:\\none"));
        }

        [Fact]
        public void Move_renames_and_refuses_an_existing_target()
        {
            DeviceFile.WriteAllText("I:\\a", "a");
            DeviceFile.WriteAllText("I:\\b", "b");
            FileCodes.AssertManaged(FileCodes.PathAlreadyExists, () => DeviceFile.Move("I:\\a", "I:\\b"));
            FileCodes.AssertManaged(FileCodes.FileNotFound, () => DeviceFile.Move("I:\\none", "I:\\c"));
            DeviceFile.Move("I:\\a", "I:\\c");
            Assert.False(DeviceFile.Exists("I:\\a"));
            Assert.Equal("a", DeviceFile.ReadAllText("I:\\c"));
        }

        [Fact]
        public void Move_to_another_drive_copies_and_deletes()
        {
            DeviceFile.WriteAllText("I:\\a", "a");
            List<FileOperationKind> seen = [];
            _files.BeforeOperation = operation =>
            {
                seen.Add(operation.Kind);
                return CutPoint.None;
            };
            DeviceFile.Move("I:\\a", "D:\\a");
            Assert.Equal("a", DeviceFile.ReadAllText("D:\\a"));
            Assert.Equal([FileOperationKind.CreateFile, FileOperationKind.CommitFile, FileOperationKind.DeleteFile], seen);
        }

        [Fact]
        public void Move_to_a_full_drive_loses_the_file()
        {
            DeviceFile.WriteAllBytes("I:\\a", new byte[101]);
            FileCodes.AssertNative(FileCodes.Others, () => DeviceFile.Move("I:\\a", "D:\\a"));
            Assert.False(DeviceFile.Exists("I:\\a"));
            Assert.Empty(DeviceFile.ReadAllBytes("D:\\a"));
        }

        [Fact]
        public void Move_onto_a_directory_loses_the_file()
        {
            DeviceFile.WriteAllText("I:\\a", "a");
            DeviceDirectory.CreateDirectory("I:\\d");
            FileCodes.AssertManaged(FileCodes.UnauthorizedAccess, () => DeviceFile.Move("I:\\a", "I:\\d"));
            Assert.False(DeviceFile.Exists("I:\\a"));
        }

        [Fact]
        public void Move_into_a_missing_directory_fails_and_leaves_the_file_open()
        {
            DeviceFile.WriteAllText("I:\\a", "a");
            FileCodes.AssertNative(FileCodes.Others, () => DeviceFile.Move("I:\\a", "I:\\none\\a"));
            FileCodes.AssertManaged(FileCodes.UnauthorizedAccess, () => DeviceFile.Delete("I:\\a"));
        }

        [Fact]
        public void Copy_overwrites_only_when_told_to()
        {
            DeviceFile.WriteAllBytes("I:\\a", new byte[3000]);
            DeviceFile.Copy("I:\\a", "I:\\b");
            Assert.Equal(3000, DeviceFile.ReadAllBytes("I:\\b").Length);
            FileCodes.AssertManaged(FileCodes.PathAlreadyExists, () => DeviceFile.Copy("I:\\a", "I:\\b"));
            DeviceFile.WriteAllText("I:\\a", "a");
            DeviceFile.Copy("I:\\a", "I:\\b", overwrite: true);
            Assert.Equal("a", DeviceFile.ReadAllText("I:\\b"));
        }

        [Fact]
        public void Exists_is_false_for_whatever_is_wrong_with_the_name()
        {
            DeviceDirectory.CreateDirectory("I:\\d");
            Assert.All(
                ["", "I:\\", "I:\\none", "I:\\d", "X:\\a", "a", "I:\\" + new string('a', 300)],
                name => Assert.False(DeviceFile.Exists(name)));
            Assert.False(DeviceFile.Exists(null!));
        }

        [Fact]
        public void No_attribute_is_stored()
        {
            DeviceFile.WriteAllText("I:\\a", "a");
            DeviceFile.SetAttributes("I:\\a", FileAttributes.ReadOnly);
            Assert.Equal(FileAttributes.Normal, DeviceFile.GetAttributes("I:\\a"));
            Assert.Equal(FileAttributes.Directory, DeviceFile.GetAttributes("I:\\"));
            FileCodes.AssertManaged(FileCodes.FileNotFound, () => DeviceFile.GetAttributes("I:\\none"));
            FileCodes.AssertManaged(FileCodes.FileNotFound, () => DeviceFile.SetAttributes("I:\\none", FileAttributes.Normal));
        }

        [Fact]
        public void Names_keep_their_case_and_drives_have_none()
        {
            DeviceFile.WriteAllText("i:/a", "a");
            Assert.Equal("a", DeviceFile.ReadAllText("I:\\.\\x\\..\\\\a"));
            Assert.False(DeviceFile.Exists("I:\\A"));
        }

        [Theory]
        [InlineData(242, true)]
        [InlineData(243, false)]
        [InlineData(300, false)]
        public void A_path_below_its_drive_has_at_most_242_bytes(int length, bool isGood)
        {
            string path = "I:\\" + new string('a', length);
            if (isGood)
            {
                DeviceFile.WriteAllText(path, "x");
                Assert.True(DeviceFile.Exists(path));
            }
            else
            {
                FileCodes.AssertNative(FileCodes.PathTooLong, () => DeviceFile.WriteAllText(path, "x"));
            }
        }

        [Theory]
        [InlineData("X:\\a", FileCodes.InvalidDriver)]
        [InlineData("a.bin", FileCodes.InvalidDriver)]
        [InlineData("\\a.bin", FileCodes.InvalidDriver)]
        [InlineData("long-name.bin", FileCodes.PathTooLong)]
        [InlineData("I:\\none\\a", FileCodes.Others)]
        public void A_path_needs_its_drive_and_its_directory(string path, uint code)
        {
            FileCodes.AssertNative(code, () => DeviceFile.WriteAllText(path, "x"));
        }

        [Fact]
        public void A_FileInfo_asks_for_the_length_once()
        {
            DeviceFileInfo info = new("I:\\d\\..\\a.bin");
            Assert.Equal(("I:\\a.bin", "a.bin", ".bin", false), (info.FullName, info.Name, info.Extension, info.Exists));
            FileCodes.AssertManaged(FileCodes.FileNotFound, () => _ = info.Length);
            DeviceFile.WriteAllText("I:\\a.bin", "abc");
            Assert.Equal(3, info.Length);
            DeviceFile.WriteAllText("I:\\a.bin", "abcd");
            Assert.Equal(3, info.Length);
            info.Delete();
            Assert.False(info.Exists);
        }
    }
}
