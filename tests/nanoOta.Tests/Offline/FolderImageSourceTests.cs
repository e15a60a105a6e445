using System.Formats.Tar;
using System.Text;
using nanoOta.VirtualDevice.Cloud;

namespace nanoOta.Tests.Offline
{
    public class FolderImageSourceTests
    {
        private const string Base = FolderImageSource.BaseUrl;

        private readonly byte[] _image = [.. Enumerable.Range(0, 5000).Select(i => (byte)(i * 3))];
        private readonly Drive _drive = new();
        private readonly FolderImageSource _source = new(@"D:", null);

        [Theory]
        [InlineData(0)]
        [InlineData(1)]
        [InlineData(4096)]
        [InlineData(5000)]
        public void Files_and_entries_are_read_from_an_offset(int offset)
        {
            _drive.Put("v1_1_0.bin", _image);
            _drive.Put("u.tar", Drive.Bundle("1.1.0", _image));
            foreach (string url in new[] { Base + "v1_1_0.bin", Base + "u.tar/v1_1_0.bin" })
            {
                Assert.Equal(ResultCode.None, _source.Open(url, offset, 0));
                Assert.Equal((5000, offset, 0u, 0), (_source.Length, _source.Offset, _source.Tag, _source.RetryAfter));
                Assert.Equal(_image[offset..], ReadAll(999));
                _source.Close();
            }
        }

        [Fact]
        public void Only_as_much_as_was_asked_for_is_read()
        {
            _drive.Put("u.tar", Drive.Bundle("1.1.0", _image));
            Assert.Equal(ResultCode.None, _source.Open(Base + "u.tar/v1_1_0.bin", 100, 50));
            Assert.Equal(_image[100..150], ReadAll(999));
        }

        [Theory]
        [InlineData("v9.bin", ResultCode.NotFound)]
        [InlineData("u.tar/v9.bin", ResultCode.NotFound)]
        [InlineData("u.tar/", ResultCode.NotFound)]
        [InlineData("none.tar/v1_1_0.bin", ResultCode.NotFound)]
        [InlineData("", ResultCode.NotFound)]
        [InlineData("..", ResultCode.NotFound)]
        [InlineData("../secret", ResultCode.NotFound)]
        [InlineData("..%5Csecret", ResultCode.NotFound)]
        [InlineData("a\\b", ResultCode.NotFound)]
        [InlineData("u.tar?x", ResultCode.NotFound)]
        [InlineData("text/v1_1_0.bin", ResultCode.BadResponse)]
        public void What_is_not_in_the_folder_is_not_found(string path, ResultCode expected)
        {
            _drive.Put("u.tar", Drive.Bundle("1.1.0", _image));
            _drive.Put("text", Encoding.UTF8.GetBytes(new string('x', 600)));
            Assert.Equal(expected, _source.Open(Base + path, 0, 0));
        }

        [Fact]
        public void An_offset_beyond_the_end_is_refused()
        {
            _drive.Put("v1_1_0.bin", _image);
            Assert.Equal(ResultCode.RangeMismatch, _source.Open(Base + "v1_1_0.bin", 5001, 0));
        }

        [Fact]
        public void URLs_of_other_places_go_to_the_other_source()
        {
            var server = new MemoryServer();
            server.Put("https://mirror.example/v1_1_0.bin", [1, 2, 3]);
            var both = new FolderImageSource(Drive.Folder, server.Connect());
            Assert.Equal(ResultCode.None, both.Open("https://mirror.example/v1_1_0.bin", 1, 0));
            Assert.Equal((3, 1), (both.Length, both.Offset));
            byte[] buffer = new byte[8];
            Assert.Equal((ResultCode.None, 2), (both.Read(buffer, 0, 8, out int read), read));
            both.Close();
            Assert.Equal(ResultCode.NotFound, both.Open(Base + "v1_1_0.bin", 0, 0));
            Assert.Equal(ResultCode.Unreachable, _source.Open("https://mirror.example/v1_1_0.bin", 0, 0));
        }

        [Fact]
        public void A_drive_that_is_pulled_out_is_a_lost_connection_and_then_unreachable()
        {
            _drive.Put("u.tar", Drive.Bundle("1.1.0", _image));
            Assert.Equal(ResultCode.None, _source.Open(Base + "u.tar/v1_1_0.bin", 0, 0));
            _drive.Files.RemoveDrive("D:");
            Assert.Equal(ResultCode.ConnectionLost, _source.Read(new byte[10], 0, 10, out int read));
            Assert.Equal(0, read);
            _source.Close();
            Assert.Equal(ResultCode.Unreachable, _source.Open(Base + "u.tar/v1_1_0.bin", 0, 0));
            _drive.Files.InsertDrive("D:");
            Assert.Equal(ResultCode.None, _source.Open(Base + "u.tar/v1_1_0.bin", 0, 0));
        }

        // One byte less than the image needs behind its header, at 1536; and much less.
        [Theory]
        [InlineData(1024 + 512 + 5000 - 1)]
        [InlineData(4000)]
        public void A_bundle_that_was_not_copied_to_its_end_says_so(int length)
        {
            byte[] bundle = Drive.Bundle("1.1.0", _image);
            _drive.Put("u.tar", bundle[..length]);
            Assert.Equal(ResultCode.ConnectionLost, _source.Open(Base + "u.tar/v1_1_0.bin", 0, 0));
            Assert.Equal(ResultCode.None, _source.Open(Base + "u.tar/v1_1_0.json", 0, 0));
        }

        [Fact]
        public void What_common_tools_write_by_default_is_read_and_what_could_be_read_in_two_ways_is_not()
        {
            foreach ((TarEntryFormat format, ResultCode expected) in new[] { (TarEntryFormat.Ustar, ResultCode.None), (TarEntryFormat.Gnu, ResultCode.None), (TarEntryFormat.Pax, ResultCode.BadResponse), (TarEntryFormat.V7, ResultCode.BadResponse) })
            {
                _drive.Put("u.tar", Drive.Bundle("1.1.0", _image, format));
                Assert.Equal(expected, _source.Open(Base + "u.tar/v1_1_0.bin", 0, 0));
                _source.Close();
            }
        }

        [Fact]
        public void An_entry_behind_as_many_as_a_bundle_may_have_is_not_found()
        {
            (string, byte[])[] files = [.. Enumerable.Range(0, 20).Select(i => ($"f{i}", new byte[] { (byte)i }))];
            _drive.Put("u.tar", Drive.Tar(TarEntryFormat.Ustar, files));
            Assert.Equal(ResultCode.None, _source.Open(Base + "u.tar/f18", 0, 0));
            Assert.Equal(ResultCode.NotFound, _source.Open(Base + "u.tar/f19", 0, 0));
        }

        // A header whose bytes are changed, with its checksum made right again.
        [Theory]
        [InlineData(156, '5')]
        [InlineData(156, '2')]
        [InlineData(156, 'x')]
        [InlineData(257, 'U')]
        [InlineData(345, 'd')]
        [InlineData(0, '/')]
        [InlineData(0, '.')]
        [InlineData(0, '\0')]
        [InlineData(1, '\\')]
        [InlineData(1, '\u00e9')]
        [InlineData(124, '9')]
        [InlineData(124, '2')]
        [InlineData(124, '4')]
        [InlineData(124, '7')]
        [InlineData(124, '\u0080')]
        [InlineData(124, '-')]
        public void A_header_that_is_not_a_bundles_is_refused(int at, char value)
        {
            byte[] header = Drive.Bundle("1.1.0", _image)[..512];
            Assert.NotNull(BundleEntry.Read(Repaired(header)));
            header[at] = (byte)value;
            Assert.Null(BundleEntry.Read(Repaired(header)));
        }

        [Theory]
        [InlineData("00000011610\0", 5000)]
        [InlineData("00000011610 ", 5000)]
        [InlineData("      11610\0", 5000)]
        [InlineData("11610 ______", 5000)]
        [InlineData("11610\0______", 5000)]
        [InlineData("000000011610", 5000)]
        [InlineData("0000000001!\0", -1)]
        [InlineData("00000000018\0", -1)]
        [InlineData("17777777777\0", int.MaxValue)]
        [InlineData("20000000000\0", -1)]
        [InlineData("            ", -1)]
        public void A_size_is_octal_and_ends_with_its_field_a_NUL_or_a_space(string field, int size)
        {
            byte[] header = Drive.Bundle("1.1.0", _image)[..512];
            Encoding.ASCII.GetBytes(field).CopyTo(header, 124);
            Assert.Equal(size, BundleEntry.Read(Repaired(header))?.Size ?? -1);
        }

        [Fact]
        public void A_header_with_another_checksum_is_refused()
        {
            byte[] header = Drive.Bundle("1.1.0", _image)[..512];
            header[400] ^= 1;
            Assert.Null(BundleEntry.Read(header));
        }

        private static byte[] Repaired(byte[] header)
        {
            byte[] copy = (byte[])header.Clone();
            Array.Fill(copy, (byte)' ', 148, 8);
            Encoding.ASCII.GetBytes(Convert.ToString(copy.Sum(b => b), 8).PadLeft(6, '0') + "\0 ").CopyTo(copy, 148);
            return copy;
        }

        private byte[] ReadAll(int step)
        {
            byte[] all = new byte[10_000];
            int length = 0;
            int read;
            do
            {
                Assert.Equal(ResultCode.None, _source.Read(all, length, step, out read));
                length += read;
            }
            while (read > 0);
            return all[..length];
        }
    }
}
