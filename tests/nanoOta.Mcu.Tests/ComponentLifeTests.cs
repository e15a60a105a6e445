extern alias StandIns;

using System.Text.Json.Nodes;
using nanoOta.VirtualDevice;
using nanoOta.VirtualDevice.Flash;
using nanoOta.VirtualDevice.PowerFail;
using nanoOta.VirtualDevice.PowerFail.Components;

namespace nanoOta.Mcu.Tests
{
    /// <summary>Updates of several components by the agent as it ships: the life cycle of AosEdge's document, by its own words where they are the same.</summary>
    public class ComponentLifeTests
    {
        [Fact]
        public void Each_components_state_and_version_is_in_the_report_from_idle_over_prepared_and_updated_to_idle()
        {
            var world = new ComponentWorld(new ComponentScenario { Name = "states" }, []);
            Assert.Equal(RunEnd.Settled, world.Run());

            Assert.Equal(["idle 1.0.0", "prepared 1.0.0", "updated 1.1.0", "idle 1.1.0"], States(world, "mcu"));
            Assert.Equal(["idle 1.0.0", "prepared 1.0.0", "updated 1.1.0", "idle 1.1.0"], States(world, "file"));
        }

        [Fact]
        public void The_first_report_after_the_connection_has_all_components_and_versions()
        {
            var world = new ComponentWorld(new ComponentScenario { Name = "first" }, []);
            world.Run();

            JsonObject first = JsonNode.Parse(world.Reports[0])!.AsObject();
            Assert.Equal("1.0.0", (string?)first["components"]!["mcu"]!["version"]);
            Assert.Equal("1.0.0", (string?)first["components"]!["file"]!["version"]);
        }

        [Fact]
        public void One_component_that_fails_reverts_them_all()
        {
            foreach (ComponentScenario scenario in ComponentScenario.All.Where(one => one.Code != ResultCode.Applied && one.Components.Length == 3))
            {
                var world = new ComponentWorld(scenario, []);

                Assert.Null(world.Judge(world.Run()));
            }
        }

        [Fact]
        public void The_component_that_failed_is_failed_in_the_report_with_its_code()
        {
            var world = new ComponentWorld(ComponentScenario.All.Single(one => one.Name == "all-mcu-refuses"), []);
            world.Run();

            Assert.Contains(world.Reports, report => (string?)Component(report, "mcu")?["state"] == "failed" && (int?)Component(report, "mcu")?["code"] == (int)ResultCode.McuRefused);
            Assert.DoesNotContain(world.Reports, report => (string?)Component(report, "file")?["state"] == "failed");
            Assert.Equal("idle", (string?)Component(world.Reports[^1], "mcu")?["state"]);
        }

        [Fact]
        public void Components_that_need_the_devices_reset_share_one()
        {
            var world = new ComponentWorld(new ComponentScenario { Name = "reset" }, [])
            {
                WrapModule = module =>
                {
                    ((PairModule)module).RebootsDevice = true;
                    return module;
                },
            };

            Assert.Equal(RunEnd.Settled, world.Run());
            Assert.Equal(1, world.Reboots);
            Assert.Equal("1.1.0", world.Device!.Status!.Current);
        }

        [Fact]
        public void A_file_alone_that_needs_no_reset_is_updated_without_one()
        {
            var world = new ComponentWorld(new ComponentScenario { Name = "file", Components = ["file"] }, []);

            Assert.Equal(RunEnd.Settled, world.Run());
            Assert.Equal(0, world.Reboots);
        }

        [Theory]
        [InlineData(1, 0, "file mcu")]
        [InlineData(0, 1, "mcu file")]
        public void Components_reboot_and_are_tested_by_priority_and_again_after_the_devices_own_reset(int filePriority, int mcuPriority, string order)
        {
            var reboots = new List<string>();
            var world = new ComponentWorld(new ComponentScenario { Name = "order" }, [])
            {
                WrapModule = module => new Noted(module, module.Handles("mcu") ? "mcu" : "file", reboots) { RebootPriority = module.Handles("mcu") ? mcuPriority : filePriority },
            };

            Assert.Equal(RunEnd.Settled, world.Run());
            Assert.Equal($"{order} {order}", string.Join(' ', reboots));
        }

        [Fact]
        public void What_fails_its_test_after_the_devices_reset_is_taken_back()
        {
            int tests = 0;
            var world = new ComponentWorld(new ComponentScenario { Name = "late" }, [])
            {
                WrapModule = module => module.Handles("mcu") ? module : new Noted(module, "file", []) { Answer = () => ++tests == 2 ? ResultCode.ActivationFailed : ResultCode.None },
            };

            Assert.Equal(RunEnd.Settled, world.Run());
            Assert.Equal(("1.0.0", ResultCode.SelfTestFailed), (world.Device!.Status!.Current, world.Device.Status.LastCode));
            Assert.Equal(("component", (int)ResultCode.ActivationFailed), (world.Device.Status.LastReason, world.Device.Status.LastReasonNumber));
            Assert.Equal("1.0.0", world.Bench.Mcu.Running);
        }

        [Fact]
        public void An_MCU_that_cannot_be_taken_back_is_reported_as_trouble_by_its_id_and_does_not_keep_the_device_from_updates()
        {
            var world = new ComponentWorld(new ComponentScenario { Name = "trouble", FailsTest = true }, []);
            world.Bench.Mcu.Refuse = (group, command) => group == 1 && command == 1 && IsRevert(world) ? 1 : 0;

            Assert.Equal(RunEnd.Settled, world.Run());

            string report = world.Reports.Last(text => Component(text, "mcu")?["trouble"] != null);
            Assert.Equal(("failed", true, (int)ResultCode.McuRefused), ((string?)Component(report, "mcu")!["state"], (bool?)Component(report, "mcu")!["trouble"], (int?)Component(report, "mcu")!["code"]));
            Assert.Null(Component(report, "file")!["trouble"]);

            // The next boot programs the former image.
            world.Bench.Mcu.Refuse = null;
            Assert.Equal(RunEnd.Settled, world.Run());
            Assert.Equal("1.0.0", world.Bench.Mcu.Running);
        }

        [Theory]
        [InlineData("mcu")]
        [InlineData("all")]
        public void A_request_that_is_gone_after_a_cut_in_the_middle_of_programming_leaves_the_MCU_with_its_former_image(string name)
        {
            ComponentScenario scenario = ComponentScenario.All.Single(one => one.Name == name);
            var whole = new ComponentWorld(scenario, []);
            whole.Run();
            int first = whole.Supply.Passed.IndexOf(ComponentPoint.McuFlash) + 1;
            foreach (int point in new[] { first, first + 5, first + 30 })
            {
                var world = new ComponentWorld(scenario, [new Cut(point, new Tear(TearKind.SomeBits, point))]);
                world.OnCut = world.Withdraw;

                Assert.Equal(RunEnd.Settled, world.Run());
                Assert.Equal(("1.0.0", "1.0.0"), (world.Bench.Mcu.Running, world.Bench.Module!.VersionOf("mcu")));
                Assert.Equal("idle", (string?)Component(world.Reports[^1], "mcu")!["state"]);
            }
        }

        [Fact]
        public void Without_a_former_image_a_failed_update_says_that_there_is_nothing_to_go_back_to()
        {
            var world = new ComponentWorld(new ComponentScenario { Name = "first", Components = ["deployment", "mcu"], RefusesAfter = 20 }, []) { HasFormer = false };

            Assert.Equal(RunEnd.Settled, world.Run());

            Assert.Contains(world.Reports, report => (int?)Component(report, "mcu")?["code"] == (int)ResultCode.FormerImageMissing);
            world.Bench.Mcu.Refuse = null;
            world.Publish("1.2.0", "deployment", "mcu");
            Assert.Equal(RunEnd.Settled, world.Run());
            Assert.Equal("1.2.0", world.Bench.Mcu.Running);
        }

        [Fact]
        public void The_planted_defect_of_a_module_that_forgets_to_restore_is_seen_by_the_scenarios()
        {
            ComponentScenario scenario = ComponentScenario.All.Single(one => one.Name == "all-firmware-fails");
            var world = new ComponentWorld(scenario, []) { WrapModule = module => module.Handles("mcu") ? new ModuleAround(module) { OnRevert = _ => ResultCode.None } : module };

            Assert.NotNull(world.Judge(world.Run()));
        }

        // Whether the update is taken back: the firmware of before runs again, or is about to.
        private static bool IsRevert(ComponentWorld world) => world.Device!.Status!.State == UpdateState.Revert || world.Reboots > 1;

        private static JsonObject? Component(string report, string id) => JsonNode.Parse(report)?["components"]?[id]?.AsObject();

        private static string[] States(ComponentWorld world, string id)
        {
            var states = new List<string>();
            foreach (string report in world.Reports)
            {
                string state = $"{Component(report, id)!["state"]} {Component(report, id)!["version"]}";
                if (states.Count == 0 || states[^1] != state)
                {
                    states.Add(state);
                }
            }

            return [.. states];
        }

        private sealed class Noted : ModuleAround
        {
            private bool _isRebooting;

            public Noted(UpdateModule inner, string name, List<string> reboots)
                : base(inner)
            {
                OnReboot = () =>
                {
                    if (!_isRebooting)
                    {
                        reboots.Add(name);
                    }

                    ResultCode code = inner.Reboot();
                    _isRebooting = code == ResultCode.Pending;
                    return code == ResultCode.None ? Answer() : code;
                };
            }

            public Func<ResultCode> Answer { get; init; } = () => ResultCode.None;
        }
    }
}
