extern alias StandIns;

using System.Security.Cryptography;
using nanoOta.VirtualDevice.Images;
using nanoOta.VirtualDevice.Slots;

namespace nanoOta.Tests.Encryption
{
    /// <summary>AES as devices have it, by the vectors of its standards and beside .NET's own.</summary>
    public class AesTests
    {
        private const string Text = "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710";
        private const string Counter = "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff";
        private const string Bytes32 = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
        private const string Bytes16 = "000102030405060708090a0b0c0d0e0f";
        private const string Block = "00112233445566778899aabbccddeeff";

        // NIST SP 800-38A, F.5.1/F.5.2 (CTR-AES128) and F.5.5/F.5.6 (CTR-AES256).
        [Theory]
        [InlineData("2b7e151628aed2a6abf7158809cf4f3c", "874d6191b620e3261bef6864990db6ce9806f66b7970fdff8617187bb9fffdff5ae4df3edbd5d35e5b4f09020db03eab1e031dda2fbe03d1792170a0f3009cee")]
        [InlineData("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4", "601ec313775789a5b7a7f504bbf3d228f443e3ca4d62b59aca84e990cacaf5c52b0930daa23de94ce87017ba2d84988ddfc9c58db67aada613c2dd08457941a6")]
        public void Counter_mode_has_the_vectors_of_NIST_SP_800_38A(string key, string cipher)
        {
            var aes = new ManagedAes();
            byte[] data = Convert.FromHexString(Text);
            Assert.True(aes.Crypt(Convert.FromHexString(key), Convert.FromHexString(Counter), 0, data, 0, data.Length));
            Assert.Equal(cipher, Convert.ToHexStringLower(data));
            aes.Crypt(Convert.FromHexString(key), Convert.FromHexString(Counter), 0, data, 0, data.Length);
            Assert.Equal(Text, Convert.ToHexStringLower(data));
            new HostAes().Crypt(Convert.FromHexString(key), Convert.FromHexString(Counter), 0, data, 0, data.Length);
            Assert.Equal(cipher, Convert.ToHexStringLower(data));
        }

        // FIPS 197, appendices C.1 and C.3.
        [Theory]
        [InlineData(Bytes16, "69c4e0d86a7b0430d8cdb78070b4c55a")]
        [InlineData(Bytes32, "8ea2b7ca516745bfeafc49904b496089")]
        public void A_block_is_decrypted_as_FIPS_197_has_it(string key, string cipher)
        {
            byte[] block = Convert.FromHexString(cipher);
            Assert.True(new ManagedAes().DecryptBlock(Convert.FromHexString(key), block));
            Assert.Equal(Block, Convert.ToHexStringLower(block));
        }

        // RFC 3394, sections 4.1, 4.3 and 4.6.
        [Theory]
        [InlineData(Bytes16, Block, "1fa68b0a8112b447aef34bd8fb5a7b829d3e862371d2cfe5")]
        [InlineData(Bytes32, Block, "64e8c3f9ce0f5ba263e9777905818a2a93c8191e7d6e8ae7")]
        [InlineData(Bytes32, Block + Bytes16, "28c9f404c4b810f4cbccb35cfb87f8263f5786e2d80ed326cbc7f0e71a99f43bfb988b9b7a02dd21")]
        public void Keys_are_wrapped_and_unwrapped_as_RFC_3394_has_it(string with, string key, string wrapped)
        {
            Assert.Equal(wrapped, Convert.ToHexStringLower(ImageEncryption.Wrap(Convert.FromHexString(with), Convert.FromHexString(key))));
            Assert.Equal(ResultCode.None, KeyWrap.Unwrap(new ManagedAes(), Convert.FromHexString(with), Convert.FromHexString(wrapped), out byte[] unwrapped));
            Assert.Equal(key, Convert.ToHexStringLower(unwrapped));
        }

        // RFC 3394, section 2.2.1, over a check value of any content.
        [Fact]
        public void Each_byte_of_the_check_value_counts()
        {
            byte[] with = Convert.FromHexString(Bytes32);
            for (int changed = -1; changed < 8; changed++)
            {
                byte[] wrapped = [.. Enumerable.Range(0, 8).Select(i => (byte)(i == changed ? 0xA7 : 0xA6)), .. SHA256.HashData(with)];
                for (int step = 1; step <= 24; step++)
                {
                    Span<byte> half = wrapped.AsSpan(8 * ((step - 1) % 4 + 1), 8);
                    byte[] block = new byte[16];
                    new HostAes().Crypt(with, [.. wrapped[..8], .. half], 0, block, 0, 16);
                    block.AsSpan(8).CopyTo(half);
                    block.AsSpan(0, 8).CopyTo(wrapped);
                    wrapped[7] ^= (byte)step;
                }

                Assert.Equal(changed < 0 ? ResultCode.None : ResultCode.ContentKeyInvalid, KeyWrap.Unwrap(new ManagedAes(), with, wrapped, out byte[] key));
                Assert.Equal(changed < 0, key != null);
            }
        }

        [Fact]
        public void Any_flipped_bit_of_a_wrapped_key_or_of_the_key_it_is_wrapped_with_is_noticed()
        {
            byte[] with = Convert.FromHexString(Bytes32);
            byte[] wrapped = ImageEncryption.Wrap(with, SHA256.HashData(with));
            var aes = new ManagedAes();
            foreach (byte[] changed in new[] { wrapped, with })
            {
                for (int bit = 0; bit < 8 * changed.Length; bit++)
                {
                    changed[bit / 8] ^= (byte)(1 << (bit % 8));
                    Assert.Equal(ResultCode.ContentKeyInvalid, KeyWrap.Unwrap(aes, with, wrapped, out byte[] key));
                    Assert.Null(key);
                    changed[bit / 8] ^= (byte)(1 << (bit % 8));
                }
            }
        }

        [Fact]
        public void Bytes_from_any_position_on_are_those_of_the_whole_text()
        {
            var random = new Random(1);
            var aes = new ManagedAes();
            foreach (int length in new[] { 16, 32 })
            {
                byte[] key = Random(random, length);
                byte[] counter = Random(random, 16);
                byte[] text = Random(random, 500);
                byte[] whole = (byte[])text.Clone();
                new HostAes().Crypt(key, counter, 0, whole, 0, whole.Length);
                for (int i = 0; i < 2000; i++)
                {
                    int position = random.Next(text.Length);
                    int count = random.Next(text.Length - position + 1);
                    byte[] data = [0xEE, 0xEE, 0xEE, .. text.AsSpan(position, count), 0xEE];
                    Assert.True(aes.Crypt(key, counter, position, data, 3, count));
                    Assert.Equal([0xEE, 0xEE, 0xEE, .. whole.AsSpan(position, count), 0xEE], data);
                }
            }
        }

        [Theory]
        [InlineData("000000000000000000000000fffffffe")]
        [InlineData("0000000000000000ffffffffffffffff")]
        [InlineData("00000000ffffffffffffffffffffffff")]
        [InlineData("ffffffffffffffffffffffffffffffff")]
        [InlineData("00000000ffffffffffffffff80000000")]
        public void The_counter_carries_over_all_its_bytes(string first)
        {
            byte[] key = Convert.FromHexString(Bytes32);
            byte[] counter = Convert.FromHexString(first);
            byte[] whole = new byte[80];
            new HostAes().Crypt(key, counter, 0, whole, 0, whole.Length);
            for (int position = 0; position < whole.Length; position++)
            {
                byte[] data = new byte[whole.Length - position];
                new ManagedAes().Crypt(key, counter, position, data, 0, data.Length);
                Assert.Equal(whole[position..], data);
            }

            // Far behind: 2 GiB less 16, by the counter that is due there.
            byte[] last = new byte[16];
            new ManagedAes().Crypt(key, counter, int.MaxValue - 15, last, 0, 16);
            UInt128 number = System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(counter) + 0x7FFFFFF;
            byte[] there = new byte[16];
            System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(there, number);
            byte[] expected = new byte[16];
            new HostAes().Crypt(key, there, 0, expected, 0, expected.Length);
            Assert.Equal(expected, last);
            Assert.Equal(first, Convert.ToHexStringLower(counter));
        }

        [Fact]
        public void Blocks_are_decrypted_as_NET_encrypts_them_with_keys_in_turn()
        {
            var random = new Random(2);
            var aes = new ManagedAes();
            for (int i = 0; i < 500; i++)
            {
                byte[] key = Random(random, i % 2 == 0 ? 16 : 32);
                byte[] text = Random(random, 16);
                using var other = Aes.Create();
                other.Key = key;
                byte[] block = other.EncryptEcb(text, PaddingMode.None);
                Assert.True(aes.DecryptBlock(key, block));
                Assert.Equal(text, block);
            }
        }

        [Theory]
        [InlineData(0)]
        [InlineData(15)]
        [InlineData(24)]
        [InlineData(33)]
        public void Keys_of_another_length_are_refused_and_change_nothing(int length)
        {
            byte[] data = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16];
            Assert.False(new ManagedAes().Crypt(new byte[length], new byte[16], 0, data, 0, 16));
            Assert.False(new ManagedAes().DecryptBlock(new byte[length], data));
            Assert.Equal(16 * 17 / 2, data.Sum(b => b));
        }

        // The same ranges and carries as above, by the class that nanoFramework has, in its stand-in.
        [Fact]
        public void Counter_mode_on_nanoFramework_s_class_agrees_at_any_range_and_carry()
        {
            var random = new Random(3);
            var aes = new FrameworkAes();
            for (int i = 0; i < 3000; i++)
            {
                byte[] key = Random(random, 16);
                byte[] counter = Random(random, 16);
                if (i % 3 == 0)
                {
                    int from = i / 3 % 13;
                    counter.AsSpan(from, 15 - from).Fill(0xFF);
                    counter[15] = (byte)(255 - random.Next(70));
                }

                int position = random.Next(2) == 0 ? random.Next(2000) : random.Next(int.MaxValue - 2000);
                byte[] data = Random(random, random.Next(1600));
                int offset = random.Next(data.Length + 1);
                int count = random.Next(data.Length - offset + 1);
                byte[] expected = (byte[])data.Clone();
                new HostAes().Crypt(key, counter, position, expected, offset, count);
                Assert.True(aes.Crypt(key, counter, position, data, offset, count));
                Assert.Equal(expected, data);
                byte[] block = Random(random, 16);
                byte[] decrypted = (byte[])block.Clone();
                new HostAes().DecryptBlock(key, decrypted);
                Assert.True(aes.DecryptBlock(key, block));
                Assert.Equal(decrypted, block);
            }
        }

        [Fact]
        public void NanoFramework_s_class_is_not_asked_for_keys_that_it_refuses()
        {
            // What the class makes of them: nf-interpreter asks mbedTLS for AES-128 whatever the key's length.
            var own = new StandIns::System.Security.Cryptography.Aes(StandIns::System.Security.Cryptography.CipherMode.ECB) { Key = new byte[32] };
            Assert.Throws<ArgumentException>(() => own.Encrypt(new byte[16]));
            Assert.Throws<ArgumentException>(() => new StandIns::System.Security.Cryptography.Aes(StandIns::System.Security.Cryptography.CipherMode.ECB) { Key = new byte[16] }.Encrypt(new byte[15]));
            byte[] data = new byte[16];
            Assert.False(new FrameworkAes().Crypt(new byte[32], new byte[16], 0, data, 0, 16));
            Assert.False(new FrameworkAes().DecryptBlock(new byte[32], data));
            Assert.Equal(new byte[16], data);
        }

        private static byte[] Random(Random random, int length)
        {
            byte[] bytes = new byte[length];
            random.NextBytes(bytes);
            return bytes;
        }
    }
}
