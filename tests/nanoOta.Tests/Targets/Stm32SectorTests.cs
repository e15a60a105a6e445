using System.Globalization;
using System.Text.RegularExpressions;
using nanoOta.Tests.Documents;

namespace nanoOta.Tests.Targets
{
    /// <summary>
    /// The sector arithmetic of docs/stm32.md: what two deployments, the slot record and the journal leave on each board, and the layout
    /// of the port against the document.
    /// </summary>
    public partial class Stm32SectorTests
    {
        private const int Kilo = 1024;

        // Flash sectors as nf-interpreter's Device_BlockStorage.c of the board lists them, in KiB from 0x08000000 on, and the deployment.
        private static readonly (string Boards, int[] Sectors, uint Start, uint End)[] _boards =
        [
            ("ST_STM32F769I_DISCOVERY, ORGPAL_PALTHREE, ORGPAL_PALX", [32, 32, 32, 32, 128, .. Times(256, 7)], 0x080C0000, 0x08200000),
            ("ST_STM32F429I_DISCOVERY", [.. Times(16, 4), 64, .. Times(128, 7), .. Times(16, 4), 64, .. Times(128, 7)], 0x080A0000, 0x08200000),
            ("MXCHIP_AZ3166", [.. Times(16, 4), 64, .. Times(128, 7)], 0x08040000, 0x08100000),
        ];

        [Fact]
        public void The_document_says_of_each_board_how_large_an_application_may_be()
        {
            string document = Checkout.Text("docs/stm32.md");
            foreach ((string boards, int[] sectors, uint start, uint end) in _boards)
            {
                int[] region = Region(sectors, start, end);
                Assert.Contains($"| {boards} | 0x{start:X8}, {region.Sum()} KB in {region.Length} sectors | two of {Largest(region)} KB |\n", document);
            }
        }

        [Fact]
        public void A_firmware_moved_up_by_two_sectors_leaves_larger_slots_on_the_F769()
        {
            (string _, int[] sectors, uint start, uint end) = _boards[0];
            int[] region = Region(sectors, start, end);
            Assert.Equal([32, 32], Region(sectors, 0x08010000, 0x08020000));
            Assert.Equal(512, Largest([32, 32, .. region], joined: false));
            Assert.Contains("two sectors of 32 KB at 0x08010000", Checkout.Text("docs/stm32.md"));
            Assert.Contains("two deployments of 512 KB", Checkout.Text("docs/stm32.md"));
            Assert.Equal(640, Region(sectors, 0x08020000, start).Sum());
            Assert.Contains("640 KB", Checkout.Text("docs/stm32.md"));
        }

        [Fact]
        public void The_port_s_layout_is_of_whole_sectors_and_stands_in_the_document()
        {
            Assert.Empty(Faults(Checkout.Text("targets/STM32/src/nanoota_stm32.h"), Checkout.Text("docs/stm32.md")));
        }

        [Theory]
        [InlineData("NOTA_STM32_RECORD 0x08010000U", "NOTA_STM32_RECORD 0x08014000U", "RECORD begins in a sector")]
        [InlineData("NOTA_STM32_DEPLOY_1 0x08140000U", "NOTA_STM32_DEPLOY_1 0x08180000U", "deployments of 768 and 256 KB")]
        [InlineData("NOTA_STM32_END 0x08200000U", "NOTA_STM32_END 0x08240000U", "END begins in a sector")]
        [InlineData("NOTA_STM32_RECORD 0x08010000U", "NOTA_STM32_RECORD 0x08018000U", "0x08008000 is not in the document")]
        [InlineData("NOTA_STM32_DEPLOY_0 0x080C0000U", "NOTA_STM32_DEPLOY_0 0x08080000U", "deployments of 768 and 512 KB")]
        public void A_layout_that_drifted_is_seen(string was, string becomes, string fault)
        {
            string header = Checkout.Text("targets/STM32/src/nanoota_stm32.h");
            Assert.Contains(was, header);
            Assert.Contains(fault, Faults(header.Replace(was, becomes), Checkout.Text("docs/stm32.md")));
        }

        [Theory]
        [InlineData("| 0x08010000 | 2 of 32 KB |", "| 0x08010000 | 1 of 32 KB |")]
        [InlineData("| 1 of 128 KB, 2 of 256 KB |", "| 3 of 256 KB |")]
        [InlineData("| 0x081C0000 |", "| 0x08180000 |")]
        public void A_document_that_drifted_is_seen(string was, string becomes)
        {
            string document = Checkout.Text("docs/stm32.md");
            Assert.Contains(was, document);
            Assert.NotEmpty(Faults(Checkout.Text("targets/STM32/src/nanoota_stm32.h"), document.Replace(was, becomes)));
        }

        [Theory]
        [InlineData(new[] { 16, 16, 16, 128, 128 }, 128)]
        [InlineData(new[] { 128, 128, 128, 128 }, 0)]
        [InlineData(new[] { 128, 128, 16, 16, 16, 128, 128 }, 256)]
        public void The_rule_is_two_sectors_for_the_record_one_for_the_journal_and_two_equal_runs(int[] sectors, int kilobytes)
        {
            Assert.Equal(kilobytes, Largest(sectors));
        }

        // What is wrong with the layout in a header: each place ends where the next begins.
        private static List<string> Faults(string header, string document)
        {
            (string Name, uint Start)[] places = [.. Place().Matches(header).Select(match => (match.Groups[1].Value, uint.Parse(match.Groups[2].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture)))];
            Assert.Equal(["BOOTER", "CONFIG", "RECORD", "FIRMWARE", "DEPLOY_0", "DEPLOY_1", "JOURNAL", "END"], places.Select(place => place.Name));
            int[] sectors = _boards[0].Sectors;
            uint[] starts = [.. Enumerable.Range(0, sectors.Length + 1).Select(count => 0x08000000 + (uint)(sectors.Take(count).Sum() * Kilo))];
            List<string> faults = [.. places.Where(place => !starts.Contains(place.Start)).Select(place => $"{place.Name} begins in a sector")];
            int[] sizes = [.. places.Zip(places.Skip(1), (a, b) => (int)(b.Start - a.Start) / Kilo)];
            if (sizes[4] != sizes[5])
            {
                faults.Add($"deployments of {sizes[4]} and {sizes[5]} KB");
            }

            for (int i = 0; faults.Count == 0 && i < sizes.Length; i++)
            {
                IEnumerable<string> runs = Region(sectors, places[i].Start, places[i + 1].Start).GroupBy(sector => sector).Select(run => $"{run.Count()} of {run.Key} KB");
                if (!document.Contains($"| 0x{places[i].Start:X8} | {string.Join(", ", runs)} |"))
                {
                    faults.Add($"0x{places[i].Start:X8} is not in the document");
                }
            }

            return faults;
        }

        // Every pair of runs of neighbouring sectors with as many bytes, when three sectors remain.
        private static int Largest(int[] sectors, bool joined = true)
        {
            int best = 0;
            int first = joined ? 0 : 2;
            for (int a = first; a < sectors.Length; a++)
            {
                for (int toA = a + 1; toA <= sectors.Length; toA++)
                {
                    for (int b = toA; b < sectors.Length; b++)
                    {
                        for (int toB = b + 1; toB <= sectors.Length; toB++)
                        {
                            int size = sectors[a..toA].Sum();
                            bool fits = size == sectors[b..toB].Sum() && sectors.Length - (toA - a) - (toB - b) >= 3;
                            best = fits ? Math.Max(best, size) : best;
                        }
                    }
                }
            }

            return best;
        }

        private static int[] Region(int[] sectors, uint start, uint end)
        {
            List<int> region = [];
            uint at = 0x08000000;
            foreach (int sector in sectors)
            {
                if (at >= start && at < end)
                {
                    region.Add(sector);
                }

                at += (uint)(sector * Kilo);
            }

            Assert.Equal(end - start, (uint)(region.Sum() * Kilo));
            return [.. region];
        }

        private static IEnumerable<int> Times(int kilobytes, int count)
        {
            return Enumerable.Repeat(kilobytes, count);
        }

        // The places, which are named before the sectors.
        [GeneratedRegex(@"#define NOTA_STM32_(BOOTER|CONFIG|RECORD|FIRMWARE|DEPLOY_\d|JOURNAL|END) 0x([0-9A-F]{8})U")]
        private static partial Regex Place();
    }
}
