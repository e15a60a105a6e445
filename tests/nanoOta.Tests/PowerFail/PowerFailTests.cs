using System.Text.Json.Nodes;
using nanoOta.Tests.Tool;
using nanoOta.VirtualDevice;
using nanoOta.VirtualDevice.Flash;
using nanoOta.VirtualDevice.Images;
using nanoOta.VirtualDevice.Slots;
using nanoOta.VirtualDevice.PowerFail;

namespace nanoOta.Tests.PowerFail
{
    /// <summary>All scenarios on all layouts are run by test.sh, with <c>nanoota powerfail</c>; here, that it finds what it should find.</summary>
    public class PowerFailTests
    {
        [Fact]
        public void A_journal_flush_that_is_dropped_is_found()
        {
            Assert.Contains("image bytes were fetched", Find("deployment", journal: inner => new DropsFlushes(inner)));
        }

        [Fact]
        public void Two_writes_that_are_swapped_are_found()
        {
            Assert.Contains("no version that has passed", Find("both", (core, world) => new SwitchesFirst(core, world)));
        }

        [Fact]
        public void A_version_that_is_confirmed_too_early_is_found()
        {
            Assert.Contains("does not hold 1.0.0", Find("self-test", (core, _) =>
            {
                core.Confirm();
                return core;
            }));
        }

        [Fact]
        public void A_journal_written_before_the_flash_is_found()
        {
            Assert.Contains("does not hold 1.1.0", Find("deployment", (core, _) => new WritesLate(core)));
        }

        [Fact]
        public void A_tail_of_a_slot_that_is_not_erased_is_found()
        {
            Assert.Contains("not whole", Find("new-offer", (core, _) => new KeepsTail(core)));
        }

        [Fact]
        public void A_counter_raised_before_the_update_is_applied_is_found()
        {
            Assert.Contains("cannot be updated any more", Find("self-test", journal: inner => new RaisesCounter(inner)));
        }

        [Fact]
        public void A_dangling_deployment_that_is_kept_is_found()
        {
            Assert.Contains("booted deployment 1.2.0 with firmware 1.16.0", Find("corrupted-clr-early", (core, world) => new KeepsDangling(core, world)));
        }

        [Fact]
        public void A_running_deployment_that_is_not_bound_before_a_trial_is_found()
        {
            Assert.Contains("no version that has passed", Find("corrupted-clr-fail", (core, world) => new ForgetsRunning(core, world)));
        }

        [Fact]
        public void A_verdict_that_is_forgotten_is_found()
        {
            Assert.Contains("does not stay idle", Find("self-test", journal: inner => new ForgetsKnownBad(inner)));
        }

        [Fact]
        public void A_counter_that_does_not_rise_is_found()
        {
            Assert.Contains("for a lower counter", Find("deployment", journal: inner => new ForgetsCounter(inner)));
        }

        [Fact]
        public void A_patch_whose_place_is_forgotten_is_found()
        {
            Assert.Contains("image bytes were fetched", Find("patch", journal: inner => new ForgetsPatch(inner)));
        }

        [Theory]
        [InlineData("copy")]
        [InlineData("patch")]
        public void A_journal_written_before_the_flash_is_found_where_an_image_is_put_together(string scenario)
        {
            Assert.Contains("does not hold 1.1.0", Find(scenario, (core, _) => new WritesLate(core)));
        }

        [Fact]
        public void A_journal_flush_that_is_dropped_is_found_where_an_image_is_put_together()
        {
            Assert.Contains("image bytes were fetched", Find("copy", journal: inner => new DropsFlushes(inner)));
        }

        [Fact]
        public void A_journal_flush_that_is_dropped_in_a_deployment_of_Device_Update_is_found()
        {
            Assert.Contains("image bytes were fetched", Find("adu", journal: inner => new DropsFlushes(inner)));
        }

        [Fact]
        public void A_verdict_that_is_forgotten_after_a_deployment_of_Device_Update_is_found()
        {
            Assert.Contains("goes on trial again after its verdict", Find("adu-fail", journal: inner => new ForgetsKnownBad(inner)));
        }

        [Fact]
        public void Two_writes_that_are_swapped_in_a_deployment_of_both_are_found()
        {
            Assert.Contains("no version that has passed", Find("adu-both", (core, world) => new SwitchesFirst(core, world)));
        }

        [Theory]
        [InlineData("adu-cancel")]
        [InlineData("two-channels")]
        [InlineData("two-channels-late")]
        public void A_counter_that_does_not_rise_is_found_in_what_several_deployments_are_made_of(string scenario)
        {
            Assert.Contains("for a lower counter", Find(scenario, journal: inner => new ForgetsCounter(inner)));
        }

        [Theory]
        [InlineData("journal-full", "esp32-4mb")]
        [InlineData("journal-full-one", "stm32f769-2mb")]
        public void In_the_scenarios_of_a_full_journal_it_has_room_for_less_than_an_update_writes(string scenario, string layout)
        {
            var world = new World(Scenarios.All.Single(s => s.Name == scenario), FlashLayouts.Find(layout)!, []);
            var journal = new FlashRecordStore(world.Flash, world.Map, new StateWrites());
            var record = new byte[Journal.RecordLength];
            int free = Enumerable.Range(0, journal.Count).Count(place => journal.Read(place, record) && record.All(b => b == 0xFF));
            Assert.Equal((RunEnd.Settled, "1.1.0"), (world.Run(), world.Device!.Status!.Current));
            Assert.InRange(free, 1, world.Points.Passed.Count(kind => kind == InjectionKind.Journal) - 2);
        }

        [Fact]
        public void The_same_seams_without_a_defect_find_nothing()
        {
            Assert.Null(Find("corrupted-clr-early", (core, _) => new DefectiveSlots(core), inner => new DefectiveJournal(inner)));
        }

        [Fact]
        public void The_command_prints_each_scenario_with_its_injection_points_and_a_total()
        {
            ToolResult result = ToolResult.Of("powerfail", "--scenario", "deployment", "--layout", "esp32-4mb", "--pairs", "3", "--core", "model", "--json");
            JsonObject[] events = [.. result.Events];
            Assert.Equal((0, "", 3), (result.ExitCode, result.Error, events.Length));
            Assert.Equal(("core", "model"), ((string?)events[0]["event"], (string?)events[0]["core"]));
            Assert.Equal(("deployment", "esp32-4mb", 3, 0), ((string?)events[1]["scenario"], (string?)events[1]["layout"], (int)events[1]["pairs"]!, (int)events[1]["failures"]!));
            Assert.All(events[1]["points"]!.AsObject().Where(p => p.Key != "OtaData"), p => Assert.True((int)p.Value! > 0, p.Key));
            Assert.Equal(4, (int)events[1]["checkpoints"]!);
            Assert.InRange((int)events[1]["distinctStates"]!, 50, (int)events[1]["states"]!);
            Assert.True((int)result.Last["cuts"]! > (int)result.Last["points"]!);
            Assert.Equal(("total", 0, (int)events[1]["distinctStates"]!, 0), ((string?)result.Last["event"], (int)result.Last["failures"]!, (int)result.Last["distinctFlashStates"]!, (int)result.Last["distinctDriveStates"]!));
        }

        [Fact]
        public void The_former_names_of_command_and_option_still_work()
        {
            Assert.Equal(0, ToolResult.Of("torture", "--story", "deployment", "--layout", "stm32f769-2mb", "--pairs", "0").ExitCode);
        }

        [Theory]
        [InlineData("there is no scenario 'x'", "--scenario", "x")]
        [InlineData("there is no layout 'x'", "--layout", "x")]
        [InlineData("is not one of esp32-4mb", "--scenario", "both", "--layout", "esp32-4mb")]
        [InlineData("is not one of esp32-4mb", "--scenario", "adu-cancel", "--layout", "esp32-4mb")]
        [InlineData("is not one of stm32f769-2mb", "--scenario", "journal-worn", "--layout", "stm32f769-2mb")]
        [InlineData("--pairs", "--pairs", "-1")]
        [InlineData("'c'", "--core", "c")]
        [InlineData("--write takes the whole run", "--scenario", "adu", "--write", "page.md")]
        public void What_cannot_be_run_is_said(string sentence, params string[] arguments)
        {
            ToolResult result = ToolResult.Of(["powerfail", .. arguments]);
            Assert.Equal(2, result.ExitCode);
            Assert.Contains(sentence, result.Error);
        }

        // What is found first in a scenario on a device with a defect.
        private static string? Find(string scenario, Func<ISlotCore, World, IFirmwareSlots>? slots = null, Func<IRecordStore, IRecordStore>? journal = null)
        {
            var campaign = new Campaign(Scenarios.All.First(s => s.Name == scenario), FlashLayouts.Find("esp32-8mb")!)
            {
                MakeWorld = (s, layout, cuts) =>
                {
                    World? world = null;
                    return world = new World(s, layout, cuts)
                    {
                        WrapSlots = core => slots?.Invoke(core, world!) ?? core,
                        WrapJournal = inner => journal?.Invoke(inner) ?? inner,
                    };
                },
            };
            return campaign.Run(pairs: 0, seed: 1, stopAtFirst: true).Failures.FirstOrDefault()?.Finding;
        }
    }
}
