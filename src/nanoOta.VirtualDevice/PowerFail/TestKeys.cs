using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;

namespace nanoOta.VirtualDevice.PowerFail
{
    /// <summary>
    /// The keys of the service in scenarios: of the shortest length that devices accept, because each run verifies with them at each
    /// boot, and always the same, because what lies in a device's flash depends on them. They are public and protect nothing.
    /// </summary>
    internal static class TestKeys
    {
        private const string RootP =
            "f2b5e80c805ffc3024cbd1d2a87b843775c5e63dfeebfb0f3b96e19a7b4b9c98"
            + "932a9a642926a8053e012dae345184ebc3029c4cec8ed9a1efd9cdb9ab4fd3f7"
            + "ad50452c70eecd185d325a08947340bc9d7abc04a4b11b471d94a95f1f8296a3"
            + "e48a86579280d980952c9ac9eb94e4fe994bac2bc8be230ca90a2cdcade61b03";

        private const string RootQ =
            "d1faba02a0f88ce94f4468abd2205f590f9236e7eb5d5f4455ee06ba5e7005b3"
            + "b1406d206baede935c36181eabaeffb31cfc9be90cc140e25bd5dfa77129a6dc"
            + "4e7d90255828cc815f3c22fba04d464c1855d60b6d5bd017d5079bf5d05ddce3"
            + "b81e49ed35557f93f41fc904cce65d701aa8352fb9776c9fbc45ad60e92d7413";

        private const string SigningP =
            "e23f2418996d62f0ba6dd0a9a3eb9b6ac31216283e914be60966396010552018"
            + "11b2723c0d5c970a3374707f9feb53079112f75a78082ef1fcb6e4d3e5377dce"
            + "ff736f3c0554ce7c35fb219d273de6e18ed21dd25e6a814871fa921ca4461cb1"
            + "882069ff4d4806b7a79ff22b90f1c1aa855f6c6bf26e9b04abe8105bab130735";

        private const string SigningQ =
            "c70bb6bc1b54b583eb6899b7337bfeea55e7f4839f30a6823d82a578536c8580"
            + "b6f8c4d4213688c99c49a54a14770e4223825af6d7eb53e7167a547c97d16697"
            + "cf49eb66138d09fd4a98c6ccf81259e1021f5939e8a5371602eda8ab015866a5"
            + "b94b115147643340404f7a56e79729c8d373a0a2f26caee94f45d029ee7a32d9";

        private static readonly BigInteger _exponent = 65537;

        /// <summary>The root key.</summary>
        public static RSA Root { get; } = Make(RootP, RootQ);

        /// <summary>The key that signs deployments.</summary>
        public static RSA Signing { get; } = Make(SigningP, SigningQ);

        // The rest of a private key follows from its primes (RFC 8017, section 3.2).
        private static RSA Make(string firstPrime, string secondPrime)
        {
            BigInteger p = Parse(firstPrime);
            BigInteger q = Parse(secondPrime);
            BigInteger d = Inverse(_exponent, (p - 1) * (q - 1));
            return RSA.Create(new RSAParameters
            {
                Modulus = Bytes(p * q, 256),
                Exponent = Bytes(_exponent, 3),
                D = Bytes(d, 256),
                P = Bytes(p, 128),
                Q = Bytes(q, 128),
                DP = Bytes(d % (p - 1), 128),
                DQ = Bytes(d % (q - 1), 128),
                InverseQ = Bytes(Inverse(q, p), 128),
            });
        }

        private static BigInteger Parse(string hexadecimal)
        {
            return BigInteger.Parse("0" + hexadecimal, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        }

        private static byte[] Bytes(BigInteger number, int length)
        {
            var bytes = new byte[length];
            byte[] significant = number.ToByteArray(isUnsigned: true, isBigEndian: true);
            significant.CopyTo(bytes, length - significant.Length);
            return bytes;
        }

        // By Euclid's extended algorithm.
        private static BigInteger Inverse(BigInteger number, BigInteger modulus)
        {
            (BigInteger remainder, BigInteger next) = (modulus, number);
            (BigInteger factor, BigInteger nextFactor) = (0, 1);
            while (next != 0)
            {
                BigInteger quotient = remainder / next;
                (remainder, next) = (next, remainder - quotient * next);
                (factor, nextFactor) = (nextFactor, factor - quotient * nextFactor);
            }

            return factor < 0 ? factor + modulus : factor;
        }
    }
}
