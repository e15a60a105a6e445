using FsCheck;
using FsCheck.Fluent;
using nanoOta.Tests.Signing;
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
        [InlineData("a,data,nvs,,N/A", "Line 1: 'N/A' is no size.")]
        [InlineData("a,data,nvs,N/A,4K", "Line 1: 'N/A' is no offset.")]
        [InlineData("a,data,nvs,,010", "Line 1: '010' is no size.")]
        [InlineData("a,data,nvs,,1__0", "Line 1: '1__0' is no size.")]
        [InlineData("a,data,nvs,,_10", "Line 1: '_10' is no size.")]
        [InlineData("a,data,nvs,,10_", "Line 1: '10_' is no size.")]
        [InlineData("a,data,nvs,,0o8", "Line 1: '0o8' is no size.")]
        [InlineData("a,data,nvs,,0b2", "Line 1: '0b2' is no size.")]
        [InlineData("a,data,nvs,,0xk", "Line 1: '0xk' is no size.")]
        [InlineData("a,data,nvs,,--4K", "Line 1: '--4K' is no size.")]
        [InlineData("a,data,nvs,,1.5M", "Line 1: '1.5M' is no size.")]
        [InlineData("a,data,nvs,,4KB", "Line 1: '4KB' is no size.")]
        [InlineData("a,data,nvs,0x9000,-0x8000", "Line 1: '-0x8000' is no size.")]
        [InlineData("a,-1,nvs,,4K", "Line 1: '-1' is no partition type.")]
        [InlineData("a,data,256,,4K", "Line 1: '256' is no subtype of data.")]
        [InlineData("a,data,nvs,,4K,encrypted: readonly", "Line 1: 'encrypted: readonly' are no flags.")]
        [InlineData("a,data,nvs,,4K,Encrypted", "Line 1: 'Encrypted' are no flags.")]
        [InlineData("b,bootloader,recovery,N/A,N/A", "Line 1: 'N/A' is no offset.")]
        [InlineData("a,data,nvs,,0x", "Line 1: '0x' is no size.")]
        [InlineData("a,data,nvs,,4K,secret", "Line 1: 'secret' are no flags.")]
        [InlineData("a\u001b,data,nvs,,4K", "Line 1: control characters in the name.")]
        [InlineData("seventeen letters,data,nvs,,4K", "Line 1: the name 'seventeen letters' is longer than 16 bytes.")]
        [InlineData("b,data,nvs,0xFFFFF000,0x1000\na,data,nvs,,4K", "Line 2: '' is no offset.")]
        [InlineData("b,data,nvs,0x20000,4K\n\na,data,nvs,0x20000,4K", "Line 3: begins at 0x20000, before 0x21000, where the line above ends; ESP-IDF's generator wants them in order.")]
        [InlineData("# nothing", "There is no partition in it.")]
        public void A_line_that_is_not_understood_is_named(string csv, string sentence)
        {
            Assert.Contains(PartitionTableFile.FromCsv(csv).Checks, c => !c.Ok && c.Sentence == sentence);
        }

        [Theory]
        [InlineData("0x1000", 0x1000)]
        [InlineData("0X1000", 0x1000)]
        [InlineData("4096", 0x1000)]
        [InlineData("+4096", 0x1000)]
        [InlineData("4_096", 0x1000)]
        [InlineData("0x_10_00", 0x1000)]
        [InlineData("0o10000", 0x1000)]
        [InlineData("0b1_0000_0000_0000", 0x1000)]
        [InlineData("4k", 0x1000)]
        [InlineData("4K", 0x1000)]
        [InlineData("4 K", 0x1000)]
        [InlineData("0x4k", 0x1000)]
        [InlineData("1m", 0x100000)]
        [InlineData("1kk", 0x100000)]
        [InlineData("0", 0)]
        [InlineData("00", 0)]
        [InlineData("-0", 0)]
        [InlineData("-0x10000", 0x7000)] // up to there
        [InlineData("-64k", 0x7000)]
        [InlineData("-0x9000", 0)]
        public void A_number_is_what_Python_makes_of_it(string size, int bytes)
        {
            Assert.Equal((uint)bytes, ReadAll($"a,data,nvs,0x9000,{size}")[0].Size);
        }

        [Theory]
        [InlineData("alltabs.csv", "nvs 9000+6000, phy_init F000+1000, factory 10000+100000")]
        [InlineData("tabs.csv", "nvs 9000+5000, otadata E000+2000, app0 10000+300000, app1 310000+300000, spiffs 610000+9D0000, coredump FE0000+20000")]
        [InlineData("na.csv", "bootloader 1000+7000, partition_table 8000+1000, nvs 9000+6000, phy_init F000+1000, factory 10000+100000")]
        [InlineData("negative.csv", "nvs 9000+6000, phy_init F000+1000, factory 10000+1F0000, st 200000+200000")]
        public void A_table_that_others_published_is_read_as_gen_esp32part_reads_it(string file, string partitions)
        {
            byte[] csv = File.ReadAllBytes(TestFiles.PathOf("partitions", file));
            Assert.Equal(partitions, string.Join(", ", ReadAll(System.Text.Encoding.UTF8.GetString(csv)).Select(p => $"{p.Label} {p.Offset:X}+{p.Size:X}")));
            ImageReport report = ImageFile.Identify(csv);
            Assert.Equal(ImageKind.PartitionTable, report.Kind);
            Assert.DoesNotContain(report.Checks, check => !check.Ok && check.Name != "Required partitions");
        }

        [Fact]
        public void Cells_are_stripped_lines_end_as_Python_ends_them_and_what_is_behind_the_flags_is_passed_over()
        {
            Partition[] read = ReadAll("\uFEFF#\u2028\t a \u00a0,\tDATA ,Nvs\u00a0,\t, 4K ,\tencrypted\t, more, of, this\r\n\rb,1,0x82,,4K,,\u2028c,data,,,4K");
            Assert.Equal([new("a", 1, 2, 0x9000, 0x1000, 1), new("b", 1, 0x82, 0xA000, 0x1000), new("c", 1, 6, 0xB000, 0x1000)], read);
        }

        [Fact]
        public void A_line_is_counted_whatever_ends_it()
        {
            Assert.Contains(PartitionTableFile.FromCsv("\r\n\n\r#\na,dat,nvs,,4K").Checks, check => check.Sentence == "Line 5: 'dat' is no partition type.");
        }

        [Fact]
        public void Bootloader_and_table_have_their_place_from_an_option_and_take_no_part_in_the_order()
        {
            Assert.Equal([0x2000u, 0x6000u], Sizes("bootloader,bootloader,primary,0x2000,0x1"));
            Assert.Equal([0x1000u, 0x7000u], Sizes("bootloader,bootloader,primary,,"));
            Assert.Equal([0x8000u, 0x1000u], Sizes("table,partition_table,primary,0x1234,junk"));
            Assert.Equal([0x8000u, 0x1000u], Sizes("table,3,0,,"));
            Assert.Equal([0x3F0000u, 0x7000u], Sizes("recovery,bootloader,recovery,0x3F0000,N/A"));
            Assert.Equal(0x9000u, ReadAll("table,partition_table,primary,N/A,N/A\nb,bootloader,primary,N/A,N/A\na,data,nvs,,4K")[^1].Offset);
            Assert.Equal(0x10000u, ReadAll("ota,bootloader,ota,0x9000,N/A\na,data,nvs,,4K")[^1].Offset);

            static uint[] Sizes(string line) => [ReadAll(line)[0].Offset, ReadAll(line)[0].Size];
        }

        [Theory]
        [InlineData("a,data,nvs,,4K\na,data,nvs,,4K", "the label 'a' is there 2 times")]
        [InlineData("a,app,factory,0x11000,4K", "no multiple of 0x10000")]
        [InlineData("a,app,factory,0x10000,0x1001", "no multiple of 0x1000")]
        [InlineData("a,data,nvs,0x9800,4K", "no multiple of 0x1000")]
        [InlineData("a,data,ota,,8K\nb,data,ota,,8K", "one otadata partition")]
        [InlineData("a,data,ota,,4K", "one otadata partition")]
        [InlineData("a,data,tee_ota,,8K\nb,data,tee_ota,,8K", "one otadata partition")]
        [InlineData("a,data,tee_ota,,4K", "one otadata partition")]
        [InlineData("a,data,ota,,8K,readonly", "is flagged readonly")]
        [InlineData("a,data,coredump,,8K,readonly", "is flagged readonly")]
        [InlineData("a,bootloader,ota,0x2000,", "begins below 0x9000")]
        [InlineData("a,data,nvs,,8K", "nvs needs 0x3000 bytes")]
        public void What_the_generator_s_verification_refuses_is_refused(string csv, string sentence)
        {
            ImageReport report = PartitionTableFile.FromCsv(csv).Report();
            Assert.Contains(report.Checks, check => !check.Ok && check.Sentence.Contains(sentence));
        }

        [Theory]
        [InlineData("a,data,nvs,,8K,readonly")]
        [InlineData("a,app,factory,0x10000,4K,readonly")]
        [InlineData("a,data,phy,,0x801")]
        [InlineData("a,data,nvs,,12K")]
        [InlineData("a,data,nvs,,4K,readonly")]
        public void What_it_lets_pass_passes(string csv)
        {
            Assert.DoesNotContain(PartitionTableFile.FromCsv(csv).Report().Checks, check => !check.Ok && check.Name != "Required partitions");
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
                            from type in Gen.Choose(0, 255).Where(type => type is not (2 or 3)) // whose places are not read from csv
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
