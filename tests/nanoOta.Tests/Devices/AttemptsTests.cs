using nanoOta.VirtualDevice;

namespace nanoOta.Tests.Devices
{
    /// <summary>A trial without a verdict is repeated, within bounds.</summary>
    public class AttemptsTests
    {
        [Fact]
        public void An_update_whose_trials_the_power_always_fails_in_is_activated_four_times_and_then_refused()
        {
            var bench = new Bench();
            bench.Publish("1.1.0", ("deployment", "1.1.0", Bench.Deployment("1.1.0")));
            bench.Configure = options => options.SelfTest = _ => SelfTestResult.Running;
            int activations = 0;
            bench.OnAgent = agent => agent.StatusChanged += (_, status) =>
            {
                activations += status.State == UpdateState.Reboot ? 1 : 0;
                if (status.State == UpdateState.Trial)
                {
                    bench.Flash.CutPower();
                }
            };
            RunEnd end = bench.Request("1.1.0");
            for (int boots = 0; end == RunEnd.PowerCut && boots < 1000; boots++)
            {
                bench.Flash.PowerOn();
                end = bench.Run();
            }

            Assert.Equal((RunEnd.Settled, ResultCode.TooManyAttempts, "1.0.0"), (end, bench.Status.LastCode, bench.Status.Current));
            Assert.Equal(4, activations);
        }
    }
}
