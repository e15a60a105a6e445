using FsCheck;
using FsCheck.Fluent;
using HostSha256 = System.Security.Cryptography.SHA256;

namespace nanoOta.Tests.Core
{
    public class Sha256Tests
    {
        [Theory]
        [InlineData("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
        [InlineData("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
        [InlineData("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")]
        public void The_digests_of_the_standard_s_examples_are_right(string text, string digest)
        {
            Assert.Equal(digest, Digest(System.Text.Encoding.ASCII.GetBytes(text)));
        }

        [Fact]
        public void Random_bytes_in_random_pieces_give_the_digest_that_dotnet_gives()
        {
            Prop.ForAll(ArbMap.Default.ArbFor<byte[][]>(), pieces =>
            {
                var hash = new Sha256();
                foreach (byte[] piece in pieces)
                {
                    hash.Append(piece, 0, piece.Length);
                }

                var digest = new byte[32];
                hash.Finish(digest, 0);
                return digest.SequenceEqual(HostSha256.HashData([.. pieces.SelectMany(piece => piece)]));
            }).QuickCheckThrowOnFailure();
        }

        [Fact]
        public void Every_length_around_the_block_s_end_gives_the_digest_that_dotnet_gives()
        {
            for (int length = 0; length < 300; length++)
            {
                byte[] bytes = [.. Enumerable.Range(0, length).Select(i => (byte)(i * 7 + length))];
                Assert.Equal(Convert.ToHexStringLower(HostSha256.HashData(bytes)), Digest(bytes));
            }
        }

        [Fact]
        public void A_state_saved_at_any_length_goes_on_in_another_object()
        {
            byte[] bytes = [.. Enumerable.Range(0, 200).Select(i => (byte)(i * 31))];
            for (int cut = 0; cut <= bytes.Length; cut++)
            {
                var first = new Sha256();
                first.Append(bytes, 0, cut);
                var state = new byte[Sha256.StateLength + 3];
                first.Export(state, 3);
                var second = new Sha256();
                second.Import(state, 3);
                Assert.Equal((ulong)cut, second.Length);
                second.Append(bytes, cut, bytes.Length - cut);
                var digest = new byte[32];
                second.Finish(digest, 0);
                Assert.Equal(HostSha256.HashData(bytes), digest);
            }
        }

        [Fact]
        public void Random_bytes_whose_state_is_saved_after_each_piece_give_the_digest_that_dotnet_gives()
        {
            Prop.ForAll(ArbMap.Default.ArbFor<byte[][]>(), pieces =>
            {
                var state = new byte[Sha256.StateLength];
                new Sha256().Export(state, 0);
                foreach (byte[] piece in pieces)
                {
                    var hash = new Sha256();
                    hash.Import(state, 0);
                    hash.Append(piece, 0, piece.Length);
                    hash.Export(state, 0);
                }

                var last = new Sha256();
                last.Import(state, 0);
                var digest = new byte[32];
                last.Finish(digest, 0);
                return digest.SequenceEqual(HostSha256.HashData([.. pieces.SelectMany(piece => piece)]));
            }).QuickCheckThrowOnFailure();
        }

        [Fact]
        public void After_a_digest_the_object_begins_anew()
        {
            var hash = new Sha256();
            byte[] abc = "abc"u8.ToArray();
            var digest = new byte[32];
            hash.Append(abc, 0, 3);
            hash.Finish(digest, 0);
            hash.Append(abc, 0, 3);
            hash.Finish(digest, 0);
            Assert.Equal(HostSha256.HashData(abc), digest);
        }

        private static string Digest(byte[] bytes)
        {
            var hash = new Sha256();
            hash.Append(bytes, 0, bytes.Length);
            var digest = new byte[32];
            hash.Finish(digest, 0);
            return Hex.Format(digest, 32);
        }
    }
}
