using nanoOta.VirtualDevice.Boot;
using nanoOta.VirtualDevice.Flash;
using nanoOta.VirtualDevice.Images;
using nanoOta.VirtualDevice.Slots;

namespace nanoOta.Native.Tests
{
    /// <summary>Random lives of a device, in which the model and the core must agree on everything.</summary>
    public class AgreementTests(ITestOutputHelper output)
    {
        private const int Lives = 40;
        private const int StepsOfALife = 150;

        [Theory]
        [InlineData("esp32-4mb", false)]
        [InlineData("esp32-8mb", false)]
        [InlineData("esp32-8mb", true)]
        [InlineData("stm32f769-2mb", false)]
        [InlineData("stm32f769-2mb", true)]
        [InlineData("sectors of 12 KB", true)]
        public void Whatever_is_asked_and_wherever_the_power_is_cut_model_and_core_do_the_same(string layout, bool chipFails)
        {
            var seen = new Dictionary<string, int>();
            int operations = 0;
            int cuts = 0;
            for (int seed = 1; seed <= Lives; seed++)
            {
                using var duel = new Duel(Layout(layout));
                var life = new RandomLife(duel, new SlotMap(Layout(layout)), seed, seen);
                life.Run(StepsOfALife, chipFails);
                operations += duel.Operations;
                cuts += duel.Cuts;
            }

            output.WriteLine($"{layout}: {Lives * StepsOfALife} steps, {operations} erases and programs, {cuts} cuts; {string.Join(", ", seen.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => $"{s.Key} {s.Value}"))}");
            string[] wanted = ["Open None", "Open SlotBusy", "Write None", "Write FlashFailed", "Activate None", "Activate ActivationFailed", "Confirm None", "Revert None", "trial of Deployment", "ended", "journal True", "journal False", "gone on", "Hash None", "Hash FlashFailed", "Activate for -1 ActivationFailed", "Activate for 65536 ActivationFailed"];
            wanted = layout switch
            {
                "esp32-8mb" => [.. wanted, "EraseTail Pending", "trial of Clr", "trial of Deployment, Clr"],
                "esp32-4mb" or "sectors of 12 KB" => [.. wanted, "EraseTail Pending"],
                _ => [.. wanted, "Write ReadBackMismatch", "EraseTail ReadBackMismatch"],
            };
            Assert.All(wanted, what => Assert.True(seen.GetValueOrDefault(what) > 0, $"'{what}' never came to pass: the test tests less than it says."));
            Assert.True(cuts > Lives, "Too few cuts.");
        }

        [Theory]
        [InlineData(TearKind.Nothing)]
        [InlineData(TearKind.Prefix)]
        [InlineData(TearKind.SomeBits)]
        [InlineData(TearKind.Unstable)]
        [InlineData(TearKind.All)]
        public void An_update_of_everything_cut_at_each_operation_leaves_both_alike(TearKind tear)
        {
            bool done = false;
            for (int cut = 0; !done; cut++)
            {
                using var duel = new Duel(FlashLayouts.Find("esp32-8mb")!);
                var life = new RandomLife(duel, new SlotMap(FlashLayouts.Find("esp32-8mb")!), cut, []);
                duel.Boot(ResetCause.PowerOn);
                duel.CutAfter(cut, new Tear(tear, cut));
                done = life.UpdateAll();
                Assert.True(cut < 100, "The update has no end.");
                if (!done)
                {
                    duel.PowerOn(cut);
                    duel.Boot(ResetCause.PowerOn);
                    life.Follow(20);
                }
            }
        }

        // No board's: sectors that an image has several of.
        private static FlashLayout Layout(string name)
        {
            const int Sector = 12 * 1024;
            return FlashLayouts.Find(name) ?? new FlashLayout(name, "TEST", 0, 80 * Sector, new PartitionTable(
            [
                new("factory", PartitionTypes.App, PartitionTypes.Factory, 0, 4 * Sector),
                new("ota_state", PartitionTypes.Data, PartitionTypes.OtaState, 4 * Sector, 6 * Sector),
                new("deploy_0", PartitionTypes.Data, PartitionTypes.Deploy, 10 * Sector, 35 * Sector),
                new("deploy_1", PartitionTypes.Data, PartitionTypes.Deploy, 45 * Sector, 35 * Sector),
            ]))
            {
                Sectors = new FlashSectors([.. Enumerable.Repeat(Sector, 80)]),
            };
        }
    }
}
