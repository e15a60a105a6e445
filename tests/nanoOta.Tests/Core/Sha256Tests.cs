using FsCheck;
using FsCheck.Fluent;
using HostSha256 = System.Security.Cryptography.SHA256;

namespace nanoOta.Tests.Core
{
    /// <summary>The managed SHA-256, and the digest of a whole buffer.</summary>
    public class Sha256Tests
    {
        private readonly ManagedHasher _hasher = new();

        [Theory]
        [InlineData("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
        [InlineData("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
        [InlineData("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")]
        public void The_digests_of_the_standard_s_examples_are_right(string text, string digest)
        {
            byte[] bytes = System.Text.Encoding.ASCII.GetBytes(text);
            Assert.Equal(digest, Convert.ToHexStringLower(Sha256.Of(_hasher, bytes, 0, bytes.Length)));
        }

        [Fact]
        public void Random_bytes_in_random_pieces_give_the_digest_that_dotnet_gives()
        {
            Prop.ForAll(ArbMap.Default.ArbFor<byte[][]>(), pieces =>
            {
                var state = new byte[Sha256.StateLength];
                foreach (byte[] piece in pieces)
                {
                    _hasher.Append(state, 0, piece, 0, piece.Length);
                }

                return Finish(state, 0).SequenceEqual(HostSha256.HashData([.. pieces.SelectMany(piece => piece)]));
            }).QuickCheckThrowOnFailure();
        }

        [Fact]
        public void Every_length_around_the_block_s_end_gives_the_digest_that_dotnet_gives()
        {
            for (int length = 0; length < 300; length++)
            {
                byte[] bytes = [.. Enumerable.Range(0, length + 5).Select(i => (byte)(i * 7 + length))];
                Assert.Equal(HostSha256.HashData(bytes.AsSpan(2, length)), Sha256.Of(_hasher, bytes, 2, length));
            }
        }

        [Fact]
        public void A_state_saved_at_any_length_goes_on_elsewhere()
        {
            byte[] bytes = [.. Enumerable.Range(0, 200).Select(i => (byte)(i * 31))];
            for (int cut = 0; cut <= bytes.Length; cut++)
            {
                var state = new byte[Sha256.StateLength + 3];
                _hasher.Append(state, 3, bytes, 0, cut);
                byte[] saved = [7, .. state[3..]];
                var other = new ManagedHasher();
                other.Append(saved, 1, bytes, cut, bytes.Length - cut);
                var digest = new byte[33];
                other.Finish(saved, 1, digest, 1);
                Assert.Equal([0, .. HostSha256.HashData(bytes)], digest);
                Assert.Equal(new byte[3], state[..3]);
                Assert.Equal(7, saved[0]);
            }
        }

        [Fact]
        public void Messages_that_are_hashed_in_turns_do_not_disturb_each_other()
        {
            Prop.ForAll(ArbMap.Default.ArbFor<(byte[], byte[])[]>(), pairs =>
            {
                var states = new byte[2 * Sha256.StateLength];
                foreach ((byte[] first, byte[] second) in pairs)
                {
                    _hasher.Append(states, 0, first, 0, first.Length);
                    _hasher.Append(states, Sha256.StateLength, second, 0, second.Length);
                }

                return Finish(states, 0).SequenceEqual(HostSha256.HashData([.. pairs.SelectMany(pair => pair.Item1)]))
                    && Finish(states, Sha256.StateLength).SequenceEqual(HostSha256.HashData([.. pairs.SelectMany(pair => pair.Item2)]));
            }).QuickCheckThrowOnFailure();
        }

        [Fact]
        public void After_a_digest_the_state_is_that_of_an_empty_message()
        {
            var state = new byte[Sha256.StateLength];
            byte[] abc = "abc"u8.ToArray();
            _hasher.Append(state, 0, abc, 0, 3);
            Finish(state, 0);
            Assert.Equal(new byte[Sha256.StateLength], state);
            _hasher.Append(state, 0, abc, 0, 3);
            Assert.Equal(HostSha256.HashData(abc), Finish(state, 0));
        }

        [Fact]
        public void A_digest_may_go_where_the_state_was()
        {
            // As the verification of an image does it: digest and state in arrays of the agent's.
            var state = new byte[Sha256.StateLength];
            _hasher.Append(state, 0, "abc"u8.ToArray(), 0, 3);
            _hasher.Finish(state, 0, state, 0);
            Assert.Equal(HostSha256.HashData("abc"u8), state[..32]);
        }

        private byte[] Finish(byte[] state, int at)
        {
            var digest = new byte[32];
            _hasher.Finish(state, at, digest, 0);
            return digest;
        }
    }
}
