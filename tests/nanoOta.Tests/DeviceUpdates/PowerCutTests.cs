using nanoOta.VirtualDevice;
using nanoOta.VirtualDevice.Flash;

namespace nanoOta.Tests.DeviceUpdates
{
    /// <summary>The power is cut at every flash operation of a deployment; what is reported then must be what is so.</summary>
    public sealed class PowerCutTests
    {
        [Theory]
        [InlineData(SelfTestMode.Pass, "1.1.0", "1.1", "state 0 of workflow-1, result 700, installed 1.1")]
        [InlineData(SelfTestMode.Fail, "1.0.0", "1.0.0", "state 0 of workflow-1, result 0, installed 1.0.0")]
        public void A_power_cut_at_any_flash_operation_changes_neither_the_end_nor_what_is_told_of_it(SelfTestMode test, string version, string installed, string end)
        {
            long operations = Run(0, test).Device.Flash.Operations;
            Assert.InRange(operations, 20, 200);
            for (long at = 1; at <= operations; at++)
            {
                DeploymentBench bench = Run(at, test);
                string story = $"cut at {at}:\n{string.Join("\n", bench.Told)}\n{string.Join("\n", bench.Device.Log)}";
                Assert.True(bench.Device.Status.Current == version, story);
                Assert.True(bench.Installed == installed, story);
                Assert.True((int)bench.Agent["state"]! == 0, story);
                Assert.True(bench.Told.Count(words => words == end) >= 1, story);
                Assert.True(test == SelfTestMode.Fail || !bench.Told.Any(words => words.StartsWith("state 255")), story);
            }
        }

        [Fact]
        public void A_power_cut_after_failed_and_before_idle_does_not_reject_what_was_accepted()
        {
            var bench = new DeploymentBench();
            bench.Device.SelfTest = SelfTestMode.Fail;
            bench.Hub.Twin.ReplaceDesired(DeploymentBench.Request(bench.Publish("1.1")));
            bench.Hub.OnReport = report =>
            {
                if (report.Contains("\"state\":255"))
                {
                    bench.Device.Flash.CutPower();
                    bench.Hub.OnReport = null;
                }
            };
            Assert.Equal(RunEnd.PowerCut, bench.Run());
            Assert.Equal((255, 0), ((int)bench.Agent["state"]!, (int)bench.Agent["lastInstallResult"]!["resultCode"]!));

            bench.Device.Flash.PowerOn();
            Assert.Equal(RunEnd.Settled, bench.Run());
            Assert.Equal((0, 0), ((int)bench.Agent["state"]!, (int)bench.Agent["lastInstallResult"]!["resultCode"]!));
            Assert.Equal((200, DeploymentBench.First, "1.0.0"), ((int)bench.Reported["deviceUpdate"]!["service"]!["ac"]!, (string)bench.Agent["workflow"]!["id"]!, bench.Installed));
            Assert.Single(bench.Told, words => words.StartsWith("state 255"));
        }

        [Fact]
        public void A_request_that_was_accepted_and_is_not_genuine_after_a_power_cut_is_told_failed_without_a_result_for_its_steps()
        {
            var bench = new DeploymentBench();
            string manifest = bench.Publish("1.1", 200_000);
            bench.Hub.Twin.ReplaceDesired(DeploymentBench.Request(manifest));
            bench.AtBytes(50_000, bench.Device.Flash.CutPower);
            Assert.Equal(RunEnd.PowerCut, bench.Run());

            bench.Device.Flash.PowerOn();
            bench.Hub.Twin.ReplaceDesired(DeploymentBench.Request(manifest + " ", signature: Service.Sign(manifest)));
            Assert.Equal(RunEnd.Settled, bench.Run());
            Assert.Equal(["state 255 of workflow-1, result 0", "state 0 of workflow-1, result 0, installed 1.0.0"], bench.Told[^2..]);
            Assert.DoesNotContain("step_", bench.Hub.Reports[^1]);
            Assert.Equal("nanoOta 514", (string?)bench.Agent["lastInstallResult"]!["resultDetails"]);
        }

        [Fact]
        public void A_power_cut_before_a_cancel_is_told_does_not_lose_it()
        {
            var bench = new DeploymentBench();
            bench.Hub.Twin.ReplaceDesired(DeploymentBench.Request(bench.Publish("1.1", 200_000)));
            bench.AtBytes(50_000, bench.Device.Flash.CutPower);
            Assert.Equal(RunEnd.PowerCut, bench.Run());
            Assert.Equal(6, (int)bench.Agent["state"]!);

            bench.Device.Flash.PowerOn();
            bench.Hub.Twin.ReplaceDesired(DeploymentBench.CancelOf(DeploymentBench.First));
            bench.Hub.OnReport = _ =>
            {
                bench.Device.Flash.CutPower();
                bench.Hub.OnReport = null;
            };
            Assert.Equal(RunEnd.PowerCut, bench.Run());
            Assert.Equal("state 6, installed 1.0.0", bench.Told[^1]);

            bench.Device.Flash.PowerOn();
            Assert.Equal(RunEnd.Settled, bench.Run());
            Assert.Equal(["answer 200 to 3", "state 0 of workflow-1, result -1, installed 1.0.0"], bench.Told[^2..]);
        }

        private static DeploymentBench Run(long cutAt, SelfTestMode test)
        {
            var bench = new DeploymentBench();
            bench.Device.SelfTest = test;
            bench.Hub.Twin.ReplaceDesired(DeploymentBench.Request(bench.Publish("1.1")));
            NorFlash flash = bench.Device.Flash;
            flash.PowerOn();
            flash.CutAt = cutAt;
            flash.Tear = new Tear((TearKind)(cutAt % Enum.GetValues<TearKind>().Length), (int)cutAt);
            RunEnd end = bench.Run();
            if (cutAt > 0)
            {
                Assert.Equal(RunEnd.PowerCut, end);
                flash.PowerOn();
                flash.CutAt = 0;
                end = bench.Run();
            }

            Assert.Equal(RunEnd.Settled, end);
            return bench;
        }
    }
}
