using System.Numerics;
using System.Security.Cryptography;

namespace nanoOta.Tests.Signing
{
    /// <summary>
    /// The known ways to forge such a signature. Most blocks here are signed with the private key, so that the padding alone is
    /// what is wrong with them.
    /// </summary>
    public class ForgeryTests
    {
        private const int Info = 19;
        private static readonly byte[] _digest = SHA256.HashData("an update"u8);

        private static readonly Dictionary<string, Func<TestKey, byte[], byte[]>> _blocks = new()
        {
            ["block type 0"] = (_, block) => With(block, 1, 0),
            ["block type 2"] = (_, block) => With(block, 1, 2),
            ["first byte 1"] = (_, block) => With(With(block, 0, 1), 1, 1),
            ["padding of another byte"] = (_, block) => With(block, 100, 0xFE),
            ["a padding byte zero"] = (_, block) => With(block, 10, 0),
            ["separator missing"] = (key, block) => With(block, key.Length - 33 - Info, 0xFF),
            ["separator other than zero"] = (key, block) => With(block, key.Length - 33 - Info, 1),
            ["short padding with trailing data"] = (key, block) => [0, 1, .. Enumerable.Repeat((byte)0xFF, 8), .. End(key, block), .. new byte[key.Length - 10 - 33 - Info]],
            ["short padding with random trailing data"] = (key, block) => [0, 1, .. Enumerable.Repeat((byte)0xFF, 8), .. End(key, block), .. Noise(key.Length - 10 - 33 - Info)],
            ["one trailing byte"] = (key, block) => [0, 1, .. block[3..], 0],
            ["one byte of padding less, in front"] = (_, block) => [0, 0, 1, .. block[3..]],
            ["no digest info"] = (key, block) => [0, 1, .. Enumerable.Repeat((byte)0xFF, key.Length - 35), 0, .. _digest],
            ["digest info of SHA-1"] = (key, _) => Built(key, "3021300906052b0e03021a05000414", SHA1.HashData("an update"u8)),
            ["digest info of SHA-1 with a digest of SHA-256"] = (key, _) => Built(key, "3021300906052b0e03021a05000420", _digest),
            ["digest info of SHA-512"] = (key, _) => Built(key, "3051300d060960864801650304020305000440", SHA512.HashData("an update"u8)),
            ["digest info of SHA-384 in front of SHA-256"] = (key, _) => Built(key, "3031300d060960864801650304020205000420", _digest),
            ["parameters left out"] = (key, _) => Built(key, "302f300b0609608648016503040201" + "0420", _digest),
            ["parameters of another kind"] = (key, _) => Built(key, "3031300d060960864801650304020104000420", _digest),
            ["parameters with something in them"] = (key, _) => Built(key, "3033300f0609608648016503040201" + "0502abcd" + "0420", _digest),
            ["a length in the long form"] = (key, _) => Built(key, "308131300d060960864801650304020105000420", _digest),
            ["an outer length one too large"] = (key, _) => Built(key, "3032300d060960864801650304020105000420", _digest),
            ["something behind the digest inside the sequence"] = (key, _) => Built(key, "3033300d060960864801650304020105000420", [.. _digest, 5, 0]),
            ["something behind the sequence"] = (key, _) => Built(key, "3031300d060960864801650304020105000420", [.. _digest, 5, 0]),
            ["another digest"] = (key, _) => key.Block(SHA256.HashData("another update"u8)),
            ["a digest cut short"] = (key, _) => Built(key, "3030300d06096086480165030402010500041f", _digest[..31]),
            ["all zero"] = (key, _) => new byte[key.Length],
            ["one"] = (key, _) => [.. new byte[key.Length - 1], 1],
        };

        public static TheoryData<string> Blocks => [.. _blocks.Keys];

        [Theory]
        [MemberData(nameof(Blocks))]
        public void A_block_that_is_not_exactly_the_standard_s_is_refused(string what)
        {
            foreach (TestKey key in new[] { TestKey.Of("a", 2048, 3), TestKey.Of("a", 2048), TestKey.Of("a", 3072) })
            {
                byte[] block = _blocks[what](key, key.Block(_digest));
                Assert.Equal(key.Length, block.Length);
                Assert.Equal(ResultCode.SignatureInvalid, key.Verify(key.Raw(block), _digest));
            }
        }

        [Fact]
        public void Every_single_byte_of_the_block_counts()
        {
            TestKey key = TestKey.Of("a", 2048, 3);
            byte[] block = key.Block(_digest);
            for (int at = 0; at < block.Length; at++)
            {
                byte[] bad = With(block, at, (byte)(block[at] ^ 1));
                Assert.True(key.Verify(key.Raw(bad), _digest) == ResultCode.SignatureInvalid, $"byte {at}");
            }
        }

        [Fact]
        public void A_cube_root_that_leaves_what_it_cannot_hit_to_trailing_data_is_refused()
        {
            // Bleichenbacher's forgery for the exponent 3: no private key is needed where a parser ignores what follows the digest.
            TestKey key = TestKey.Of("a", 2048, 3);
            byte[] front = [0, 1, .. Enumerable.Repeat((byte)0xFF, 8), 0, .. Convert.FromHexString("3031300d060960864801650304020105000420"), .. _digest];
            BigInteger low = TestKey.Number([.. front, .. new byte[key.Length - front.Length]]);
            BigInteger root = CubeRoot(low) + 1;
            byte[] cube = key.Bytes(root * root * root);
            Assert.Equal(front, cube[..front.Length]);
            Assert.Equal(ResultCode.SignatureInvalid, key.Verify(key.Bytes(root), _digest));
        }

        [Fact]
        public void A_signature_not_below_the_modulus_is_refused_though_its_remainder_is_good()
        {
            TestKey key = TestKey.Of("a", 2048, 3);
            BigInteger modulus = TestKey.Number(key.Modulus);
            int found = 0;
            for (int i = 0; i < 200; i++)
            {
                byte[] digest = SHA256.HashData(BitConverter.GetBytes(i));
                byte[] good = key.Raw(key.Block(digest));
                BigInteger same = TestKey.Number(good) + modulus;
                if (same.GetBitLength() <= 2048)
                {
                    found++;
                    Assert.Equal(ResultCode.None, key.Verify(good, digest));
                    Assert.Equal(ResultCode.SignatureInvalid, key.Verify(key.Bytes(same), digest));
                }
            }

            Assert.True(found > 0 || modulus > (BigInteger.One << 2048) - (BigInteger.One << 2042), "no remainder was small enough");
            Assert.Equal(ResultCode.SignatureInvalid, key.Verify(key.Modulus, _digest));
            Assert.Equal(ResultCode.SignatureInvalid, key.Verify([.. Enumerable.Repeat((byte)0xFF, 256)], _digest));
        }

        [Theory]
        [InlineData(0)]
        [InlineData(1)]
        [InlineData(255)]
        [InlineData(257)]
        [InlineData(384)]
        [InlineData(512)]
        public void A_signature_of_another_length_than_the_modulus_is_refused(int length)
        {
            TestKey key = TestKey.Of("a", 2048, 3);
            byte[] good = key.Raw(key.Block(_digest));
            byte[] front = [.. new byte[Math.Max(0, length - 256)], .. good];
            Assert.Equal(ResultCode.SignatureInvalid, key.Verify(front[..length], _digest));
            byte[] back = [.. good, .. new byte[Math.Max(0, length - 256)]];
            Assert.Equal(ResultCode.SignatureInvalid, key.Verify(back[..length], _digest));
        }

        [Fact]
        public void A_signature_of_zero_is_refused()
        {
            Assert.Equal(ResultCode.SignatureInvalid, TestKey.Of("a", 2048, 3).Verify(new byte[256], _digest));
        }

        [Fact]
        public void Another_key_s_signature_is_refused()
        {
            TestKey other = TestKey.Of("b", 2048, 3);
            Assert.Equal(ResultCode.SignatureInvalid, TestKey.Of("a", 2048, 3).Verify(other.Raw(other.Block(_digest)), _digest));
        }

        private static BigInteger CubeRoot(BigInteger number)
        {
            BigInteger low = 0;
            BigInteger high = BigInteger.One << 700;
            while (high - low > 1)
            {
                BigInteger middle = (low + high) >> 1;
                (low, high) = middle * middle * middle <= number ? (middle, high) : (low, middle);
            }

            return low;
        }

        private static byte[] With(byte[] block, int at, byte value)
        {
            byte[] changed = (byte[])block.Clone();
            changed[at] = value;
            return changed;
        }

        private static byte[] End(TestKey key, byte[] block)
        {
            return block[(key.Length - 33 - Info)..];
        }

        private static byte[] Noise(int count)
        {
            var bytes = new byte[count];
            new Random(1).NextBytes(bytes);
            return bytes;
        }

        private static byte[] Built(TestKey key, string info, byte[] digest)
        {
            byte[] end = [0, .. Convert.FromHexString(info), .. digest];
            return [0, 1, .. Enumerable.Repeat((byte)0xFF, key.Length - 2 - end.Length), .. end];
        }
    }
}
