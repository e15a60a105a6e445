using nanoOta.VirtualDevice;

namespace nanoOta.Tests.Devices
{
    /// <summary>What becomes of an update when the update request goes away or changes.</summary>
    public class CancelTests
    {
        [Theory]
        [InlineData("state=downloading")]
        [InlineData("state=verifying")]
        [InlineData("state=activating")]
        [InlineData("state=rebooting")]
        public void A_request_withdrawn_before_the_reboot_leaves_the_running_version(string state)
        {
            (Bench bench, OfferChannel channel) = Ready();
            bool gone = false;
            channel.Desired = _ => (gone |= bench.Log.Any(line => line.Contains(state))) ? "{}" : Request("1.1.0");
            bench.Configure = o => o.RebootDelaySeconds = 0;
            Assert.Equal(RunEnd.Settled, bench.Run());
            Assert.True((ResultCode.Cancelled, "1.0.0", 0) == (bench.Status.LastCode, bench.Status.Current, bench.Device!.Reboots), string.Join("\n", bench.Log));
            bench.OtherChannel = null;
            bench.Desired = "{}";
            bench.Run();
            Assert.Equal(("1.0.0", "ota_0/deploy_0", ResultCode.Cancelled), (bench.Status.Current, bench.Status.Slot, bench.Status.LastCode));
        }

        [Fact]
        public void A_request_for_what_runs_cancels()
        {
            (Bench bench, OfferChannel channel) = Ready();
            channel.Desired = _ => Request(bench.Log.Any(line => line.Contains("progress=61")) ? "1.0.0" : "1.1.0");
            bench.Run();
            Assert.Equal((ResultCode.Cancelled, "1.1.0", "1.0.0"), (bench.Status.LastCode, bench.Status.LastVersion, bench.Status.Current));
            Assert.Null(bench.Status.Target);
        }

        [Fact]
        public void Another_request_takes_the_place_of_the_one_under_way()
        {
            (Bench bench, OfferChannel channel) = Ready();
            bench.Publish("1.2.0", ("deployment", "1.2.0", Bench.Deployment("1.2.0")));
            channel.Desired = _ => Request(bench.Log.Any(line => line.Contains("progress=61")) ? "1.2.0" : "1.1.0");
            bench.Run();
            Assert.Equal((ResultCode.Applied, "1.2.0"), (bench.Status.LastCode, bench.Status.Current));
        }

        [Fact]
        public void A_request_withdrawn_and_made_again_goes_on_where_it_was()
        {
            (Bench bench, OfferChannel channel) = Ready();
            bench.Configure = o => o.CheckpointInterval = 4096;
            channel.Desired = _ => bench.Server.BytesRead > 13000 ? "{}" : Request("1.1.0");
            bench.Run();
            channel.Desired = _ => Request("1.1.0");
            bench.Run();
            Assert.Equal((ResultCode.Applied, "1.1.0"), (bench.Status.LastCode, bench.Status.Current));
            Assert.InRange(bench.Server.BytesRead, 20000, 20000 + 4096 + 2 * 4096);
        }

        [Fact]
        public void During_a_trial_a_new_request_waits_for_the_verdict()
        {
            (Bench bench, OfferChannel channel) = Ready();
            bench.Publish("1.2.0", ("deployment", "1.2.0", Bench.Deployment("1.2.0")));
            int tests = 0;
            bench.Configure = o => o.SelfTest = _ => ++tests < 5 && tests > 0 ? SelfTestResult.Running : SelfTestResult.Passed;
            channel.Desired = _ => Request(bench.Log.Any(line => line.Contains("trial=True")) ? "1.2.0" : "1.1.0");
            bench.Run();
            Assert.Contains(bench.Log, line => line.Contains("application=1.1.0.0 trial=True"));
            Assert.Equal((ResultCode.Applied, "1.2.0", 2), (bench.Status.LastCode, bench.Status.Current, bench.Device!.Reboots));
        }

        [Fact]
        public void A_new_token_lets_an_update_go_on_that_was_denied()
        {
            (Bench bench, OfferChannel channel) = Ready();
            bench.Server.OnOpen = (url, _) => url.Contains("sig=new") ? ResultCode.None : ResultCode.AccessDenied;
            channel.Desired = _ => Request("1.1.0", "sig=old");
            bench.Run();
            Assert.Equal(ResultCode.AccessDenied, bench.Status.LastCode);
            channel.Desired = _ => Request("1.1.0", "sig=new");
            bench.Run();
            Assert.Equal(ResultCode.Applied, bench.Status.LastCode);
        }

        [Fact]
        public void The_application_can_delay_the_reboot_but_not_for_ever()
        {
            (Bench bench, OfferChannel channel) = Ready();
            channel.Desired = _ => Request("1.1.0");
            int asked = 0;
            long clock = 0;
            bench.Configure = o =>
            {
                o.RebootDelaySeconds = 1504;
                o.MayReboot = () => ++asked < 0;
            };
            channel.OnStep = now => clock = Math.Max(clock, now);
            bench.Run();
            Assert.Equal((ResultCode.Applied, 151), (bench.Status.LastCode, asked));
            Assert.InRange(clock, 1504_000, 1506_000);
        }

        [Fact]
        public void The_reboot_waits_a_little_for_the_last_report_to_arrive()
        {
            (Bench bench, OfferChannel channel) = Ready();
            channel.Desired = _ => Request("1.1.0");
            long rebootedAt = 0;
            channel.OnStep = now =>
            {
                channel.IsReported = bench.Log.Any(line => line.Contains("trial=True"));
                rebootedAt = channel.IsReported ? rebootedAt : now;
            };
            bench.Run();
            Assert.Equal(ResultCode.Applied, bench.Status.LastCode);
            Assert.InRange(rebootedAt, 10_000, 11_000);
        }

        private static (Bench Bench, OfferChannel Channel) Ready()
        {
            var bench = new Bench();
            bench.Publish("1.1.0", ("deployment", "1.1.0", Bench.Deployment("1.1.0")));
            var channel = new OfferChannel();
            bench.OtherChannel = channel;
            return (bench, channel);
        }

        private static string Request(string version, string token = "sig=x")
        {
            return $$"""{"updateVersion":"{{version}}","updateUrl":"{{Bench.Container}}","updateToken":"{{token}}"}""";
        }
    }
}
