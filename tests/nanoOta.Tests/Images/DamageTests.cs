using nanoOta.VirtualDevice.Images;

namespace nanoOta.Tests.Images
{
    public class DamageTests
    {
        public static TheoryData<string> Names => [.. SampleFile.All.Keys];

        [Theory]
        [MemberData(nameof(Names))]
        public void A_sample_is_sound(string name)
        {
            ImageReport report = ImageFile.Identify(SampleFile.All[name].Bytes);
            Assert.True(report.Sound, string.Join(" ", report.Checks.Where(c => !c.Ok)));
        }

        [Theory]
        [MemberData(nameof(Names))]
        public void Every_flipped_bit_is_noticed_but_for_the_bytes_a_format_does_not_protect(string name)
        {
            SampleFile sample = SampleFile.All[name];
            byte[] bytes = [.. sample.Bytes];
            var unnoticed = new SortedSet<int>();
            for (int bit = 0; bit < bytes.Length * 8; bit++)
            {
                bytes[bit / 8] ^= (byte)(1 << (bit % 8));
                if (ImageFile.Identify(bytes).Sound)
                {
                    unnoticed.Add(bit / 8);
                }

                bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            }

            Assert.Equal(Enumerable.Range(0, bytes.Length).Where(i => SampleFile.In(sample.Unprotected, i)), unnoticed);
        }

        [Theory]
        [MemberData(nameof(Names))]
        public void Every_truncation_is_refused_but_where_a_format_cannot_know(string name)
        {
            SampleFile sample = SampleFile.All[name];
            int[] unnoticed = [.. Enumerable.Range(0, sample.Bytes.Length).Where(length => ImageFile.Identify(sample.Bytes.AsSpan(0, length)).Sound)];
            Assert.Equal(Enumerable.Range(0, sample.Bytes.Length).Where(i => SampleFile.In(sample.Cuts, i)), unnoticed);
        }

        [Theory]
        [InlineData("esp32-app-1.16.0.bin")]
        [InlineData("esp32c3-app-1.17.0.bin")]
        [InlineData("mcuboot-1.2.3+4-ecdsa-h400.bin")]
        public void A_vector_with_one_payload_bit_flipped_anywhere_is_unsound(string file)
        {
            byte[] bytes = Vectors.Read(file);
            for (int i = 7; i < Math.Min(bytes.Length, 0xFC0); i += 101)
            {
                bytes[i] ^= 0x10;
                Assert.False(ImageFile.Identify(bytes).Sound, $"offset 0x{i:X}");
                bytes[i] ^= 0x10;
            }
        }
    }
}
