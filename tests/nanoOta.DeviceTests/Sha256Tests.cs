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

            string expected = Hexadecimal.Text(Sha256.Of(new ManagedHasher(), data, 0, data.Length));
            for (int cut = 0; cut <= data.Length; cut += 13)
            {
                byte[] state = new byte[Sha256.StateLength];
                new ManagedHasher().Append(state, 0, data, 0, cut);
                byte[] saved = (byte[])state.Clone();
                IHasher second = new ManagedHasher();
                second.Append(saved, 0, data, cut, data.Length - cut);
                byte[] digest = new byte[Sha256.DigestLength];
                second.Finish(saved, 0, digest, 0);
                Assert.AreEqual(expected, Hexadecimal.Text(digest), cut.ToString());
            }
        }

        private static string Hash(string text)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            return Hexadecimal.Text(Sha256.Of(new ManagedHasher(), bytes, 0, bytes.Length));
        }
    }
}
