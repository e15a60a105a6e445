using nanoOta.Tests.Documents;

namespace nanoOta.Tests.Targets
{
    /// <summary>The sector arithmetic of docs/stm32.md: what two deployments, the slot record and the journal leave on each board.</summary>
    public class Stm32SectorTests
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

        [Theory]
        [InlineData(new[] { 16, 16, 16, 128, 128 }, 128)]
        [InlineData(new[] { 128, 128, 128, 128 }, 0)]
        [InlineData(new[] { 128, 128, 16, 16, 16, 128, 128 }, 256)]
        public void The_rule_is_two_sectors_for_the_record_one_for_the_journal_and_two_equal_runs(int[] sectors, int kilobytes)
        {
            Assert.Equal(kilobytes, Largest(sectors));
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
    }
}
