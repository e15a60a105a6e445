using System.Text;

namespace nanoOta.Tests.StandIns.Files
{
    /// <summary>What a power cut leaves: facts/nanoframework.md, section 4, and littlefs.</summary>
    public sealed class DurabilityTests
    {
        private const string Path = "I:\\a.bin";

        private readonly VirtualFileSystem _files = new(100_000);

        public DurabilityTests()
        {
            VirtualFileSystem.Current = _files;
        }

        [Fact]
        public void Content_is_durable_after_close()
        {
            using (DeviceFileStream stream = DeviceFile.Create(Path))
            {
                stream.Write([1, 2, 3], 0, 3);
            }

            Restart();
            Assert.Equal([1, 2, 3], DeviceFile.ReadAllBytes(Path));
        }

        [Fact]
        public void Flush_makes_nothing_durable_and_a_new_file_stays_empty()
        {
            DeviceFileStream stream = DeviceFile.Create(Path);
            stream.Write([1, 2, 3], 0, 3);
            stream.Flush();
            Restart();
            Assert.Empty(DeviceFile.ReadAllBytes(Path));
        }

        [Fact]
        public void Until_close_the_old_content_stays_though_the_file_was_truncated()
        {
            DeviceFile.WriteAllText(Path, "old");
            DeviceFileStream stream = DeviceFile.Create(Path);
            stream.WriteByte(1);
            Assert.Equal(3, new DeviceFileInfo(Path).Length);
            Restart();
            Assert.Equal("old", DeviceFile.ReadAllText(Path));
        }

        [Fact]
        public void To_close_an_unchanged_file_writes_nothing()
        {
            DeviceFile.WriteAllText(Path, "old");
            int before = _files.OperationCount;
            DeviceFile.ReadAllBytes(Path);
            DeviceFile.Open(Path, FileMode.Open).Dispose();
            Assert.Equal(before, _files.OperationCount);
        }

        [Theory]
        [InlineData(CutPoint.Before, "old")]
        [InlineData(CutPoint.After, "new")]
        public void An_interrupted_close_leaves_the_old_or_the_new_content(CutPoint cut, string expected)
        {
            DeviceFile.WriteAllText(Path, "old");
            CutAt(FileOperationKind.CommitFile, cut);
            Assert.Throws<PowerCutException>(() => DeviceFile.WriteAllText(Path, "new"));
            Restart();
            Assert.Equal(expected, DeviceFile.ReadAllText(Path));
        }

        [Theory]
        [InlineData(FileOperationKind.CreateFile, CutPoint.Before, null)]
        [InlineData(FileOperationKind.CreateFile, CutPoint.After, "")]
        [InlineData(FileOperationKind.CommitFile, CutPoint.Before, "")]
        [InlineData(FileOperationKind.CommitFile, CutPoint.After, "new")]
        public void An_interrupted_new_file_is_missing_empty_or_whole(FileOperationKind kind, CutPoint cut, string? expected)
        {
            CutAt(kind, cut);
            Assert.Throws<PowerCutException>(() => DeviceFile.WriteAllText(Path, "new"));
            Restart();
            Assert.Equal(expected, DeviceFile.Exists(Path) ? DeviceFile.ReadAllText(Path) : null);
        }

        [Theory]
        [InlineData(CutPoint.Before)]
        [InlineData(CutPoint.After)]
        public void Moves_and_deletes_happen_or_do_not(CutPoint cut)
        {
            DeviceFile.WriteAllText(Path, "x");
            CutAt(FileOperationKind.Rename, cut);
            Assert.Throws<PowerCutException>(() => DeviceFile.Move(Path, "I:\\b.bin"));
            Restart();
            Assert.Equal(cut == CutPoint.Before, DeviceFile.Exists(Path));
            Assert.Equal(cut == CutPoint.After, DeviceFile.Exists("I:\\b.bin"));

            string left = cut == CutPoint.Before ? Path : "I:\\b.bin";
            CutAt(FileOperationKind.DeleteFile, cut);
            Assert.Throws<PowerCutException>(() => DeviceFile.Delete(left));
            Restart();
            Assert.Equal(cut == CutPoint.Before, DeviceFile.Exists(left));
        }

        [Fact]
        public void Each_durable_change_can_be_counted_and_then_cut()
        {
            List<FileOperation> seen = [];
            _files.BeforeOperation = operation =>
            {
                seen.Add(operation);
                return CutPoint.None;
            };
            DeviceDirectory.CreateDirectory("I:\\ota\\a");
            DeviceFile.WriteAllText("I:\\ota\\x", "1");
            DeviceFile.Move("I:\\ota\\x", "I:\\ota\\y");
            DeviceDirectory.Delete("I:\\ota", recursive: true);
            Assert.Equal(
                [
                    new(FileOperationKind.CreateDirectory, "I:\\ota", 1), new(FileOperationKind.CreateDirectory, "I:\\ota\\a", 2),
                    new(FileOperationKind.CreateFile, "I:\\ota\\x", 3), new(FileOperationKind.CommitFile, "I:\\ota\\x", 4),
                    new(FileOperationKind.Rename, "I:\\ota\\x", 5), new(FileOperationKind.DeleteDirectory, "I:\\ota\\a", 6),
                    new(FileOperationKind.DeleteFile, "I:\\ota\\y", 7), new(FileOperationKind.DeleteDirectory, "I:\\ota", 8),
                ],
                seen);
        }

        [Fact]
        public void The_hook_may_cut_the_power_itself()
        {
            _files.BeforeOperation = _ =>
            {
                _files.CutPower();
                _files.RestorePower();
                return CutPoint.None;
            };
            Assert.Throws<PowerCutException>(() => DeviceFile.WriteAllText(Path, "new"));
            Assert.False(DeviceFile.Exists(Path));
        }

        [Fact]
        public void Without_power_everything_throws()
        {
            DeviceFile.WriteAllText(Path, "x");
            _files.CutPower();
            Assert.False(_files.IsPowered);
            Assert.Throws<PowerCutException>(() => DeviceFile.Exists(Path));
            Assert.Throws<PowerCutException>(() => DeviceFile.ReadAllBytes(Path));
            Assert.Throws<PowerCutException>(() => DeviceFile.Delete(Path));
            Assert.Throws<PowerCutException>(() => DeviceDirectory.GetFiles("I:\\"));
        }

        [Fact]
        public void A_stream_from_before_the_cut_stays_dead()
        {
            DeviceFileStream stream = DeviceFile.Create(Path);
            stream.WriteByte(1);
            Restart();
            Assert.Throws<PowerCutException>(() => stream.WriteByte(2));
            Assert.Throws<PowerCutException>(() => stream.Length);
            Assert.Throws<PowerCutException>(stream.Dispose);
            Assert.Empty(DeviceFile.ReadAllBytes(Path));
        }

        [Fact]
        public void A_file_system_is_saved_without_what_is_not_durable()
        {
            _files.AddDrive("D:", 50);
            DeviceDirectory.CreateDirectory("I:\\ota");
            DeviceFile.WriteAllText("I:\\ota\\a", "one");
            DeviceFile.WriteAllText("D:\\b", "two");
            DeviceFileStream open = DeviceFile.Create("D:\\c");
            open.WriteByte(1);
            using MemoryStream saved = new();
            _files.Save(saved);
            saved.Position = 0;

            VirtualFileSystem.Current = VirtualFileSystem.Load(saved);
            Assert.Equal(_files.OperationCount, VirtualFileSystem.Current.OperationCount);
            Assert.Equal("one", DeviceFile.ReadAllText("I:\\ota\\a"));
            Assert.Equal("two", DeviceFile.ReadAllText("D:\\b"));
            Assert.Equal("", DeviceFile.ReadAllText("D:\\c"));
            FileCodes.AssertNative(FileCodes.Others, () => DeviceFile.WriteAllBytes("D:\\d", new byte[48]));
        }

        [Fact]
        public void What_is_no_saved_file_system_is_refused_wherever_it_breaks_off()
        {
            DeviceFile.WriteAllText(Path, "x");
            using MemoryStream saved = new();
            _files.Save(saved);
            byte[] bytes = saved.ToArray();
            for (int length = 0; length < bytes.Length; length++)
            {
                Assert.Throws<InvalidDataException>(() => VirtualFileSystem.Load(new MemoryStream(bytes, 0, length)));
            }

            Assert.Throws<InvalidDataException>(() => VirtualFileSystem.Load(new MemoryStream(Encoding.UTF8.GetBytes("something else"))));
        }

        private void CutAt(FileOperationKind kind, CutPoint cut)
        {
            _files.BeforeOperation = operation => operation.Kind == kind ? cut : CutPoint.None;
        }

        private void Restart()
        {
            _files.BeforeOperation = null;
            _files.CutPower();
            _files.RestorePower();
        }
    }
}
