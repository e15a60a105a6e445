using System.Text;

namespace nanoOta.Tests.Signing
{
    public class FileKeyStoreTests
    {
        private readonly VirtualFileSystem _files = new(100_000);

        public FileKeyStoreTests()
        {
            VirtualFileSystem.Current = _files;
        }

        [Fact]
        public void What_was_written_last_is_read_by_another_store_of_the_same_path()
        {
            Assert.Null(Read());
            for (int i = 0; i < 5; i++)
            {
                Assert.True(Write($"list {i}"));
                Assert.Equal($"list {i}", Read());
            }
        }

        [Fact]
        public void Only_as_much_of_the_buffer_as_is_said_is_written()
        {
            Assert.True(new FileKeyStore("I:\\keys").Write([1, 2, 3, 4, 5], 3));
            Assert.Equal([1, 2, 3], new FileKeyStore("I:\\keys").Read());
        }

        [Fact]
        public void A_power_cut_at_any_operation_leaves_the_old_or_the_new_document_whole()
        {
            for (int documents = 0; documents < 3; documents++)
            {
                int cuts = 0;
                for (int at = 0; Cut(documents, at, CutPoint.Before) | Cut(documents, at, CutPoint.After); at++)
                {
                    cuts++;
                }

                Assert.InRange(cuts, 1, 10);
            }
        }

        [Fact]
        public void A_torn_file_gives_way_to_the_other_one()
        {
            Write("old");
            Write("new");
            foreach (string name in new[] { "I:\\keys.0", "I:\\keys.1" })
            {
                byte[] whole = DeviceFile.ReadAllBytes(name);
                string own = name == "I:\\keys.0" ? "old" : "new";
                string expected = own == "new" ? "old" : "new";
                for (int length = 0; length < whole.Length; length++)
                {
                    DeviceFile.WriteAllBytes(name, whole[..length]);
                    Assert.Equal(expected, Read());
                }

                for (int i = 0; i < whole.Length; i++)
                {
                    byte[] torn = (byte[])whole.Clone();
                    torn[i] ^= 0x40;
                    DeviceFile.WriteAllBytes(name, torn);
                    Assert.Equal(expected, Read());
                }

                DeviceFile.WriteAllBytes(name, whole);
            }
        }

        [Fact]
        public void Files_of_somebody_else_are_no_document_and_are_written_over()
        {
            DeviceFile.WriteAllBytes("I:\\keys.0", new byte[20_000]);
            DeviceFile.WriteAllText("I:\\keys.1", "notes");
            Assert.Null(Read());
            Assert.True(Write("list"));
            Assert.Equal("list", Read());
        }

        [Fact]
        public void A_full_drive_is_told_and_the_old_document_stays()
        {
            VirtualFileSystem.Current = new VirtualFileSystem(3000);
            Write("old");
            Assert.False(Write(new string('x', 4000)));
            Assert.Equal("old", Read());
        }

        // False when there is no such operation any more.
        private static bool Cut(int documents, int at, CutPoint point)
        {
            var files = new VirtualFileSystem(100_000);
            VirtualFileSystem.Current = files;
            string? old = null;
            for (int i = 0; i < documents; i++)
            {
                Write(old = $"list {i}");
            }

            int operation = 0;
            files.BeforeOperation = _ => operation++ == at ? point : CutPoint.None;
            bool written = Write("new");
            bool wasCut = !files.IsPowered;
            files.BeforeOperation = null;
            files.RestorePower();
            string? left = Read();
            Assert.True(left == old || left == "new", left);
            Assert.True(!written || left == "new", "written, it said");
            Assert.True(Write("after"));
            Assert.Equal("after", Read());
            return wasCut;
        }

        private static bool Write(string text)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            return new FileKeyStore("I:\\keys").Write(bytes, bytes.Length);
        }

        private static string? Read()
        {
            return new FileKeyStore("I:\\keys").Read() is { } bytes ? Encoding.UTF8.GetString(bytes) : null;
        }
    }
}
