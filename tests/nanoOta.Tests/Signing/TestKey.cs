using System.Collections.Concurrent;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace nanoOta.Tests.Signing
{
    /// <summary>An RSA key pair of .NET's making, with any exponent, and the bare private operation, to sign what no library signs.</summary>
    internal sealed class TestKey
    {
        private static readonly ConcurrentDictionary<(string, int, uint), TestKey> _made = [];
        private readonly BigInteger _p;
        private readonly BigInteger _q;
        private readonly BigInteger _private;

        private TestKey(string id, int bits, uint exponent)
        {
            Bits = bits;
            while (true)
            {
                using RSA rsa = RSA.Create(bits);
                RSAParameters made = rsa.ExportParameters(true);
                BigInteger p = Number(made.P!);
                BigInteger q = Number(made.Q!);
                BigInteger phi = (p - 1) * (q - 1);
                if (BigInteger.GreatestCommonDivisor(phi, exponent).IsOne)
                {
                    (_p, _q) = (p, q);
                    _private = Inverse(exponent, phi);
                    Modulus = made.Modulus!;
                    Exponent = [.. BitConverter.GetBytes(exponent).Reverse().SkipWhile(b => b == 0)];
                    Public = RsaPublicKey.Create(id, Modulus, Exponent)!;
                    return;
                }
            }
        }

        public int Bits { get; }

        public int Length => Bits / 8;

        public string Id => Public.Id;

        public byte[] Modulus { get; }

        public byte[] Exponent { get; }

        public RsaPublicKey Public { get; }

        public string Jwk => $$"""{"kty":"RSA","kid":"{{Id}}","alg":"RS256","n":"{{Text(Modulus)}}","e":"{{Text(Exponent)}}"}""";

        /// <summary>The key pair of a name, made once in a test run: what is random is the key, not which key it is.</summary>
        public static TestKey Of(string id = "a", int bits = 2048, uint exponent = 65537)
        {
            return _made.GetOrAdd((id, bits, exponent), key => new TestKey(key.Item1, key.Item2, key.Item3));
        }

        public static string Text(byte[] bytes)
        {
            return System.Buffers.Text.Base64Url.EncodeToString(bytes);
        }

        /// <summary>The block that the standard asks for.</summary>
        public byte[] Block(byte[] digest)
        {
            byte[] end = [0, .. Convert.FromHexString("3031300d060960864801650304020105000420"), .. digest];
            return [0, 1, .. Enumerable.Repeat((byte)0xFF, Length - 2 - end.Length), .. end];
        }

        /// <summary>The private operation on a block of the modulus' length.</summary>
        public byte[] Raw(byte[] block)
        {
            // By the Chinese remainder theorem: a quarter of the time.
            BigInteger p = BigInteger.ModPow(Number(block) % _p, _private % (_p - 1), _p);
            BigInteger q = BigInteger.ModPow(Number(block) % _q, _private % (_q - 1), _q);
            BigInteger h = (p - q) * Inverse(_q, _p) % _p;
            return Bytes(q + (h.Sign < 0 ? h + _p : h) * _q);
        }

        public byte[] Sign(byte[] message)
        {
            return Raw(Block(SHA256.HashData(message)));
        }

        public string Jws(string payload, string? header = null)
        {
            header ??= $$"""{"alg":"RS256","kid":"{{Id}}"}""";
            string signed = $"{Text(Encoding.UTF8.GetBytes(header))}.{Text(Encoding.UTF8.GetBytes(payload))}";
            return $"{signed}.{Text(Sign(Encoding.ASCII.GetBytes(signed)))}";
        }

        public ResultCode Verify(byte[] signature, byte[] digest)
        {
            var verification = new ManagedRsaVerifier();
            verification.Begin(Public.Modulus, Public.Exponent, signature, digest);
            ResultCode code;
            int steps = 0;
            while ((code = verification.Step()) == ResultCode.Pending)
            {
                Assert.InRange(++steps, 1, 40);
            }

            return code;
        }

        public static BigInteger Number(byte[] bytes)
        {
            return new BigInteger(bytes, isUnsigned: true, isBigEndian: true);
        }

        /// <summary>A number in as many bytes as the modulus has.</summary>
        public byte[] Bytes(BigInteger number)
        {
            byte[] bytes = number.ToByteArray(isUnsigned: true, isBigEndian: true);
            return [.. new byte[Length - bytes.Length], .. bytes];
        }

        private static BigInteger Inverse(BigInteger a, BigInteger modulus)
        {
            (BigInteger r0, BigInteger r1, BigInteger t0, BigInteger t1) = (modulus, a, 0, 1);
            while (!r1.IsZero)
            {
                BigInteger quotient = r0 / r1;
                (r0, r1) = (r1, r0 - quotient * r1);
                (t0, t1) = (t1, t0 - quotient * t1);
            }

            return t0.Sign < 0 ? t0 + modulus : t0;
        }
    }
}
