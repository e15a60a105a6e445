using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace nanoOta.Tests.Signing
{
    public class Base64UrlTests
    {
        [Fact]
        public void Any_bytes_are_read_back_from_their_text_also_in_their_own_place()
        {
            Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes =>
            {
                byte[] text = Encoding.ASCII.GetBytes(TestKey.Text(bytes));
                byte[]? read = Base64Url.Read(text, 0, text.Length, text.Length);
                int length = Base64Url.Decode(text, 0, text.Length, text);
                return read != null && read.SequenceEqual(bytes) && text[..length].SequenceEqual(bytes);
            }).QuickCheckThrowOnFailure();
        }

        [Fact]
        public void Exactly_one_text_stands_for_any_bytes()
        {
            // Every text of two or three characters that is read is what the bytes are written as.
            for (int i = 0; i < 128 * 128; i++)
            {
                foreach (byte[] text in new byte[][] { [(byte)(i / 128), (byte)(i % 128)], [(byte)'Q', (byte)(i / 128), (byte)(i % 128)] })
                {
                    byte[]? bytes = Base64Url.Read(text, 0, text.Length, 8);
                    Assert.True(bytes == null || TestKey.Text(bytes) == Encoding.ASCII.GetString(text), Encoding.ASCII.GetString(text));
                }
            }
        }

        [Theory]
        [InlineData("A")]
        [InlineData("QUJDR")]
        [InlineData("QQ==")]
        [InlineData("QUI=")]
        [InlineData("QR")]
        [InlineData("QUJ")]
        [InlineData("QU JD")]
        [InlineData("QUJD\n")]
        [InlineData("QU+D")]
        [InlineData("QU/D")]
        [InlineData("QU.D")]
        [InlineData("QUé")]
        [InlineData("@[`{")]
        public void Anything_else_is_refused(string text)
        {
            byte[] characters = Encoding.UTF8.GetBytes(text);
            Assert.Null(Base64Url.Read(characters, 0, characters.Length, 100));
        }

        [Fact]
        public void More_bytes_than_asked_for_are_refused_before_they_are_read()
        {
            byte[] text = "QUJDREVG"u8.ToArray();
            Assert.Equal("ABCDEF"u8, Base64Url.Read(text, 0, 8, 6));
            Assert.Null(Base64Url.Read(text, 0, 8, 5));
            Assert.Equal("BC"u8, Base64Url.Read([.. "xx"u8, .. "QkM"u8], 2, 3, 2));
        }
    }
}
