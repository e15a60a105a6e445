using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;

namespace nanoOta.Tests.Signing
{
    /// <summary>
    /// A public key with one signature, made so that the C code's multiplication carries into its top word, which random keys
    /// practically never do, and that both begin alike. Nobody knows the private key.
    /// </summary>
    /// <remarks>
    /// The modulus is c³ + block, just below 2^bits, and the signature modulus − c: its cube is −c³, and so the block. Both begin
    /// with ones, but the carry needs a second word of ones in 2^(2 bits) mod modulus as well, which the signature is multiplied by
    /// first. The digest's last eight bytes are chosen for that.
    /// </remarks>
    internal sealed class CarryKey
    {
        public const uint Exponent = 3;

        // The two lowest words of 2^(2 bits) mod modulus.
        private const ulong LowWords = 0xFFFFFFFF_FFFFFFFE;

        private CarryKey(BigInteger modulus, BigInteger signature, byte[] digest)
        {
            Modulus = modulus.ToByteArray(isUnsigned: true, isBigEndian: true);
            Signature = signature.ToByteArray(isUnsigned: true, isBigEndian: true);
            Digest = digest;
        }

        public byte[] Modulus { get; }

        public byte[] Signature { get; }

        public byte[] Digest { get; }

        public static CarryKey Make(int bits)
        {
            BigInteger end = BigInteger.One << bits;
            byte[] digest = [.. SHA256.HashData("carry"u8)[..24], .. new byte[8]];
            BigInteger block = Number(Encode(digest, bits / 8));
            for (BigInteger c = CubeRoot(end - block - ulong.MaxValue); ; c--)
            {
                // With d = 2^bits − modulus and k = d² / modulus, 2^(2 bits) mod modulus is d (d + k) modulo 2^64. For an odd k
                // and an even outcome there is one odd d, found bit by bit.
                BigInteger least = BigInteger.Pow(c, 3) + block;
                BigInteger most = end - least;
                ulong k = Low(most * most / least);
                ulong d = 1;
                for (int bit = 1; bit < 64; bit++)
                {
                    d |= (d * (d + k) - LowWords) & (1ul << bit);
                }

                ulong rest = Low(most) - d;
                BigInteger modulus = least + rest;
                if (Low(end * end % modulus) == LowWords)
                {
                    BinaryPrimitives.WriteUInt64BigEndian(digest.AsSpan(24), rest);
                    return new(modulus, modulus - c, digest);
                }
            }
        }

        /// <summary>Whether the sum of the second row goes beyond the words of the modulus and one more.</summary>
        public bool Carries()
        {
            BigInteger modulus = Number(Modulus);
            BigInteger signature = Number(Signature);
            BigInteger word = BigInteger.One << 32;

            // The first row, and the multiple of the modulus that makes its lowest word zero.
            BigInteger sum = signature * (LowWords & uint.MaxValue);
            uint inverse = 1;
            for (int i = 0; i < 5; i++)
            {
                inverse *= 2 - (uint)Low(modulus) * inverse;
            }

            sum = (sum + modulus * (0 - (uint)Low(sum) * inverse)) / word;
            return sum + signature * (LowWords >> 32) >= word << (8 * Modulus.Length);
        }

        /// <summary>The block that the standard asks for.</summary>
        public static byte[] Encode(byte[] digest, int length)
        {
            byte[] info = [.. Convert.FromHexString("3031300d060960864801650304020105000420"), .. digest];
            return [0, 1, .. Enumerable.Repeat((byte)0xFF, length - 3 - info.Length), 0, .. info];
        }

        private static BigInteger Number(byte[] bytes)
        {
            return new BigInteger(bytes, isUnsigned: true, isBigEndian: true);
        }

        private static ulong Low(BigInteger number)
        {
            return (ulong)(number & ulong.MaxValue);
        }

        // Newton's iteration, from above.
        private static BigInteger CubeRoot(BigInteger number)
        {
            BigInteger root = BigInteger.One << ((int)number.GetBitLength() / 3 + 1);
            while (true)
            {
                BigInteger next = (2 * root + number / (root * root)) / 3;
                if (next >= root)
                {
                    return root;
                }

                root = next;
            }
        }
    }
}
