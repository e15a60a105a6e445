using FsCheck;
using FsCheck.Fluent;

namespace nanoOta.Tests.StandIns.Files
{
    /// <summary>Streams: facts/nanoframework.md, section 4; System.IO.FileSystem 434b26c6, nf-interpreter a3e8139a.</summary>
    public sealed class FileStreamTests
    {
        private const string Path = "I:\\a.bin";

        public FileStreamTests()
        {
            VirtualFileSystem.Current = new VirtualFileSystem(1000);
        }

        [Fact]
        public void Modes_ask_for_a_file_or_for_none()
        {
            FileCodes.AssertManaged(FileCodes.FileNotFound, () => DeviceFile.Open(Path, FileMode.Open));
            FileCodes.AssertManaged(FileCodes.FileNotFound, () => DeviceFile.Open(Path, FileMode.Truncate));
            DeviceFile.Open(Path, FileMode.CreateNew).Dispose();
            FileCodes.AssertManaged(FileCodes.PathAlreadyExists, () => DeviceFile.Open(Path, FileMode.CreateNew));
            DeviceFile.WriteAllText(Path, "old");
            DeviceFile.Open(Path, FileMode.OpenOrCreate).Dispose();
            Assert.Equal("old", DeviceFile.ReadAllText(Path));
            DeviceFile.Open(Path, FileMode.Truncate).Dispose();
            Assert.Equal("", DeviceFile.ReadAllText(Path));
        }

        [Theory]
        [InlineData(FileMode.Create, FileAccess.Read)]
        [InlineData(FileMode.CreateNew, FileAccess.Read)]
        [InlineData(FileMode.Truncate, FileAccess.Read)]
        [InlineData(FileMode.Append, FileAccess.Read)]
        [InlineData(FileMode.Append, FileAccess.ReadWrite)]
        public void A_mode_that_writes_needs_the_right_to(FileMode mode, FileAccess access)
        {
            Assert.Throws<ArgumentException>(() => new DeviceFileStream(Path, mode, access));
            Assert.Throws<ArgumentOutOfRangeException>(() => new DeviceFileStream(Path, (FileMode)7));
            Assert.Throws<ArgumentOutOfRangeException>(
                () => new DeviceFileStream(Path, FileMode.Open, FileAccess.Read, FileShare.Delete));

            // And nothing stays locked.
            DeviceFile.Create(Path).Dispose();
        }

        [Fact]
        public void Append_writes_at_the_end_and_does_not_go_back()
        {
            DeviceFile.WriteAllText(Path, "old");
            using (DeviceFileStream stream = new(Path, FileMode.Append))
            {
                Assert.False(stream.CanRead);
                Assert.Throws<NotSupportedException>(() => stream.ReadByte());
                stream.Write("new"u8.ToArray(), 0, 3);
                Assert.Throws<IOException>(() => stream.Seek(-4, SeekOrigin.Current));
                Assert.Throws<IOException>(() => stream.Position = 2);
                Assert.Equal(6, stream.Position);
                Assert.Equal(3, stream.Seek(3, SeekOrigin.Begin));
            }

            DeviceFile.AppendAllText(Path, "est");
            Assert.Equal("oldnewest", DeviceFile.ReadAllText(Path));
        }

        [Fact]
        public void OpenWrite_leaves_the_tail_of_what_was_longer()
        {
            DeviceFile.WriteAllText(Path, "abcdef");
            using (DeviceFileStream stream = DeviceFile.OpenWrite(Path))
            {
                stream.Write("XY"u8.ToArray(), 0, 2);
            }

            Assert.Equal("XYcdef", DeviceFile.ReadAllText(Path));
        }

        [Fact]
        public void Rights_are_kept()
        {
            DeviceFile.WriteAllText(Path, "x");
            using (DeviceFileStream reader = DeviceFile.OpenRead(Path))
            {
                Assert.Equal((true, false, true), (reader.CanRead, reader.CanWrite, reader.CanSeek));
                Assert.Throws<NotSupportedException>(() => reader.WriteByte(1));
                Assert.Throws<NotSupportedException>(() => reader.SetLength(0));
                Assert.Equal('x', reader.ReadByte());
                Assert.Equal(-1, reader.ReadByte());
            }

            using DeviceFileStream writer = DeviceFile.OpenWrite(Path);
            Assert.Throws<NotSupportedException>(() => writer.Read(new byte[1], 0, 1));
        }

        [Fact]
        public void Ranges_are_checked()
        {
            using DeviceFileStream stream = DeviceFile.Create(Path);
            Assert.Throws<ArgumentNullException>(() => stream.Write(null!, 0, 0));
            Assert.Throws<ArgumentOutOfRangeException>(() => stream.Write(new byte[2], -1, 1));
            Assert.Throws<ArgumentOutOfRangeException>(() => stream.Read(new byte[2], 0, -1));
            Assert.Throws<ArgumentException>(() => stream.Read(new byte[2], 1, 2));
            Assert.Throws<ArgumentOutOfRangeException>(() => stream.SetLength(-1));
            FileCodes.AssertNative(FileCodes.Others, () => stream.Seek(-1, SeekOrigin.Begin));
        }

        [Fact]
        public void After_close_nothing_goes()
        {
            DeviceFileStream stream = DeviceFile.Create(Path);
            stream.Close();
            stream.Dispose();
            Assert.Equal((false, false, false), (stream.CanRead, stream.CanWrite, stream.CanSeek));
            Assert.Throws<ObjectDisposedException>(() => stream.WriteByte(1));
            Assert.Throws<ObjectDisposedException>(() => stream.Length);
            Assert.Throws<ObjectDisposedException>(stream.Flush);
        }

        [Fact]
        public void A_full_drive_is_no_IOException()
        {
            using DeviceFileStream stream = DeviceFile.Create(Path);
            stream.Write(new byte[1000], 0, 1000);
            FileCodes.AssertNative(FileCodes.Others, () => stream.WriteByte(1));
            FileCodes.AssertNative(FileCodes.Others, () => stream.SetLength(1001));
            stream.Position = 999;
            stream.WriteByte(1);
            Assert.Equal(1000, stream.Length);
        }

        [Fact]
        public void Old_content_keeps_its_place_until_the_new_one_is_committed()
        {
            DeviceFile.WriteAllBytes(Path, new byte[600]);
            FileCodes.AssertNative(FileCodes.Others, () => DeviceFile.WriteAllBytes(Path, new byte[600]));
            DeviceFile.WriteAllBytes(Path, new byte[600]);
        }

        [Fact]
        public void What_is_appended_needs_place_for_itself_alone()
        {
            DeviceFile.WriteAllBytes(Path, new byte[600]);
            using DeviceFileStream stream = new(Path, FileMode.Append);
            stream.Write(new byte[400], 0, 400);
            Assert.Equal(1000, stream.Length);
        }

        [Fact]
        public void Whatever_is_done_to_a_stream_the_file_holds_it_after_close()
        {
            // (what, where, how many): write, set the length, read, or close and open again.
            Gen<(int What, int Where, int Count)> step =
                from what in Gen.Choose(0, 3)
                from position in Gen.Choose(0, 60)
                from count in Gen.Choose(0, 40)
                select (what, position, count);
            Prop.ForAll(Arb.From(step.ListOf()), steps => MatchesModel([.. steps])).Check(Config.QuickThrowOnFailure.WithMaxTest(300));
        }

        private static bool MatchesModel(List<(int What, int Where, int Count)> steps)
        {
            VirtualFileSystem.Current = new VirtualFileSystem(100_000);
            using MemoryStream model = new();
            DeviceFileStream stream = DeviceFile.Create(Path);
            byte next = 0;
            foreach ((int what, int position, int count) in steps)
            {
                byte[] bytes = [.. Enumerable.Range(0, count).Select(_ => ++next)];
                byte[] expected = new byte[count];
                switch (what)
                {
                    case 0 when count > 0: // a MemoryStream grows by an empty write, a file does not
                        model.Position = stream.Position = position;
                        model.Write(bytes);
                        stream.Write(bytes, 0, count);
                        break;
                    case 1:
                        model.SetLength(position);
                        stream.SetLength(position);
                        break;
                    case 2:
                        model.Position = stream.Position = position;
                        int read = stream.Read(bytes, 0, count);
                        Assert.Equal(model.Read(expected), read);
                        Assert.Equal(expected[..read], bytes[..read]);
                        break;
                    case 3:
                        stream.Close();
                        stream = DeviceFile.Open(Path, FileMode.Open);
                        break;
                }
            }

            stream.Close();
            return DeviceFile.ReadAllBytes(Path).AsSpan().SequenceEqual(model.ToArray());
        }
    }
}
