using nanoOta.VirtualDevice.Slots;
using HostSha256 = System.Security.Cryptography.SHA256;

namespace nanoOta.Native.Tests
{
    /// <summary>SHA-256 in C and in C#: each is the other's oracle, and .NET that of both.</summary>
    public class Sha256Tests
    {
        [Fact]
        public void A_hash_handed_from_one_language_to_the_other_at_any_length_comes_out_right()
        {
            byte[] bytes = Bytes(300, seed: 1);
            for (int cut = 0; cut <= bytes.Length; cut++)
            {
                var managed = new ManagedSha256();
                using var native = new NativeSha256();
                managed.Append(bytes, 0, cut);
                native.Append(bytes.AsSpan(0, cut));
                var state = new byte[Sha256.StateLength];
                managed.Export(state, 0);
                Assert.Equal(cut > 0 ? WithoutRemains(state) : new byte[state.Length], native.Export());

                using var nativeEnd = new NativeSha256();
                nativeEnd.Import(state);
                nativeEnd.Append(bytes.AsSpan(cut));
                var managedEnd = new ManagedSha256();
                if (cut > 0)
                {
                    managedEnd.Import(native.Export(), 0);
                }

                managedEnd.Append(bytes, cut, bytes.Length - cut);
                var digest = new byte[Sha256.DigestLength];
                managedEnd.Finish(digest, 0);
                Assert.Equal(digest, nativeEnd.Finish());
                Assert.Equal(HostSha256.HashData(bytes), digest);
            }
        }

        [Fact]
        public void Random_pieces_handed_to_and_fro_give_the_digest_that_dotnet_gives()
        {
            var random = new Random(2);
            for (int i = 0; i < 200; i++)
            {
                byte[] bytes = Bytes(random.Next(5000), i);
                var managed = new ManagedSha256();
                using var native = new NativeSha256();
                var state = new byte[Sha256.StateLength];
                managed.Export(state, 0);
                for (int at = 0; at < bytes.Length;)
                {
                    int take = Math.Min(random.Next(300), bytes.Length - at);
                    if (random.Next(2) == 0)
                    {
                        if (at > 0)
                        {
                            managed.Import(state, 0);
                        }

                        managed.Append(bytes, at, take);
                        managed.Export(state, 0);
                    }
                    else
                    {
                        native.Import(state);
                        native.Append(bytes.AsSpan(at, take));
                        state = native.Export();
                    }

                    at += take;
                }

                native.Import(state);
                Assert.Equal(HostSha256.HashData(bytes), native.Finish());
                native.Append("abc"u8);
                Assert.Equal(HostSha256.HashData("abc"u8), native.Finish());
            }
        }

        // Three implementations that share one state from call to call, as an interop call does: imported, continued, saved.
        [Fact]
        public void Random_splits_over_one_saved_state_agree_with_the_managed_and_the_host_s_hash()
        {
            var random = new Random(3);
            for (int i = 0; i < 300; i++)
            {
                byte[] bytes = Bytes(random.Next(3) == 0 ? random.Next(130) : random.Next(2000), i);
                var state = new byte[HostHasher.StateLength];
                var managed = new ManagedSha256();
                for (int at = 0; at < bytes.Length;)
                {
                    int take = Math.Min(random.Next(200), bytes.Length - at);
                    byte[] before = [.. state];
                    using var native = new NativeSha256();
                    native.Import(state);
                    native.Append(bytes.AsSpan(at, take));
                    state = native.Export();
                    HostHasher.Append(before, bytes.AsSpan(at, take));
                    Assert.Equal(state, before);
                    managed.Append(bytes, at, take);
                    at += take;
                    if (at > 0)
                    {
                        var exported = new byte[state.Length];
                        managed.Export(exported, 0);
                        Assert.Equal(WithoutRemains(exported), state);
                    }
                }

                using var end = new NativeSha256();
                end.Import(state);
                Assert.Equal(HostSha256.HashData(bytes), end.Finish());
                Assert.Equal(new byte[state.Length], end.Export());
                var digest = new byte[32];
                HostHasher.Finish(state, digest);
                Assert.Equal(HostSha256.HashData(bytes), digest);
                Assert.Equal(new byte[state.Length], state);
            }
        }

        [Fact]
        public void A_state_of_length_0_is_an_empty_message_whatever_else_it_holds()
        {
            byte[] state = Bytes(HostHasher.StateLength, 4);
            state.AsSpan(32, 8).Clear();
            using var native = new NativeSha256();
            native.Import(state);
            Assert.Equal(HostSha256.HashData([]), native.Finish());
            native.Import(state);
            native.Append("abc"u8);
            Assert.Equal(HostSha256.HashData("abc"u8), native.Finish());
            HostHasher.Append(state, "abc"u8);
            var digest = new byte[32];
            HostHasher.Finish(state, digest);
            Assert.Equal(HostSha256.HashData("abc"u8), digest);
        }

        [Fact]
        public void A_length_beyond_32_bits_ends_in_the_same_digest()
        {
            var state = new byte[Sha256.StateLength];
            new ManagedSha256().Export(state, 0);
            state[34] = 0x12;
            state[39] = 0x40;
            var managed = new ManagedSha256();
            using var native = new NativeSha256();
            managed.Import(state, 0);
            native.Import(state);
            var digest = new byte[Sha256.DigestLength];
            managed.Finish(digest, 0);
            Assert.Equal(digest, native.Finish());
        }

        // The managed hash leaves behind the unfinished block's bytes what was there before.
        private static byte[] WithoutRemains(byte[] state)
        {
            state.AsSpan(40 + state[39] % 64).Clear();
            return state;
        }

        private static byte[] Bytes(int length, int seed)
        {
            var bytes = new byte[length];
            new Random(seed).NextBytes(bytes);
            return bytes;
        }
    }
}
