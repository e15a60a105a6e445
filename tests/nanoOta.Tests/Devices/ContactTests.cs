using nanoOta.VirtualDevice;

namespace nanoOta.Tests.Devices
{
    /// <summary>
    /// The rules on cloud contact: what cannot be updated any more must not stay, and a hub that is down must not make a good
    /// version a bad one.
    /// </summary>
    public class ContactTests
    {
        [Fact]
        public void A_hub_that_is_down_for_six_hours_during_the_trial_delays_the_update_and_no_more()
        {
            (Bench bench, OfferChannel channel) = Ready();
            bool down = false;
            DateTime? back = null;
            channel.Desired = _ =>
            {
                bool onTrial = bench.Log.Any(line => line.Contains("trial=True"));
                back ??= onTrial ? bench.Clock!.UtcNow.AddHours(6) : null;
                down = back != null && bench.Clock!.UtcNow < back;
                return down ? null : Request;
            };
            Assert.Equal(RunEnd.Settled, bench.Run());
            Assert.Equal((ResultCode.Applied, "1.1.0"), (bench.Status.LastCode, bench.Status.Current));
            Assert.Equal(2, bench.Log.Count(line => line.Contains("trial=True")));

            // The image lay in its slot all the time.
            Assert.InRange(bench.Server.BytesRead, 20000, 20000 + 2 * 4096);
        }

        [Fact]
        public void A_version_that_twice_does_not_reach_the_cloud_while_the_one_before_does_is_known_to_be_bad()
        {
            (Bench bench, OfferChannel channel) = Ready();
            channel.Desired = _ => bench.Device!.Slots!.IsOnTrial ? null : Request;
            Assert.Equal(RunEnd.Settled, bench.Run());
            Assert.Equal((ResultCode.NoCloudContact, "1.1.0", "1.0.0"), (bench.Status.LastCode, bench.Status.LastVersion, bench.Status.Current));
            Assert.Equal(2, bench.Log.Count(line => line.Contains("trial=True")));
            Assert.Contains(bench.Log, line => line.Contains("waiting=NoCloudContact"));
        }

        [Fact]
        public void Once_is_no_verdict_when_the_version_before_does_not_reach_the_cloud_either()
        {
            (Bench bench, OfferChannel channel) = Ready();
            channel.Desired = _ => bench.Log.Any(line => line.Contains("trial=True")) ? null : Request;
            Assert.Equal(RunEnd.Stopped, bench.Run());
            Assert.Equal((ResultCode.NoCloudContact, "1.0.0"), (bench.Status.LastCode, bench.Status.Current));
            channel.Desired = _ => Request;
            bench.Run();
            Assert.Equal((ResultCode.Applied, "1.1.0"), (bench.Status.LastCode, bench.Status.Current));
        }

        [Theory]
        [InlineData(true, true)]
        [InlineData(false, true)]
        [InlineData(false, false)]
        public void The_rest_after_a_trial_without_contact_goes_by_the_clock_across_boots_where_it_was_set_both_times(bool wasSet, bool isSet)
        {
            var second = new ScriptedModule("mcu");
            long start = 1_790_000_000;
            var rig = new Rig { Configure = o => o.Modules = [second] };
            rig.Configure += o => o.Clock = () => wasSet ? start + rig.Now / 1000 : 0;
            rig.Channel.Desired = _ => second.Record.Trial == TrialPhase.Running ? null : Rig.Request("1.1.0");
            rig.Boot().Run(20);
            Assert.Equal((ResultCode.NoCloudContact, 1), (rig.Status.LastCode, second.Reverts));

            // Somebody switches the device off every five minutes.
            rig.Channel.Desired = _ => Rig.Request("1.1.0");
            wasSet = isSet;
            bool isKnown = rig.Status.LastTime > 0;
            int boots = 0;
            for (; boots < 10 && second.Record.ConfirmedVersion == null; boots++)
            {
                start += rig.Now / 1000;
                rig.Boot().Run(5);
            }

            Assert.Equal(isKnown ? "1.1.0" : null, second.Record.ConfirmedVersion);
            Assert.Equal(isKnown ? 4 : 10, boots);
            rig.Boot().Run(20);
            Assert.Equal("1.1.0", second.Record.ConfirmedVersion);
        }

        [Fact]
        public void A_trial_is_not_confirmed_before_both_test_and_contact_are_there()
        {
            (Bench bench, OfferChannel channel) = Ready();
            int tests = 0;
            bench.Configure = o => o.SelfTest = _ => ++tests < 100 ? SelfTestResult.Running : SelfTestResult.Passed;
            channel.Desired = now => bench.Device!.Slots!.IsOnTrial && now < 300_000 ? null : Request;
            long confirmedAt = 0;
            channel.OnStep = now => confirmedAt = bench.Device!.Slots!.IsOnTrial ? now : confirmedAt;
            bench.Run();
            Assert.Equal(ResultCode.Applied, bench.Status.LastCode);
            Assert.InRange(confirmedAt, 300_000, 302_000);
        }

        [Fact]
        public void An_application_that_says_so_needs_no_contact()
        {
            (Bench bench, OfferChannel channel) = Ready();
            bench.Configure = o => o.TrialNeedsContact = false;
            channel.Desired = _ => bench.Device!.Slots!.IsOnTrial ? null : Request;
            bench.Run();
            Assert.Equal((ResultCode.Applied, "1.1.0"), (bench.Status.LastCode, bench.Status.Current));
        }

        [Fact]
        public void A_self_test_that_is_still_running_at_the_deadline_has_failed()
        {
            (Bench bench, OfferChannel channel) = Ready();
            bench.Configure = o => o.SelfTest = _ => SelfTestResult.Running;
            channel.Desired = _ => Request;
            bench.Run();
            Assert.Equal((ResultCode.SelfTestFailed, "1.0.0"), (bench.Status.LastCode, bench.Status.Current));
        }

        [Fact]
        public void A_self_test_that_throws_has_failed()
        {
            (Bench bench, OfferChannel channel) = Ready();
            bench.Configure = o => o.SelfTest = _ => throw new InvalidOperationException("planted");
            channel.Desired = _ => Request;
            bench.Run();
            Assert.Equal((ResultCode.SelfTestFailed, "1.0.0"), (bench.Status.LastCode, bench.Status.Current));
        }

        [Fact]
        public void A_channel_that_throws_during_the_trial_costs_the_contact_not_the_device()
        {
            (Bench bench, OfferChannel channel) = Ready();
            channel.Desired = _ => bench.Device!.Slots!.IsOnTrial ? throw new InvalidOperationException("planted") : Request;
            bench.Run();
            Assert.Equal((ResultCode.NoCloudContact, "1.0.0"), (bench.Status.LastCode, bench.Status.Current));
        }

        private static string Request => $$"""{"updateVersion":"1.1.0","updateUrl":"{{Bench.Container}}"}""";

        private static (Bench Bench, OfferChannel Channel) Ready()
        {
            var bench = new Bench();
            bench.Publish("1.1.0", ("deployment", "1.1.0", Bench.Deployment("1.1.0")));
            var channel = new OfferChannel();
            bench.OtherChannel = channel;
            return (bench, channel);
        }
    }
}
