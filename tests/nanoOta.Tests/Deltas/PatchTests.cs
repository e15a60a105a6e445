using System.Buffers.Binary;
using nanoOta.VirtualDevice.Deltas;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.Tests.Deltas
{
    public class PatchTests
    {
        private static readonly byte[] _core = EditedAssembly.Mscorlib();
        private static readonly byte[] _app = App(new(1, 0), 0);

        [Fact]
        public void A_changed_constant_costs_a_few_bytes()
        {
            byte[] changed = EditedAssembly.Overwrite(_core, 20000, 0x2A, 0x2B);
            byte[] patch = Proven([.. _core, .. _app], [.. changed, .. _app]);
            PatchRecord record = PatchRecord.Read(patch)!.Value;
            Assert.Equal(0, record.Dictionary);
            Assert.Equal(PatchMethod.Lz4, record.Method);
            Assert.InRange(patch.Length, 20, 250);
        }

        [Fact]
        public void What_moved_by_an_insertion_is_found_in_the_dictionary()
        {
            byte[] changed = EditedAssembly.Insert(_core, 24000, [.. Enumerable.Range(1, 32).Select(i => (byte)i)]);
            Assert.InRange(Proven([.. _core, .. _app], [.. changed, .. _app]).Length, 40, 600);
        }

        [Fact]
        public void A_patch_holds_what_the_predecessor_lacks_and_nothing_else()
        {
            byte[] image = [.. _core, .. _app];
            Assert.Empty(Proven(image, image));
            Assert.Empty(Proven([.. _app, .. _core], image));
            Assert.Empty(Proven(image, _app));
        }

        [Fact]
        public void A_new_assembly_is_compressed_without_a_dictionary_or_with_the_one_that_helps_most()
        {
            byte[] patch = Proven(_app, [.. _core, .. _app]);
            Assert.InRange(patch.Length, _core.Length / 3, _core.Length * 7 / 10);

            // Known under another name: 0xFFFF − 42 is another of the CLR's own names.
            byte[] renamed = EditedAssembly.Overwrite(_core, 36, 0xD5, 0xFF);
            Assert.NotEqual("mscorlib", ImageParts.Read(renamed)!.Parts[0].Name);
            byte[] helped = Proven([.. _app, .. _core], [.. _app, .. renamed]);
            Assert.Equal(1, PatchRecord.Read(helped)!.Value.Dictionary);
            Assert.InRange(helped.Length, 20, 250);
        }

        [Fact]
        public void What_cannot_be_compressed_is_stored()
        {
            byte[] random = DeploymentBuilder.Assembly(new AssemblySpec("Random", new(1, 0)), 40_000, seed: 7);
            byte[] patch = Proven(_core, [.. _core, .. random]);
            Assert.Equal(new PatchRecord(PatchRecord.NoDictionary, PatchMethod.Stored, 7232), PatchRecord.Read(patch.AsSpan(^(7232 + PatchRecord.HeadLength)..)));
            Assert.Equal(random[^7232..], patch[^7232..]);
        }

        [Theory]
        [InlineData(60_000)]
        [InlineData(65_536)]
        [InlineData(200_000)]
        public void A_change_in_a_large_assembly_costs_no_more_than_one_in_a_small(int size)
        {
            byte[] large = DeploymentBuilder.Assembly(new AssemblySpec("Large", new(1, 0)), size, seed: 3);
            Assert.InRange(Proven(large, EditedAssembly.Overwrite(large, 1000, 1, 2, 3, 4)).Length, 20, 300 * (1 + (size / PatchRecord.PieceLength)));
            Assert.InRange(Proven(large, EditedAssembly.Insert(large, 2000, new byte[12_000])).Length, 20, 700 * (1 + (size / PatchRecord.PieceLength)));
            Assert.InRange(Proven(EditedAssembly.Insert(large, 2000, new byte[12_000]), large).Length, 20, 700 * (1 + (size / PatchRecord.PieceLength)));
        }

        [Fact]
        public void The_dictionary_of_a_piece_ends_16_KiB_behind_it()
        {
            byte[] large = DeploymentBuilder.Assembly(new AssemblySpec("Large", new(1, 0)), 200_000, seed: 3);
            foreach (byte[] changed in new[] { EditedAssembly.Overwrite(large, 100_000, 1, 2, 3, 4), EditedAssembly.Insert(large, 2000, new byte[12_000]) })
            {
                Assert.Equal(changed, Lz4Walk.Part(Proven(large, changed), large, changed.Length));
            }
        }

        [Fact]
        public void The_same_images_give_the_same_patch()
        {
            byte[] old = [.. _core, .. _app], image = [.. EditedAssembly.Overwrite(_core, 5000, 1), .. App(new(1, 1), 0)];
            Assert.Equal(PatchWriter.Write(old, image), PatchWriter.Write(old, image));
        }

        [Fact]
        public void Random_edits_are_rebuilt()
        {
            var random = new Random(12);
            for (int round = 0; round < 60; round++)
            {
                byte[] changed = _core;
                for (int edit = random.Next(1, 12); edit > 0; edit--)
                {
                    int at = random.Next(124, changed.Length - 64);
                    byte[] bytes = new byte[random.Next(1, 12) * 4];
                    random.NextBytes(bytes);
                    changed = random.Next(2) == 0 ? EditedAssembly.Overwrite(changed, at, bytes) : EditedAssembly.Insert(changed, at & ~3, bytes);
                }

                byte[] patch = Proven([.. _core, .. _app], [.. changed, .. _app]);
                Assert.Equal(changed, Lz4Walk.Part(patch, _core, changed.Length));
            }
        }

        [Fact]
        public void An_image_that_is_no_sequence_of_assemblies_cannot_be_compared()
        {
            Assert.Throws<ArgumentException>(() => PatchWriter.Write([1, 2, 3], _core));
            Assert.Throws<ArgumentException>(() => PatchWriter.Write(_core, [1, 2, 3]));
        }

        [Fact]
        public void Every_cut_and_every_addition_is_found()
        {
            byte[] old = [.. _core, .. _app], image = [.. EditedAssembly.Overwrite(_core, 20000, 9, 9), .. App(new(1, 1), 5)];
            byte[] patch = PatchWriter.Write(old, image);
            PartIdentity[] parts = Identities(image);
            for (int length = 0; length < patch.Length; length += length < 400 ? 1 : 97)
            {
                Assert.Null(PatchReader.Apply(old, parts, patch[..length], out string? fault));
                Assert.NotNull(fault);
            }

            Assert.Null(PatchReader.Apply(old, parts, [.. patch, 0], out string? behind));
            Assert.Equal($"Offset 0x{patch.Length:X}: 1 bytes behind the last record.", behind);
        }

        [Theory]
        [InlineData(0, 2, "its dictionary is part 2, and the predecessor has 2")]
        [InlineData(2, 2, "its method is 2")]
        [InlineData(2, 0, "what is stored has no dictionary")]
        [InlineData(3, 1, "the fourth byte is not 0")]
        [InlineData(7, 0x80, "the length is above 2147483647")]
        [InlineData(6, 1, "it states 65")]
        public void A_wrong_head_is_refused(int offset, byte value, string reason)
        {
            byte[] old = [.. _core, .. _app], image = [.. EditedAssembly.Overwrite(_core, 20000, 9, 9), .. _app];
            byte[] patch = PatchWriter.Write(old, image);
            patch[offset] = value;
            Assert.Null(PatchReader.Apply(old, Identities(image), patch, out string? fault));
            Assert.StartsWith("Offset 0x0, part 0 from 0x0 on: ", fault);
            Assert.Contains(reason, fault);
        }

        [Theory]
        [InlineData("an offset of 0", "10 41 00 00 D0 62626262626262626262626262")]
        [InlineData("a match before the dictionary", "10 41 02 00 D0 62626262626262626262626262")]
        [InlineData("an output too short", "10 41 01 00 C0 626262626262626262626262")]
        [InlineData("an output too long", "11 41 01 00 D0 62626262626262626262626262")]
        [InlineData("a length that is cut off", "1F 41 01 00 FF")]
        [InlineData("a length that never ends", "1F 41 01 00 FF FF FF FF FF FF FF FF FF FF FF FF FF FF FF FF FF FF FF FF FF FF 00 D0 62626262626262626262626262")]
        [InlineData("literals that are cut off", "10 41 01 00 D0 626262626262626262626262")]
        [InlineData("an offset that is cut off", "10 41 01")]
        [InlineData("no bytes", "")]
        public void A_block_that_is_none_is_refused(string what, string hex)
        {
            Assert.NotEmpty(what);
            Assert.Equal("AAAAAbbbbbbbbbbbbb"u8.ToArray(), Lz4Block.Decode(Convert.FromHexString("10410100D062626262626262626262626262"), [], 18));
            Assert.Null(Lz4Block.Decode(Convert.FromHexString(hex.Replace(" ", "")), [], 18));
        }

        [Fact]
        public void A_match_reaches_from_the_output_into_the_end_of_the_dictionary()
        {
            byte[] block = Convert.FromHexString("10410300D062626262626262626262626262");
            Assert.Equal("AyzAybbbbbbbbbbbbb"u8.ToArray(), Lz4Block.Decode(block, "xyz"u8, 18));
            Assert.Null(Lz4Block.Decode(block, "z"u8, 18));
        }

        [Fact]
        public void The_wrong_dictionary_gives_another_image()
        {
            byte[] old = [.. _core, .. _app], image = [.. EditedAssembly.Overwrite(_core, 20000, 9, 9), .. _app];
            byte[] patch = PatchWriter.Write(old, image);
            BinaryPrimitives.WriteUInt16LittleEndian(patch, 1);
            Assert.NotEqual(image, PatchReader.Apply(old, Identities(image), patch, out _));
        }

        private static byte[] App(AssemblyVersion version, ulong seed)
        {
            return DeploymentBuilder.Assembly(new AssemblySpec("App", version) { References = [new("mscorlib", new(1, 17, 11))] }, 4000, seed);
        }

        private static PartIdentity[] Identities(byte[] image)
        {
            return [.. ImageParts.Read(image)!.Parts.Select(part => part.Identity)];
        }

        private static byte[] Proven(byte[] old, byte[] image)
        {
            byte[] patch = PatchWriter.Write(old, image);
            Assert.Equal(image, PatchReader.Apply(old, Identities(image), patch, out string? fault));
            Assert.Null(fault);
            return patch;
        }
    }
}
