// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System.Text;
using nanoFramework.TestFramework;

namespace nanoOta.DeviceTests
{
    [TestClass]
    public class Sha256Tests
    {
        [TestMethod]
        public void Texts_have_the_hashes_of_the_standard()
        {
            Assert.AreEqual("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", Hash(string.Empty));
            Assert.AreEqual("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", Hash("abc"));
            Assert.AreEqual(
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
                Hash("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"));
        }

        [TestMethod]
        public void Pieces_of_any_length_and_a_saved_state_make_no_difference()
        {
            byte[] data = new byte[200];
            for (int i = 0; i < data.Length; i++)
            {
                data[i] = (byte)(i * 7);
            }

            Sha256 whole = new Sha256();
            whole.Append(data, 0, data.Length);
            string expected = Finish(whole);
            byte[] state = new byte[Sha256.StateLength];
            for (int cut = 0; cut <= data.Length; cut += 13)
            {
                Sha256 first = new Sha256();
                first.Append(data, 0, cut);
                first.Export(state, 0);
                Sha256 second = new Sha256();
                second.Import(state, 0);
                second.Append(data, cut, data.Length - cut);
                Assert.AreEqual(expected, Finish(second), cut.ToString());
            }
        }

        private static string Hash(string text)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            Sha256 sha = new Sha256();
            sha.Append(bytes, 0, bytes.Length);
            return Finish(sha);
        }

        private static string Finish(Sha256 sha)
        {
            byte[] digest = new byte[Sha256.DigestLength];
            sha.Finish(digest, 0);
            return Hexadecimal.Text(digest);
        }
    }
}
