using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.Tests.Images
{
    public class EspImageTests
    {
        [Theory]
        [InlineData("esp32-app-1.16.0.bin", 0, "1.16.0.123", 0x400D0020u)]
        [InlineData("esp32c3-app-1.17.0.bin", 5, "1.17.0.9", 0x42000020u)]
        public void An_image_packed_by_esptool_is_sound(string file, int chip, string version, uint codeAddress)
        {
            byte[] bytes = Vectors.Read(file);
            EspImage image = EspImage.Read(bytes);

            Assert.True(image.Sound, string.Join(" ", image.Checks.Where(c => !c.Ok)));
            Assert.Equal((chip, version, "nanoCLR"), (image.ChipId, image.Descriptor!.Version, image.Descriptor.Project));
            Assert.Equal((5, codeAddress, bytes.Length), (image.Segments.Count, image.Segments[4].LoadAddress, image.Length));
            Assert.Null(image.Natives);
        }

        [Fact]
        public void A_made_image_has_its_fields_where_ESP_IDF_reads_them()
        {
            byte[] bytes = EspImageBuilder.Build(new EspImageSpec("1.2.3.4") { ChipId = 9, Natives = [new("mscorlib", 0x11223344)] }, 1024, 5);

            Assert.Equal((0xE9, 9, 1), (bytes[0], bytes[12], bytes[23]));
            Assert.Equal(0xABCD5432, U32(bytes, 32));
            Assert.Equal("1.2.3.4\0", Encoding.UTF8.GetString(bytes, 48, 8));
            Assert.Equal("nanoCLR\0", Encoding.UTF8.GetString(bytes, 80, 8));
            Assert.Equal(SHA256.HashData(bytes.AsSpan(0, 992)), bytes[992..]);
            Assert.Equal("nOtN\u0001\0\u0001\0", Encoding.Latin1.GetString(bytes, 288, 8));
            Assert.Equal(0xF136B714, U32(bytes, 296)); // zlib's crc32 of "mscorlib"
            Assert.Equal(0x11223344u, U32(bytes, 300));
        }

        [Fact]
        public void The_size_is_met_exactly_from_the_least_one_on()
        {
            int least = SampleImages.Esp32Minimum;
            for (int size = least; size < least + 160; size += 16)
            {
                byte[] bytes = SampleImages.Esp32("1.16.0.123", size, (ulong)size);
                Assert.Equal(size, bytes.Length);
                Assert.True(EspImage.Read(bytes).Sound);
            }

            Assert.Throws<ArgumentException>(() => SampleImages.Esp32("1.0", least - 16));
            Assert.Throws<ArgumentException>(() => SampleImages.Esp32("1.0", least + 4));
            Assert.Throws<ArgumentException>(() => SampleImages.Esp32(new string('1', 32), least));
        }

        [Fact]
        public void The_seed_decides_the_body()
        {
            Assert.Equal(SampleImages.Esp32("1.0", 1024, 3), SampleImages.Esp32("1.0", 1024, 3));
            Assert.NotEqual(SampleImages.Esp32("1.0", 1024, 3), SampleImages.Esp32("1.0", 1024, 4));
        }

        [Fact]
        public void The_table_of_native_assemblies_is_read_back()
        {
            NativeAssembly[] natives = [.. Enumerable.Range(0, 60).Select(i => new NativeAssembly($"Native{i}", (uint)i))];
            NativesDescriptor read = EspImage.Read(EspImageBuilder.Build(new EspImageSpec("1.0") { Natives = natives }, 2048)).Natives!;

            Assert.Equal(60, read.Count);
            Assert.All(natives, n => Assert.Equal(n.Checksum, read.Find(n.Name)));
            Assert.Null(read.Find("mscorlib"));
            Assert.Throws<ArgumentException>(() => NativesDescriptor.Write([.. natives, new("One too many", 1)]));
        }

        [Theory]
        [InlineData(4, 2, "format 2")]
        [InlineData(6, 61, "61 entries")]
        [InlineData(6, 5, "5 entries in")] // fits the file, but not the segment
        public void A_malformed_table_of_native_assemblies_is_found(int offset, byte value, string expected)
        {
            byte[] bytes = SampleImages.Esp32("1.0", SampleImages.Esp32Minimum);
            bytes[288 + offset] = value;
            Assert.Contains(expected, Assert.Single(EspImage.Read(bytes).Checks, c => c.Name == "Natives").Sentence);
        }

        [Fact]
        public void A_table_of_more_native_assemblies_than_the_format_allows_is_refused_even_when_it_is_all_there()
        {
            byte[] table = [.. NativesDescriptor.Write([.. Enumerable.Range(0, 60).Select(i => new NativeAssembly($"Native{i}", 1))]), 1, 2, 3, 4, 5, 6, 7, 8];
            Assert.NotNull(NativesDescriptor.Read(table, out _));
            table[6] = 61;
            Assert.Null(NativesDescriptor.Read(table, out string fault));
            Assert.Contains("61 entries", fault);
        }

        [Fact]
        public void One_native_assembly_named_twice_is_found()
        {
            byte[] table = NativesDescriptor.Write([new("A", 1), new("A", 2)]);
            Assert.Null(NativesDescriptor.Read(table, out string fault));
            Assert.Contains("entry 1", fault);
        }

        [Fact]
        public void What_follows_the_image_is_wrong_in_a_file_and_right_in_a_slot()
        {
            byte[] file = SampleImages.Esp32("1.0", 1024);
            byte[] slot = [.. file, .. Enumerable.Repeat((byte)0xFF, 3072)];
            Assert.Equal("Offset 0x400: 3072 bytes behind the image.", Assert.Single(EspImage.Read(slot).Checks, c => !c.Ok).Sentence);
            Assert.True(EspImage.ReadSlot(slot).Sound);
            Assert.Equal((1024, "1.0", 1), (EspImage.ReadSlot(slot).Length, EspImage.ReadSlot(slot).Descriptor!.Version, EspImage.ReadSlot(slot).Natives!.Count));
        }

        [Theory]
        [InlineData(1, 0, "Header", "with 0 segments")]
        [InlineData(1, 17, "Header", "with 17 segments")]
        [InlineData(12, 1, "Chip", "1 is no known chip")]
        [InlineData(32, 0, "Descriptor", "Offset 0x20: no application descriptor")]
        [InlineData(28, 2, "Segments", "Offset 0x18: segment 0 does not fit")]
        [InlineData(31, 0xFF, "Segments", "Offset 0x18: segment 0 does not fit")]
        [InlineData(400, 1, "Checksum", "Offset 0x3DF: checksum")]
        [InlineData(5, 1, "SHA-256", "Offset 0x3E0: the appended hash")]
        [InlineData(1000, 1, "SHA-256", "Offset 0x3E0: the appended hash")]
        public void Damage_is_named_with_its_place(int offset, byte value, string check, string sentence)
        {
            byte[] bytes = SampleImages.Esp32("1.0", 1024);
            bytes[offset] = value;
            Assert.Contains(EspImage.Read(bytes).Checks, c => !c.Ok && c.Name == check && c.Sentence.Contains(sentence));
        }

        [Theory]
        [InlineData(0, "ESP32")]
        [InlineData(2, "ESP32-S2")]
        [InlineData(5, "ESP32-C3")]
        [InlineData(9, "ESP32-S3")]
        [InlineData(12, "ESP32-C2")]
        [InlineData(13, "ESP32-C6")]
        [InlineData(16, "ESP32-H2")]
        [InlineData(18, "ESP32-P4")]
        [InlineData(20, "ESP32-C61")]
        [InlineData(23, "ESP32-C5")]
        [InlineData(25, "ESP32-H21")]
        [InlineData(28, "ESP32-H4")]
        [InlineData(31, "ESP32-E22")]
        [InlineData(32, "ESP32-S31")]
        public void Every_chip_that_ESP_IDF_or_esptool_numbers_is_named(int chip, string name)
        {
            EspImage image = EspImage.Read(EspImageBuilder.Build(new EspImageSpec("1.0.0") { ChipId = (ushort)chip }, 1024));
            Assert.True(image.Sound);
            Assert.Equal(name, image.Report().Facts[0].Value);
        }

        [Fact]
        public void No_other_number_is_a_chip()
        {
            ushort[] named = [0, 2, 5, 9, 12, 13, 16, 18, 20, 23, 25, 28, 31, 32];
            Assert.Equal(named, Enumerable.Range(0, 65536).Select(id => (ushort)id).Where(id => EspChips.Name(id) != null));
        }

        [Fact]
        public void An_image_without_a_hash_is_protected_by_its_checksum_alone()
        {
            byte[] bytes = WithoutHash(SampleImages.Esp32("1.0", 1024));
            Assert.True(EspImage.Read(bytes).Sound);
            bytes[500] ^= 4;
            Assert.Equal("Checksum", Assert.Single(EspImage.Read(bytes).Checks, c => !c.Ok).Name);
        }

        internal static byte[] WithoutHash(byte[] image)
        {
            byte[] bytes = image[..^32];
            bytes[23] = 0;
            return bytes;
        }

        private static uint U32(byte[] bytes, int offset)
        {
            return BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(offset));
        }
    }
}
