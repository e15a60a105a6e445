using nanoOta.VirtualDevice;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.Tests.Devices
{
    public class StoryTests
    {
        [Theory]
        [InlineData("esp32-4mb")]
        [InlineData("esp32-8mb")]
        [InlineData("esp32-16mb")]
        public void A_new_deployment_is_fetched_tried_and_confirmed(string layout)
        {
            var bench = new Bench(layout);
            bench.Publish("1.1.0", ("deployment", "1.1.0", Bench.Deployment("1.1.0", 200000)));
            Assert.Equal(RunEnd.Settled, bench.Request("1.1.0"));
            Assert.Equal((ResultCode.Applied, "1.1.0"), (bench.Status.LastCode, bench.Status.Current));
            Assert.EndsWith("deploy_1", bench.Status.Slot);
            Assert.Equal(1, bench.Device!.Reboots);
        }

        [Fact]
        public void Firmware_and_deployment_are_updated_together_and_then_the_deployment_alone()
        {
            var bench = new Bench();
            bench.Publish("2.0.0", ("clr", "1.17.0", SampleImages.Esp32("1.17.0.0", 40000)), ("deployment", "2.0.0", Bench.Deployment("2.0.0", 100000)));
            bench.Request("2.0.0");
            Assert.Equal((ResultCode.Applied, "2.0.0", "ota_1/deploy_1", true), (bench.Status.LastCode, bench.Status.Current, bench.Status.Slot, bench.Status.HasFallback));
            bench.Publish("2.1.0", ("deployment", "2.1.0", Bench.Deployment("2.1.0", 100000)));
            bench.Request("2.1.0");
            Assert.Equal((ResultCode.Applied, "2.1.0", "ota_1/deploy_0"), (bench.Status.LastCode, bench.Status.Current, bench.Status.Slot));
        }

        [Fact]
        public void The_firmware_alone_is_updated_and_keeps_its_deployment()
        {
            var bench = new Bench();
            bench.Publish("1.0.1", ("clr", "1.17.0", SampleImages.Esp32("1.17.0.0", 40000)));
            bench.Request("1.0.1");
            Assert.Equal((ResultCode.Applied, "1.0.1", "ota_1/deploy_0"), (bench.Status.LastCode, bench.Status.Current, bench.Status.Slot));
            Assert.Equal("1.17.0", ClrImage.ReadVersion(bench.Device!.Slots!));
            bench.Request("1.0.1");
            Assert.Equal((0, 0), (bench.Device.Reboots, bench.Device.StateWrites));
        }

        [Theory]
        [InlineData("deployment")]
        [InlineData("clr")]
        [InlineData("both")]
        public void A_failed_self_test_is_rolled_back_and_the_version_not_tried_again(string parts)
        {
            Bench bench = RolledBack(parts, SelfTestMode.Fail, ResultCode.SelfTestFailed);
            bench.SelfTest = SelfTestMode.Pass;
            bench.Request("1.1.0");
            Assert.Equal((0, "1.0.0", ResultCode.SelfTestFailed), (bench.Device!.Reboots, bench.Status.Current, bench.Status.LastCode));
            bench.Request("1.1.0", "\"updateRetry\":\"again\",");
            Assert.Equal((ResultCode.Applied, "1.1.0"), (bench.Status.LastCode, bench.Status.Current));
        }

        [Theory]
        [InlineData("deployment")]
        [InlineData("clr")]
        [InlineData("both")]
        public void A_hang_is_ended_by_the_watchdog_and_rolled_back(string parts)
        {
            RolledBack(parts, SelfTestMode.Hang, ResultCode.TrialHung);
        }

        [Theory]
        [InlineData("deployment")]
        [InlineData("clr")]
        [InlineData("both")]
        public void A_crash_loop_is_counted_and_rolled_back(string parts)
        {
            RolledBack(parts, SelfTestMode.Crash, ResultCode.TrialCrashed);
        }

        private static Bench RolledBack(string parts, SelfTestMode mode, ResultCode code)
        {
            var bench = new Bench { SelfTest = mode };
            var components = new List<(string, string, byte[])>();
            if (parts != "deployment")
            {
                components.Add(("clr", "1.17.0", SampleImages.Esp32("1.17.0.0", 20000)));
            }

            if (parts != "clr")
            {
                components.Add(("deployment", "1.1.0", Bench.Deployment("1.1.0")));
            }

            bench.Publish("1.1.0", [.. components]);
            Assert.Equal(RunEnd.Settled, bench.Request("1.1.0"));
            Assert.True((code, "1.1.0", "1.0.0", "ota_0/deploy_0") == (bench.Status.LastCode, bench.Status.LastVersion, bench.Status.Current, bench.Status.Slot), string.Join("\n", bench.Log));
            return bench;
        }
    }
}
