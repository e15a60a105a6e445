using nanoOta.Tests.PowerFail;
using nanoOta.VirtualDevice;
using nanoOta.VirtualDevice.Flash;
using nanoOta.VirtualDevice.Fuzzing;
using nanoOta.VirtualDevice.Images;
using nanoOta.VirtualDevice.PowerFail;
using nanoOta.VirtualDevice.Slots;

namespace nanoOta.Native.Tests
{
    /// <summary>
    /// Power-fail tests with the C core as their subject: they find in it what they find in the model, and go through the same states.
    /// All scenarios are run by test.sh, with <c>nanoota powerfail</c>.
    /// </summary>
    public class PlantedDefectTests
    {
        [Theory]
        [InlineData("deployment", "esp32-8mb")]
        [InlineData("corrupted-clr-early", "esp32-8mb")]
        [InlineData("journal-worn", "esp32-8mb")]
        [InlineData("new-offer", "stm32f769-2mb")]
        public void Core_and_model_go_through_the_same_states(string scenario, string layout)
        {
            ScenarioResult core = Run(scenario, layout, CoreKind.Native);
            ScenarioResult model = Run(scenario, layout, CoreKind.Model);
            Assert.Empty(core.Failures.Select(f => f.Finding));
            Assert.Equal((model.Cuts, model.DistinctStates, model.StatesHash), (core.Cuts, core.DistinctStates, core.StatesHash));
        }

        [Fact]
        public void Writes_that_are_swapped_or_late_or_missing_are_found()
        {
            Assert.Contains("no version that has passed", Find("both", (core, world) => new SwitchesFirst(core, world)));
            Assert.Contains("does not hold 1.1.0", Find("deployment", (core, _) => new WritesLate(core)));
            Assert.Contains("not whole", Find("new-offer", (core, _) => new KeepsTail(core)));
            Assert.Contains("booted deployment 1.2.0 with firmware 1.16.0", Find("corrupted-clr-early", (core, world) => new KeepsDangling(core, world)));
            Assert.Contains("no version that has passed", Find("corrupted-clr-fail", (core, world) => new ForgetsRunning(core, world)));
        }

        [Fact]
        public void The_same_seams_without_a_defect_find_nothing()
        {
            Assert.Null(Find("corrupted-clr-early", (core, _) => new DefectiveSlots(core)));
        }

        [Fact]
        public void Hostile_bytes_in_the_flash_are_read_alike_by_core_and_model()
        {
            using var run = new FuzzRun(seed: 1, CoreKind.Native, flashOnly: true);
            for (int round = 0; round < 5 && run.Next(); round++)
            {
            }

            Assert.True(run.Findings.Count == 0, string.Join("\n", run.Findings.Take(3).Select(f => $"{f.Target}: {f.What}\n{Convert.ToHexStringLower(f.Input)}")));
            Assert.All(run.Counts, count => Assert.True(count.Value >= 100, count.Key));
        }

        private static ScenarioResult Run(string scenario, string layout, CoreKind core)
        {
            return new Campaign(Scenarios.All.First(s => s.Name == scenario), FlashLayouts.Find(layout)!) { Core = core }.Run(pairs: 20, seed: 5);
        }

        // What is found first in a scenario on a device with a defect.
        private static string? Find(string scenario, Func<ISlotCore, World, IFirmwareSlots> slots)
        {
            var campaign = new Campaign(Scenarios.All.First(s => s.Name == scenario), FlashLayouts.Find("esp32-8mb")!)
            {
                MakeWorld = (s, layout, cuts) =>
                {
                    World? world = null;
                    return world = new World(s, layout, cuts)
                    {
                        Core = CoreKind.Native,
                        WrapSlots = core => slots(core, world!),
                    };
                },
            };
            return campaign.Run(pairs: 0, seed: 1, stopAtFirst: true).Failures.FirstOrDefault()?.Finding;
        }
    }
}
