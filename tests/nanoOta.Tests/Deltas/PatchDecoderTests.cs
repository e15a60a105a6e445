using System.Buffers.Binary;
using nanoOta.VirtualDevice;
using nanoOta.VirtualDevice.Deltas;
using static nanoOta.Tests.Deltas.DeltaImages;

namespace nanoOta.Tests.Deltas
{
    /// <summary>The device's decoder against the library's encoder and the reference reader, on random and on hostile input.</summary>
    public class PatchDecoderTests
    {
        private static readonly byte[] _app = App(0);
        private static readonly byte[] _old = Join(Corlib, Part("Kept", 9000), _app);

        [Fact]
        public void It_rebuilds_what_the_library_encoded_from_random_edits()
        {
            var random = new Random(21);
            for (int round = 0; round < 150; round++)
            {
                byte[] changed = Corlib;
                for (int edit = random.Next(1, 12); edit > 0; edit--)
                {
                    int at = random.Next(124, changed.Length - 64);
                    byte[] bytes = new byte[random.Next(1, 300) * 4];
                    random.NextBytes(bytes);
                    if (random.Next(3) == 0)
                    {
                        // Runs and short periods: matches that overlap what they put out.
                        for (int i = random.Next(1, 5); i < bytes.Length; i++)
                        {
                            bytes[i] = bytes[i - 1 - (i > 2 ? random.Next(1) : 0)];
                        }
                    }

                    changed = random.Next(2) == 0 ? EditedAssembly.Overwrite(changed, at, bytes[..Math.Min(bytes.Length, changed.Length - at)]) : EditedAssembly.Insert(changed, at & ~3, bytes);
                }

                byte[] image = Join(Part("First", 124 + (4 * random.Next(1000)) + 200, (ulong)round), changed, _app);
                byte[] patch = PatchWriter.Write(_old, image);
                DeltaRun run = Run(_old, image, patch, at => random.Next(4) == 0, random.Next(1, 5000));
                Assert.Equal(ResultCode.None, run.Run());
                Assert.Equal(image, run.Idle);
            }
        }

        [Theory]
        [InlineData(1)]
        [InlineData(2)]
        [InlineData(3)]
        [InlineData(7)]
        [InlineData(4095)]
        [InlineData(4096)]
        [InlineData(4097)]
        [InlineData(9000)]
        public void A_match_that_repeats_itself_is_put_out_whether_it_lies_in_the_buffer_or_in_the_flash(int period)
        {
            byte[] body = [.. Enumerable.Range(0, 24_000).Select(i => (byte)((i % period * 31) ^ (i % period >> 8)))];
            byte[] image = Join(EditedAssembly.Insert(Corlib, 2000, body), _app);
            byte[] patch = PatchWriter.Write(_old, image);
            foreach (int most in new[] { 1, 13, 4096 })
            {
                DeltaRun run = Run(_old, image, patch, _ => most == 13, most);
                Assert.Equal(ResultCode.None, run.Run());
                Assert.Equal(image, run.Idle);
            }
        }

        [Fact]
        public void What_it_makes_of_a_damaged_patch_is_what_the_reference_reader_makes_of_it()
        {
            byte[] image = Join(EditedAssembly.Insert(Corlib, 20_000, new byte[80]), Part("New", 1200, 3), _app);
            byte[] patch = PatchWriter.Write(_old, image);
            PartIdentity[] parts = ImageParts.ParseMember(ImageParts.Read(image)!.Base64)!;
            var random = new Random(5);
            int sound = 0;
            for (int round = 0; round < 3000; round++)
            {
                byte[] damaged = [.. patch];
                for (int n = random.Next(1, 3); n > 0; n--)
                {
                    // Half of the damage is in what steers: the first record's head and its first sequences.
                    int at = random.Next(random.Next(2) == 0 ? 60 : damaged.Length);
                    damaged[at] = random.Next(3) == 0 ? (byte)random.Next(256) : (byte)(damaged[at] ^ (1 << random.Next(8)));
                }

                byte[]? expected = PatchReader.Apply(_old, parts, damaged, out string? fault);
                DeltaRun run = Run(_old, image, damaged);
                ResultCode code = run.Run();
                Assert.True((expected != null) == (code == ResultCode.None), $"round {round}: {code}, {fault}");
                sound += expected != null ? 1 : 0;
                Assert.True(expected == null || expected.AsSpan().SequenceEqual(run.Idle), $"round {round}");
                Assert.True(expected != null || code == ResultCode.PatchMalformed, $"round {round}: {code}");
            }

            Assert.InRange(sound, 300, 2700);
        }

        [Fact]
        public void A_patch_that_is_cut_or_longer_is_refused()
        {
            byte[] image = Join(EditedAssembly.Overwrite(Corlib, 20_000, 9), App(1));
            byte[] patch = PatchWriter.Write(_old, image);
            for (int length = 1; length < patch.Length; length += length < 60 ? 1 : 41)
            {
                Assert.Equal(ResultCode.PatchMalformed, Run(_old, image, patch[..length]).Run());
            }

            Assert.Equal(ResultCode.PatchMalformed, Run(_old, image, [.. patch, 0]).Run());
        }

        [Theory]
        [InlineData(1, 0, true)]
        [InlineData(3, 0, false)]
        [InlineData(3, 1, true)]
        [InlineData(7, 0, false)]
        [InlineData(7, 1, true)]
        public void A_checkpoint_within_literals_or_a_match_that_has_no_length_is_not_gone_on_with(byte stage, byte run, bool isSound)
        {
            var decoder = new PatchDecoder(new DeltaPlan { OldCount = 1, PatchSize = 1000 }) { At = 4096, PartEnd = 20_000 };
            byte[] state = new byte[20];
            state[0] = 100;
            state[4] = 200;
            state[8] = run;
            state[16] = stage;

            Assert.Equal(isSound, decoder.Load(state, inRecord: true));
        }

        [Fact]
        public void A_dictionary_that_is_another_assembly_gives_another_image()
        {
            byte[] image = Join(EditedAssembly.Overwrite(Corlib, 20_000, 9), _app);
            byte[] patch = PatchWriter.Write(_old, image);
            Assert.Equal(0, patch[0]);
            patch[0] = 1;
            byte[] old = Join(Corlib, Part("Same length", Corlib.Length), _app);
            var run = new DeltaRun(old, Component(old, image, patch), Server(image, patch));
            Assert.Equal(ResultCode.None, run.Run());
            Assert.NotEqual(image, run.Idle);

            // Shorter than what is used of the right one, or none.
            Refused(image, patch);
            patch[0] = 3;
            Refused(image, patch);
            patch[0] = patch[1] = 0xFF;
            Refused(image, patch);
        }

        [Fact]
        public void Records_in_the_wrong_order_give_another_image()
        {
            byte[] image = Join(EditedAssembly.Overwrite(Corlib, 20_000, 9), EditedAssembly.Overwrite(Part("Kept", 9000), 5000, 8), _app);
            byte[] patch = PatchWriter.Write(_old, image);
            int first = 8 + BinaryPrimitives.ReadInt32LittleEndian(patch.AsSpan(4));
            Refused(image, [.. patch[first..], .. patch[..first]]);
        }

        [Theory]
        [InlineData("a match past the start", 0x10, 0x41, 0x02, 0x00, 0x50, 1, 2, 3, 4, 5)]
        [InlineData("a match of distance 0", 0x10, 0x41, 0x00, 0x00, 0x50, 1, 2, 3, 4, 5)]
        [InlineData("literals beyond the record", 0xF0, 0x20, 0x41, 0x42)]
        [InlineData("a record of literals that ends early", 0x20, 0x41, 0x42)]
        [InlineData("a match beyond the part", 0x1F, 0x41, 0x01, 0x00, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 0, 0x50, 1, 2, 3, 4, 5)]
        [InlineData("a match up to the part's end", 0x1F, 0x41, 0x01, 0x00, 255, 255, 255, 255, 255, 255, 255, 10, 0x00)]
        [InlineData("a length that never ends", 0xF0, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255)]
        public void A_hostile_block_is_refused(string what, params int[] block)
        {
            byte[] image = Join(Part("New", 1400, 3), _app);
            byte[] head = [0xFF, 0xFF, 1, 0, (byte)block.Length, 0, 0, 0];
            Refused(image, [.. head, .. block.Select(b => (byte)b)], what);
        }

        [Fact]
        public void A_match_up_to_the_last_literals_and_no_further()
        {
            byte[] image = Join(Part("New", 1400, 3), _app);

            // 1 literal and a run of 1,394, then 5 literals: sound, though another image. One more in the run: refused.
            byte[] block = [0x1F, 0x41, 1, 0, 255, 255, 255, 255, 255, 100, 0x50, 1, 2, 3, 4, 5];
            Wrong(image, [0xFF, 0xFF, 1, 0, (byte)block.Length, 0, 0, 0, .. block]);
            block[9]++;
            Refused(image, [0xFF, 0xFF, 1, 0, (byte)block.Length, 0, 0, 0, .. block]);
            block[9] -= 2;
            Refused(image, [0xFF, 0xFF, 1, 0, (byte)block.Length, 0, 0, 0, .. block]);
        }

        [Theory]
        [InlineData("its method is 2", 0xFF, 0xFF, 2, 0, 4, 0, 0, 0)]
        [InlineData("the fourth byte is not 0", 0xFF, 0xFF, 1, 1, 4, 0, 0, 0)]
        [InlineData("it is empty", 0xFF, 0xFF, 1, 0, 0, 0, 0, 0)]
        [InlineData("it is longer than the patch", 0xFF, 0xFF, 1, 0, 5, 0, 0, 0)]
        [InlineData("its length is negative", 0xFF, 0xFF, 1, 0, 0, 0, 0, 0x80)]
        [InlineData("there is no such dictionary", 3, 0, 1, 0, 4, 0, 0, 0)]
        [InlineData("what is stored is shorter than the assembly", 0xFF, 0xFF, 0, 0, 4, 0, 0, 0)]
        public void A_hostile_head_is_refused(string what, params int[] head)
        {
            Refused(Join(Part("New", 1400, 3), _app), [.. head.Select(b => (byte)b), 1, 2, 3, 4], what);
        }

        // Read to its end; the hash tells.
        private static void Wrong(byte[] image, byte[] patch)
        {
            DeltaRun run = Run(_old, image, patch);
            Assert.Equal(ResultCode.None, run.Run());
            Assert.NotEqual(image, run.Idle);
        }

        private static void Refused(byte[] image, byte[] patch, string what = "")
        {
            ResultCode code = Run(_old, image, patch).Run();
            Assert.True(code == ResultCode.PatchMalformed, $"{what}: {code}");
        }
    }
}
