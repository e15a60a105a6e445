using FsCheck;
using FsCheck.Fluent;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.Tests.Images
{
    public class PartitionCsvTests
    {
        [Fact]
        public void Names_numbers_units_comments_and_blanks_are_understood()
        {
            Partition[] read = ReadAll(
                """
                # ESP-IDF Partition Table
                # Name,   Type, SubType, Offset,  Size, Flags

                nvs,      data, nvs,     ,        24K,
                phy_init, data, phy,     0xf000,  0x1000,
                app0,     app,  OTA_0,   ,        1M, encrypted
                app1,     0,    0x11,    ,        1048576,
                deploy,   1,    132,     ,        64k, encrypted:readonly
                rest,     data, ,        ,        0x1000
                """);

            Assert.Equal(
                [
                    new Partition("nvs", 1, 2, 0x9000, 0x6000),
                    new Partition("phy_init", 1, 1, 0xF000, 0x1000),
                    new Partition("app0", 0, 0x10, 0x10000, 0x100000, 1),
                    new Partition("app1", 0, 0x11, 0x110000, 0x100000),
                    new Partition("deploy", 1, 0x84, 0x210000, 0x10000, 3),
                    new Partition("rest", 1, 0x06, 0x220000, 0x1000),
                ],
                read);
        }

        [Theory]
        [InlineData("a,data,nvs,,4K", 0x9000)]
        [InlineData("x,data,nvs,,0x800\na,data,nvs,,4K", 0xA000)]
        [InlineData("x,data,nvs,,0x1000\na,app,factory,,4K", 0x10000)]
        [InlineData("x,data,nvs,0x1F000,0x1001\na,app,factory,,4K", 0x30000)]
        [InlineData("x,partition_table,primary,0x8000,0x1000\na,data,nvs,,4K", 0x9000)]
        public void An_empty_offset_is_the_next_aligned_one(string csv, int offset)
        {
            Assert.Equal((uint)offset, ReadAll(csv)[^1].Offset);
        }

        [Theory]
        [InlineData("a,dat,nvs,,4K", "Line 1: 'dat' is no partition type.")]
        [InlineData("a,,nvs,,4K", "Line 1: '' is no partition type.")]
        [InlineData("a,0x100,nvs,,4K", "Line 1: '0x100' is no partition type.")]
        [InlineData("a,data,ota_0,,4K", "Line 1: 'ota_0' is no subtype of data.")]
        [InlineData("a,app,,,4K", "Line 1: '' is no subtype of app.")]
        [InlineData("a,data,nvs,4G,4K", "Line 1: '4G' is no offset.")]
        [InlineData("a,data,nvs,-1,4K", "Line 1: '-1' is no offset.")]
        [InlineData("a,data,nvs,,", "Line 1: '' is no size.")]
        [InlineData("a,data,nvs,,4096M", "Line 1: '4096M' is no size.")]
        [InlineData("a,data,nvs,,0x", "Line 1: '0x' is no size.")]
        [InlineData("a,data,nvs,,4K,secret", "Line 1: 'secret' are no flags.")]
        [InlineData("a,data,nvs,,4K,,more", "Line 1: control characters, or more than six columns.")]
        [InlineData("a\u001b,data,nvs,,4K", "Line 1: control characters, or more than six columns.")]
        [InlineData("seventeen letters,data,nvs,,4K", "Line 1: the name 'seventeen letters' is longer than 16 bytes.")]
        [InlineData("b,data,nvs,0xFFFFF000,0x1000\na,data,nvs,,4K", "Line 2: '' is no offset.")]
        [InlineData("b,data,nvs,0x20000,4K\n\na,data,nvs,0x20000,4K", "Line 3: begins at 0x20000, before 0x21000, where the line above ends; ESP-IDF's generator wants them in order.")]
        [InlineData("# nothing", "There is no partition in it.")]
        public void A_line_that_is_not_understood_is_named(string csv, string sentence)
        {
            Assert.Contains(PartitionTableFile.FromCsv(csv).Checks, c => !c.Ok && c.Sentence == sentence);
        }

        [Fact]
        public void A_stock_table_comes_out_of_csv_and_binary_the_same()
        {
            const string Csv = """
                # Name, Type, SubType, Offset, Size, Flags
                nvs,data,nvs,0x9000,0x6000,
                phy_init,data,phy,0xf000,0x1000,
                factory,app,factory,0x10000,0x1d0000,
                deploy,data,0x84,0x1e0000,0x1c0000,encrypted:readonly
                config,data,littlefs,0x3c0000,0x40000,

                """;
            byte[] binary = PartitionTableFile.FromCsv(Csv).Table.ToBinary();
            Assert.Equal(Csv, PartitionTableFile.FromBinary(binary).Table.ToCsv());
        }

        [Fact]
        public void Any_table_survives_csv_and_binary()
        {
            var partition = from label in Gen.Elements("a", "nvs", "ota_state", "sixteen letters!", "größe")
                            from type in Gen.Choose(0, 255)
                            from subtype in Gen.Choose(0, 255)
                            from size in Gen.Choose(0, 0x100000)
                            from gap in Gen.Choose(0, 0x1000)
                            from flags in Gen.Choose(0, 3)
                            select (label, type, subtype, size, gap, flags);
            Prop.ForAll(partition.NonEmptyListOf().Resize(30).ToArbitrary(), rows =>
            {
                var partitions = new List<Partition>();
                long end = PartitionTable.FirstOffset;
                foreach (var (label, type, subtype, size, gap, flags) in rows)
                {
                    partitions.Add(new Partition(label, (byte)type, (byte)subtype, (uint)(end + gap), (uint)size, (uint)flags));
                    end = partitions[^1].End;
                }

                byte[] binary = new PartitionTable(partitions).ToBinary();
                PartitionTableFile csv = PartitionTableFile.FromCsv(PartitionTableFile.FromBinary(binary).Table.ToCsv());
                return csv.Checks.All(c => c.Ok) && csv.Table.ToBinary().AsSpan().SequenceEqual(binary);
            }).QuickCheckThrowOnFailure();
        }

        private static Partition[] ReadAll(string csv)
        {
            PartitionTableFile file = PartitionTableFile.FromCsv(csv);
            Assert.All(file.Checks, c => Assert.True(c.Ok, c.Sentence));
            return [.. file.Table.Partitions];
        }
    }
}
