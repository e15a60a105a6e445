using System.Numerics;
using System.Security.Cryptography;

namespace nanoOta.Tests.Signing
{
    /// <summary>RSASSA-PKCS1-v1_5 with SHA-256 as devices compute it, against .NET's.</summary>
    public class Rs256Tests
    {
        private static readonly byte[] _digest = SHA256.HashData("an update"u8);

        [Theory]
        [InlineData(2048, 65537u)]
        [InlineData(3072, 65537u)]
        [InlineData(4096, 65537u)]
        [InlineData(2048, 3u)]
        [InlineData(2048, 5u)]
        [InlineData(2048, 0x80000001u)]
        [InlineData(2048, 0xFFFFFFFBu)]
        [InlineData(3072, 0xABCDEF01u)]
        public void What_a_key_signed_is_accepted_whatever_its_length_and_exponent(int bits, uint exponent)
        {
            TestKey key = TestKey.Of("a", bits, exponent);
            for (int i = 0; i < 5; i++)
            {
                byte[] digest = SHA256.HashData([(byte)i]);
                byte[] signature = key.Raw(key.Block(digest));
                Assert.Equal(ResultCode.None, key.Verify(signature, digest));
                digest[i] ^= 1;
                Assert.Equal(ResultCode.SignatureInvalid, key.Verify(signature, digest));
            }
        }

        [Theory]
        [InlineData(2048, 12)]
        [InlineData(3072, 3)]
        [InlineData(4096, 1)]
        public void Freshly_made_keys_are_understood_as_dotnet_understands_them(int bits, int keys)
        {
            for (int i = 0; i < keys; i++)
            {
                using RSA rsa = RSA.Create(bits);
                RSAParameters made = rsa.ExportParameters(false);
                var key = RsaPublicKey.Create("x", made.Modulus, made.Exponent);
                byte[] signature = rsa.SignHash(_digest, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
                Assert.Equal(ResultCode.None, Verify(key, signature, _digest));
                signature[i] ^= 0x10;
                Assert.Equal(ResultCode.SignatureInvalid, Verify(key, signature, _digest));
            }
        }

        [Fact]
        public void The_power_is_right_for_numbers_at_the_edges()
        {
            // With the exponent 3, whose cube of a small number needs no reduction at all; and of numbers next to the modulus.
            TestKey key = TestKey.Of("a", 2048, 3);
            BigInteger modulus = TestKey.Number(key.Modulus);
            foreach (BigInteger s in new[] { 0, 1, 2, modulus - 1, modulus - 2, modulus >> 1, (modulus >> 1) + 1, BigInteger.One << 2047, (BigInteger.One << 2047) - 1 })
            {
                if (s < modulus)
                {
                    Assert.Equal(ResultCode.SignatureInvalid, key.Verify(key.Bytes(s), _digest));
                }
            }
        }

        [Theory]
        [InlineData(2048)]
        [InlineData(3072)]
        [InlineData(4096)]
        public void A_good_signature_may_begin_as_the_modulus_does(int bits)
        {
            CarryKey made = CarryKey.Make(bits);
            Assert.Equal(made.Modulus[..64], made.Signature[..64]);
            var key = RsaPublicKey.Create("x", made.Modulus, [(byte)CarryKey.Exponent]);
            Assert.Equal(ResultCode.None, Verify(key, made.Signature, made.Digest));
            made.Digest[31] ^= 1;
            Assert.Equal(ResultCode.SignatureInvalid, Verify(key, made.Signature, made.Digest));
        }

        [Fact]
        public void Thousands_of_changed_signatures_are_all_refused_in_as_many_steps_as_a_good_one_takes()
        {
            TestKey key = TestKey.Of("a", 2048, 3);
            byte[] good = key.Raw(key.Block(_digest));
            var random = new Random(20261121);
            for (int i = 0; i < 4000; i++)
            {
                byte[] bad = (byte[])good.Clone();
                for (int changes = random.Next(1, 4); changes > 0; changes--)
                {
                    bad[random.Next(bad.Length)] ^= (byte)(1 << random.Next(8));
                }

                Assert.True(bad.SequenceEqual(good) == (key.Verify(bad, _digest) == ResultCode.None), $"mutation {i}");
            }
        }

        [Fact]
        public void Random_numbers_are_no_signatures()
        {
            TestKey key = TestKey.Of("a", 2048, 3);
            var random = new Random(7);
            var signature = new byte[256];
            for (int i = 0; i < 500; i++)
            {
                random.NextBytes(signature);
                Assert.Equal(ResultCode.SignatureInvalid, key.Verify(signature, _digest));
            }
        }

        [Fact]
        public void A_step_does_a_bounded_piece_of_work_and_there_are_few()
        {
            TestKey key = TestKey.Of("a", 3072);
            var verification = new ManagedRsaVerifier();
            verification.Begin(key.Public.Modulus, key.Public.Exponent, key.Raw(key.Block(_digest)), _digest);
            int steps = 1;
            while (verification.Step() == ResultCode.Pending)
            {
                steps++;
            }

            // Preparation, five squarings and the base; sixteen squarings, the last with the final product.
            Assert.Equal(1 + 5 + 1 + 16, steps);
        }

        internal static ResultCode Verify(RsaPublicKey key, byte[] signature, byte[] digest)
        {
            var verification = new ManagedRsaVerifier();
            verification.Begin(key.Modulus, key.Exponent, signature, digest);
            ResultCode code;
            while ((code = verification.Step()) == ResultCode.Pending)
            {
            }

            return code;
        }
    }
}
