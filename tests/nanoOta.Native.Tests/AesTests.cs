using nanoOta.VirtualDevice.Native;
using nanoOta.VirtualDevice.Slots;

namespace nanoOta.Native.Tests
{
    /// <summary>AES in C, in C# and as .NET has it: each is the others' oracle.</summary>
    public class AesTests
    {
        [Fact]
        public void Random_ranges_of_random_texts_come_out_alike_from_all_three()
        {
            var random = new Random(1);
            var managed = new ManagedAes();
            var host = new HostAes();
            for (int i = 0; i < 3000; i++)
            {
                byte[] key = Bytes(random, random.Next(2) == 0 ? 16 : 32);
                byte[] counter = random.Next(4) == 0 ? [.. Bytes(random, 8), .. Enumerable.Repeat((byte)0xFF, 8)] : Bytes(random, 16);
                int position = random.Next(3) == 0 ? random.Next(int.MaxValue - 500) : random.Next(100);
                byte[] text = Bytes(random, random.Next(200));
                byte[][] texts = [[.. text], [.. text], [.. text]];
                Assert.True(new CoreAes().Crypt(key, counter, position, texts[0], 0, text.Length));
                managed.Crypt(key, counter, position, texts[1], 0, text.Length);
                host.Crypt(key, counter, position, texts[2], 0, text.Length);
                Assert.Equal(texts[2], texts[0]);
                Assert.Equal(texts[2], texts[1]);

                byte[] block = Bytes(random, 16);
                byte[][] blocks = [[.. block], [.. block], [.. block]];
                Assert.True(new CoreAes().DecryptBlock(key, blocks[0]));
                managed.DecryptBlock(key, blocks[1]);
                host.DecryptBlock(key, blocks[2]);
                Assert.Equal(blocks[2], blocks[0]);
                Assert.Equal(blocks[2], blocks[1]);
            }
        }

        [Theory]
        [InlineData(0)]
        [InlineData(24)]
        [InlineData(33)]
        public void Keys_of_another_length_are_refused_by_all_three(int length)
        {
            foreach (IAes aes in new IAes[] { new CoreAes(), new ManagedAes(), new HostAes() })
            {
                byte[] data = new byte[16];
                Assert.False(aes.Crypt(new byte[length], new byte[16], 0, data, 0, 16));
                Assert.False(aes.DecryptBlock(new byte[length], data));
                Assert.Equal(new byte[16], data);
            }
        }

        private static byte[] Bytes(Random random, int length)
        {
            byte[] bytes = new byte[length];
            random.NextBytes(bytes);
            return bytes;
        }
    }
}
