using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using nanoOta.Tests.Signing;

namespace nanoOta.Native.Tests
{
    /// <summary>RS256 in C against .NET's RSA, and against the managed one.</summary>
    public class Rs256Tests
    {
        [Theory]
        [InlineData(2048)]
        [InlineData(3072)]
        [InlineData(4096)]
        public void What_dotnet_signs_is_verified_and_nothing_else(int bits)
        {
            using RSA rsa = RSA.Create(bits);
            RSAParameters key = rsa.ExportParameters(false);
            var random = new Random(bits);
            for (int i = 0; i < 20; i++)
            {
                byte[] digest = new byte[32];
                random.NextBytes(digest);
                byte[] signature = rsa.SignHash(digest, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
                Assert.True(Verify(key.Modulus!, 65537, digest, signature));
                Assert.False(Verify(key.Modulus!, 65537, Flipped(digest, random), signature));
                Assert.False(Verify(key.Modulus!, 65537, digest, Flipped(signature, random)));
                Assert.False(Verify(Flipped(key.Modulus!, random), 65537, digest, signature));
                Assert.False(Verify(key.Modulus!, 3, digest, signature));
                Assert.False(Verify(key.Modulus!, 65537, digest, signature[1..]));
                Assert.False(Verify(key.Modulus!, 65537, digest, [0, .. signature]));
                Assert.False(Verify(key.Modulus!, 65537, digest, rsa.SignHash(digest, HashAlgorithmName.SHA256, RSASignaturePadding.Pss)));
            }
        }

        [Theory]
        [InlineData(2048)]
        [InlineData(3072)]
        [InlineData(4096)]
        public void The_managed_one_says_the_same(int bits)
        {
            using RSA rsa = RSA.Create(bits);
            RSAParameters parameters = rsa.ExportParameters(false);
            RsaPublicKey key = RsaPublicKey.Create("test", parameters.Modulus!, parameters.Exponent!);
            byte[] digest = SHA256.HashData("abc"u8);
            byte[] good = rsa.SignHash(digest, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            byte[][] signatures = [good, Flipped(good, new Random(bits)), [.. good, 0], good[1..], parameters.Modulus!, new byte[good.Length]];
            bool[] native = [.. signatures.Select(signature => Verify(key.Modulus, key.Exponent, digest, signature))];
            Assert.Equal(signatures.Select(signature => ManagedVerify(key, digest, signature)), native);
            Assert.Equal([true, false, false, false, false, false], native);
        }

        [Theory]
        [InlineData(2048)]
        [InlineData(3072)]
        [InlineData(4096)]
        public void A_carry_into_the_top_word_is_not_lost(int bits)
        {
            CarryKey key = CarryKey.Make(bits);
            Assert.Equal(bits / 8, key.Modulus.Length);
            Assert.True(key.Carries());
            using RSA rsa = RSA.Create(new RSAParameters { Modulus = key.Modulus, Exponent = [(byte)CarryKey.Exponent] });
            var managed = RsaPublicKey.Create("test", key.Modulus, [(byte)CarryKey.Exponent]);
            byte[] wrong = [.. key.Digest[..31], (byte)(key.Digest[31] ^ 1)];
            foreach (byte[] digest in new[] { key.Digest, wrong })
            {
                bool good = rsa.VerifyHash(digest, key.Signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
                Assert.Equal(digest == key.Digest, good);
                Assert.Equal(good, Verify(key.Modulus, CarryKey.Exponent, digest, key.Signature));
                Assert.Equal(good, ManagedVerify(managed, digest, key.Signature));
            }
        }

        // Made with the private key, so that an encoding of our choice comes out of the verification's power: the comparison must
        // take none but the right one.
        [Fact]
        public void An_encoding_that_is_nearly_right_is_refused()
        {
            using RSA rsa = RSA.Create(2048);
            RSAParameters key = rsa.ExportParameters(true);
            byte[] digest = SHA256.HashData("abc"u8);
            byte[] good = CarryKey.Encode(digest, 256);
            Assert.True(Verify(key.Modulus!, 65537, digest, Power(good, key)));
            for (int i = 0; i < 256; i++)
            {
                byte[] bad = [.. good];
                bad[i] ^= (byte)(i == 0 ? 1 : 0x10);
                Assert.False(Verify(key.Modulus!, 65537, digest, Power(bad, key)), $"Byte {i} of the encoding.");
            }

            // Shorter padding, the rest behind the digest: what lax parsers took for good.
            byte[] lax = [.. good[..100], .. good[^52..], .. new byte[256 - 152]];
            Assert.False(Verify(key.Modulus!, 65537, digest, Power(lax, key)));
        }

        [Fact]
        public void A_signature_that_is_not_less_than_the_modulus_is_refused()
        {
            using RSA rsa = RSA.Create(2048);
            RSAParameters key = rsa.ExportParameters(false);
            byte[] digest = SHA256.HashData("abc"u8);
            BigInteger modulus = new(key.Modulus!, isUnsigned: true, isBigEndian: true);
            byte[] larger;
            do
            {
                digest[0]++;
                byte[] signature = rsa.SignHash(digest, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
                larger = (new BigInteger(signature, isUnsigned: true, isBigEndian: true) + modulus).ToByteArray(isUnsigned: true, isBigEndian: true);
            }
            while (larger.Length != 256);
            Assert.False(Verify(key.Modulus!, 65537, digest, larger));
            Assert.False(Verify(key.Modulus!, 65537, digest, key.Modulus!));
        }

        [Theory]
        [InlineData(0u)]
        [InlineData(1u)]
        [InlineData(2u)]
        [InlineData(65536u)]
        public void An_exponent_that_is_none_is_refused(uint exponent)
        {
            // With an exponent of 1, the encoding would be its own signature.
            byte[] modulus = new byte[256];
            modulus.AsSpan().Fill(0xFF);
            byte[] digest = SHA256.HashData("abc"u8);
            Assert.False(Verify(modulus, exponent, digest, CarryKey.Encode(digest, 256)));
        }

        [Fact]
        public void A_modulus_of_another_length_or_even_or_with_a_leading_zero_is_refused()
        {
            using RSA rsa = RSA.Create(1024);
            byte[] digest = SHA256.HashData("abc"u8);
            byte[] signature = rsa.SignHash(digest, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            byte[] modulus = rsa.ExportParameters(false).Modulus!;
            Assert.False(Verify(modulus, 65537, digest, signature));
            Assert.False(Verify([.. new byte[128], .. modulus], 65537, digest, [.. new byte[128], .. signature]));
            Assert.False(Verify([.. modulus, .. new byte[128]], 65537, digest, [.. signature, .. new byte[128]]));
        }

        private static bool ManagedVerify(RsaPublicKey key, byte[] digest, byte[] signature)
        {
            var rs256 = new ManagedRsaVerifier();
            rs256.Begin(key.Modulus, key.Exponent, signature, digest);
            ResultCode code;
            do
            {
                code = rs256.Step();
            }
            while (code == ResultCode.Pending);
            return code == ResultCode.None;
        }

        private static byte[] Power(byte[] number, RSAParameters key)
        {
            BigInteger power = BigInteger.ModPow(new(number, true, true), new(key.D!, true, true), new(key.Modulus!, true, true));
            byte[] bytes = power.ToByteArray(isUnsigned: true, isBigEndian: true);
            return [.. new byte[number.Length - bytes.Length], .. bytes];
        }

        private static byte[] Flipped(byte[] bytes, Random random)
        {
            byte[] other = [.. bytes];
            other[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            return other;
        }

        private static unsafe bool Verify(byte[] modulus, uint exponent, byte[] digest, byte[] signature)
        {
            void* work = NativeMemory.Alloc(NativeCore.nota_test_size_of_rsa_work());
            fixed (byte* m = modulus, d = digest, s = signature)
            {
                var key = new NativeCore.RsaKey { Modulus = m, Length = (nuint)modulus.Length, Exponent = exponent };
                bool good = NativeCore.nota_rs256_verify(&key, d, s, (nuint)signature.Length, work) != 0;
                NativeMemory.Free(work);
                return good;
            }
        }
    }
}
