// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System.Text;
using nanoFramework.TestFramework;

namespace nanoOta.DeviceTests
{
    [TestClass]
    public class Rs256Tests
    {
        // A key of 2048 bits that was made for tests and thrown away, and its signature of "abc".
        private const string Modulus =
            "bce7be31980aafccf6d4c29f444725dbc5f0e2621905d5fd06d8a97b3241581975ad28ae2ec6e57721565fcf7b2cd5e1" +
            "2974250f21c162ce2feab577092cc4d1bc4f91bc1d8ccda29a7e439f09d8c6286ba48dfe5b8b5ec8f971d88fbfa28c11" +
            "81afedde4e26d316272ac937e111c207a93f9d6129d3f21eb1a19c839a103ba4a9e85298a49737dcf0cea9a72051a7f4" +
            "9e3ab01414bb5b70ca9ce867f577e75a444aa318a49097f51547920742195f6ed8a26fa8ec4b35e5ef9958c132b1243c" +
            "518a2275cc0237d11891543bcf8a02e858018acbd4bf4008c1235083cec7408f3d33583efd1f1b2c4f5fb8903e628051" +
            "96012c8bc8f41066912d98ac5319003f";

        private const string Signature =
            "4d4863f9c88ce37f42280e8b3301bd5deaeb85f85da89586f117575aa4f9ba1b7eea016912a7496b064c99e995d1a80e" +
            "83895f93ff7a8f878478af1d2dd6ed67c72964d4f9a81dcd5e28bf9f6a60163ace8785ade64ac5ce9e3f13581ce4836d" +
            "93c5670d3b1f1e7f3a0ec711b8b8e4ddfa375efaa56a263e182373ea6ceaf379d7f9c9b669c1b67fec88db423c152c3b" +
            "c8bc7fabd6b15d04dcd2abdbe0f6f9b35bb101aaeaba4417b746ddb32f4c4c68fdb12e232f81842e390d7ff56dc59e94" +
            "95237bb26666aa1ccdef4fb4f036dc855133789fb4ad108696a916659b55a316d178d9974e56c2ab9a09288eef24209d" +
            "ee29e87deec82c194e80258c94092c6c";

        [TestMethod]
        public void A_signature_is_its_keys()
        {
            Assert.AreEqual((int)ResultCode.None, (int)Verify(Hexadecimal.Bytes(Signature), Digest("abc")));
        }

        [TestMethod]
        public void One_bit_of_signature_or_text_makes_it_nobodys()
        {
            byte[] signature = Hexadecimal.Bytes(Signature);
            signature[100] ^= 1;
            Assert.AreEqual((int)ResultCode.SignatureInvalid, (int)Verify(signature, Digest("abc")));
            Assert.AreEqual((int)ResultCode.SignatureInvalid, (int)Verify(Hexadecimal.Bytes(Signature), Digest("abd")));
            Assert.AreEqual((int)ResultCode.SignatureInvalid, (int)Verify(new byte[256], Digest("abc")));
            Assert.AreEqual((int)ResultCode.SignatureInvalid, (int)Verify(new byte[10], Digest("abc")));
        }

        private static ResultCode Verify(byte[] signature, byte[] digest)
        {
            IRsaVerifier verification = new ManagedRsaVerifier();
            verification.Begin(Hexadecimal.Bytes(Modulus), 65537, signature, digest);
            ResultCode code = ResultCode.Pending;
            for (int i = 0; i < 10000 && code == ResultCode.Pending; i++)
            {
                code = verification.Step();
            }

            return code;
        }

        private static byte[] Digest(string text)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            return Sha256.Of(new ManagedHasher(), bytes, 0, bytes.Length);
        }
    }
}
