using nanoOta.VirtualDevice.Images;
using static nanoOta.VirtualDevice.Images.PartitionTypes;

namespace nanoOta.Tests.Images
{
    public class PartitionTableTests
    {
        private static readonly Partition _app = new("factory", App, Factory, 0x10000, 0x100000);
        private static readonly Partition _deploy = new("deploy", Data, Deploy, 0x110000, 0x10000);
        private static readonly Partition _config = new("config", Data, LittleFs, 0x120000, 0x10000);

        [Fact]
        public void A_small_table_holds_every_check()
        {
            AssertFindings(Table(_app, _deploy, _config));
        }

        [Fact]
        public void An_overlap_is_found_even_across_a_partition_in_between()
        {
            AssertFindings(Table(_app with { Size = 0x120000 }, _deploy, _config),
                "deploy (data, 0x84) 0x110000-0x120000: overlaps factory (app, factory) 0x10000-0x130000.",
                "config (data, littlefs) 0x120000-0x130000: overlaps factory (app, factory) 0x10000-0x130000.");
        }

        [Fact]
        public void A_partition_over_bootloader_or_table_is_found()
        {
            AssertFindings(Table(_app, _deploy, _config with { Offset = 0x8000, Size = 0x1000 }), "config (data, littlefs) 0x8000-0x9000: begins below 0x9000, where bootloader and table are.");
        }

        [Fact]
        public void Misalignment_is_found_for_each_type()
        {
            AssertFindings(Table(_app with { Offset = 0x18000, Size = 0x800 }, _deploy with { Offset = 0x110800 }, _config),
                "factory (app, factory) 0x18000-0x18800: the offset 0x18000 is no multiple of 0x10000.",
                "factory (app, factory) 0x18000-0x18800: the size 0x800 is no multiple of 0x1000.",
                "deploy (data, 0x84) 0x110800-0x120800: the offset 0x110800 is no multiple of 0x1000.",
                "config (data, littlefs) 0x120000-0x130000: overlaps deploy (data, 0x84) 0x110800-0x120800.");
        }

        [Fact]
        public void What_does_not_fit_the_flash_is_found()
        {
            AssertFindings(Table(_app, _deploy, _config with { Size = 0x2E1000 }), "config (data, littlefs) 0x120000-0x401000: ends beyond the flash of 0x400000 bytes.");
            AssertFindings(Table(_app, _deploy, _config with { Size = 0x2E0000 }));
            AssertFindings(Table(_app, _deploy, _config with { Size = uint.MaxValue }), "config (data, littlefs) 0x120000-0x10011FFFF: ends beyond the flash of 0x400000 bytes.");
        }

        [Fact]
        public void Each_required_partition_is_missed()
        {
            AssertFindings(Table(_deploy, _config), "There is no application partition: no firmware can be installed.");
            AssertFindings(Table(_app, _config), "There is no deployment partition (data, 0x84): nanoCLR finds no managed application.");
            AssertFindings(Table(_app, _deploy), "There is no data partition labelled 'config': nanoCLR has no place for network settings and certificates.");
            AssertFindings(Table(_app with { Subtype = Ota0 + 1 }, _deploy, _config), "There are ota applications but no otadata partition (data, ota): the bootloader cannot choose.");
        }

        [Fact]
        public void Otadata_is_one_partition_of_two_sectors()
        {
            Partition otaData = new("otadata", Data, OtaData, 0x9000, 0x2000);
            AssertFindings(Table(_app, _deploy, _config, otaData));
            AssertFindings(Table(_app, _deploy, _config, otaData with { Size = 0x1000 }), "otadata (data, ota) 0x9000-0xA000: there must be one otadata partition, of 0x2000 bytes.");
            AssertFindings(Table(_app, _deploy, _config, otaData, otaData with { Label = "other", Offset = 0xB000 }), "other (data, ota) 0xB000-0xD000: there must be one otadata partition, of 0x2000 bytes.");
        }

        [Fact]
        public void Labels_are_there_once_and_fit()
        {
            AssertFindings(Table(_app, _deploy, _config, _deploy with { Offset = 0x130000 }), "Offset 0x130000: the label 'deploy' is there 2 times.");
            AssertFindings(Table(_app with { Label = "" }, _deploy, _config), "Offset 0x10000: the label '' has 0 bytes; 1 to 16 are possible.");
            PartitionTable tooLong = Table(_app with { Label = "seventeen letters" }, _deploy, _config);
            AssertFindings(tooLong, "Offset 0x10000: the label 'seventeen letters' has 17 bytes; 1 to 16 are possible.");
            Assert.Throws<InvalidOperationException>(() => tooLong.ToBinary());
        }

        [Fact]
        public void A_binary_table_is_read_back()
        {
            PartitionTable table = Table(_app with { Label = "sixteen letters!" }, _deploy with { Flags = 3 }, _config);
            PartitionTableFile read = PartitionTableFile.FromBinary(table.ToBinary());
            Assert.All(read.Checks, c => Assert.True(c.Ok, c.Sentence));
            Assert.Equal(table.Partitions, read.Table.Partitions);
        }

        [Fact]
        public void As_many_partitions_as_fit_are_written_and_no_more()
        {
            Partition[] many = [.. Enumerable.Range(0, 95).Select(i => new Partition($"p{i}", Data, 0x40, 0x10000u + (uint)(i * 0x1000), 0x1000))];
            Assert.Throws<InvalidOperationException>(() => Table(many).ToBinary());
            PartitionTableFile read = PartitionTableFile.FromBinary(Table(many[..94]).ToBinary());
            Assert.All(read.Checks, c => Assert.True(c.Ok, c.Sentence));
            Assert.Equal(94, read.Table.Partitions.Count);
        }

        [Theory]
        [InlineData(4, "MD5", "Offset 0x60: the MD5 entry is not that of the entries before it.")]
        [InlineData(0x70, "MD5", "Offset 0x60: the MD5 entry is not that of the entries before it.")]
        [InlineData(0x20, "Entries", "Offset 0x20: an entry with magic 0x50AB.")]
        [InlineData(0x60, "Entries", "Offset 0x60: an entry with magic 0xEBEA.")]
        [InlineData(0x85, "Entries", "Offset 0x80: an entry with magic 0xFFFF behind the MD5 entry.")]
        [InlineData(0xA5, "Trailing bytes", "Offset 0xA5: a byte behind the end mark is not 0xFF.")]
        public void Damage_is_named_with_its_place(int offset, string check, string sentence)
        {
            byte[] bytes = Table(_app, _deploy, _config).ToBinary();
            bytes[offset] ^= 1;
            Assert.Equal(sentence, Assert.Single(PartitionTableFile.FromBinary(bytes).Checks, c => !c.Ok && c.Name == check).Sentence);
        }

        [Fact]
        public void An_entry_behind_the_MD5_entry_is_refused_because_nothing_protects_it()
        {
            byte[] bytes = Table(_app, _deploy, _config).ToBinary();
            bytes.AsSpan(0, 32).CopyTo(bytes.AsSpan(0x80));
            Assert.Equal("Offset 0x80: an entry with magic 0x50AA behind the MD5 entry.", Assert.Single(PartitionTableFile.FromBinary(bytes).Checks, c => !c.Ok).Sentence);
        }

        [Fact]
        public void A_table_without_an_MD5_entry_or_without_an_end_is_found()
        {
            byte[] bytes = Table(_app, _deploy, _config).ToBinary();
            bytes.AsSpan(0x60, 32).Fill(0xFF);
            Assert.Equal("There is no MD5 entry, which ESP-IDF's bootloader wants.", Assert.Single(PartitionTableFile.FromBinary(bytes).Checks, c => !c.Ok).Sentence);

            byte[] full = [.. Enumerable.Repeat(bytes[..32], 96).SelectMany(entry => entry)];
            Assert.Contains(PartitionTableFile.FromBinary(full).Checks, c => c.Sentence == "Offset 0xC00: the table has no end mark.");
        }

        private static PartitionTable Table(params Partition[] partitions)
        {
            return new PartitionTable(partitions);
        }

        private static void AssertFindings(PartitionTable table, params string[] sentences)
        {
            Assert.Equal(sentences, table.Check(0x400000).Where(c => !c.Ok).Select(c => c.Sentence));
        }
    }
}
