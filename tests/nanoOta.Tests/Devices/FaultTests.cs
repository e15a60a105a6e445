using System.Reflection;

namespace nanoOta.Tests.Devices
{
    /// <summary>Foreign code that throws: no exception leaves Step, and the device can be updated afterwards.</summary>
    public class FaultTests
    {
        private static readonly string[] _delegates = ["Clock", "SelfTest", "IsBusy", "HasPower", "StatusChanged"];

        // All that the agent calls; what it never does in these scenarios is left out, and a test says so.
        public static TheoryData<string> Calls =>
        [
            .. new[] { typeof(IUpdateChannel), typeof(IImageSource), typeof(IRecordStore), typeof(UpdateModule) }
                .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).Select(method => $"{type.Name}.{method.Name}"))
                .Where(call => !_uncalled.Contains(call)),
            .. _delegates,
        ];

        private static readonly string[] _uncalled = ["IUpdateChannel.get_IsReported", "UpdateModule.VersionOf", "UpdateModule.ReadActive"];

        [Fact]
        public void The_scenarios_call_everything_that_may_throw()
        {
            var rig = new Rig();
            rig.Boot().Run();
            Assert.Equal(ResultCode.Applied, rig.Status.LastCode);
            rig.SelfTest = SelfTestResult.Failed;
            rig.Publish("1.2.0");
            rig.Channel.Desired = _ => Rig.Request("1.2.0");
            rig.Run();
            Assert.Equal(ResultCode.SelfTestFailed, rig.Status.LastCode);
            rig.Server.OnOpen = (_, _) => ResultCode.ServerBusy;
            rig.Publish("1.3.0");
            rig.Channel.Desired = _ => Rig.Request("1.3.0");
            rig.Run();
            rig.Skip(2);
            string[] never = [.. Calls.Select(row => row.Data).Except(rig.Hits.Keys)];
            Assert.Empty(never);
        }

        [Theory]
        [MemberData(nameof(Calls))]
        public void What_throws_once_costs_no_more_than_the_update_under_way(string call)
        {
            // One throw at each of the first calls in turn.
            for (int nth = 1; nth <= 12; nth++)
            {
                var rig = new Rig();
                rig.Throws = name => name == call && rig.Hits[call] == nth;
                rig.Boot().Run();
                AssertSound(rig, $"{call}, call {nth}");
                AssertCanBeUpdated(rig);
            }
        }

        [Theory]
        [MemberData(nameof(Calls))]
        public void What_always_throws_does_not_get_out_of_Step_and_nothing_is_lost(string call)
        {
            var rig = new Rig();
            rig.Throws = name => name == call;
            rig.Boot().Run(30);
            AssertSound(rig, call);
            AssertCanBeUpdated(rig);
        }

        [Theory]
        [MemberData(nameof(Calls))]
        public void What_always_throws_while_an_update_is_taken_back_does_not_get_out_of_Step(string call)
        {
            var rig = new Rig { SelfTest = SelfTestResult.Failed };
            rig.Throws = name => name == call;
            rig.Boot().Run(30);
            AssertSound(rig, call);
            rig.SelfTest = SelfTestResult.Passed;
            AssertCanBeUpdated(rig);
        }

        [Fact]
        public void A_self_test_that_throws_has_failed_and_its_exception_can_be_read()
        {
            var rig = new Rig { Throws = name => name == "SelfTest" };
            rig.Boot().Run();
            Assert.Equal((UpdateState.Idle, ResultCode.SelfTestFailed), (rig.Status.State, rig.Status.LastCode));
            Assert.Equal("planted in SelfTest", rig.Status.Fault?.Message);
        }

        [Theory]
        [InlineData("UpdateModule.Confirm", UpdateState.Confirm, ResultCode.Applied)]
        [InlineData("UpdateModule.Revert", UpdateState.Revert, ResultCode.SelfTestFailed)]
        public void Confirming_and_taking_back_are_tried_each_minute_for_ever(string call, UpdateState state, ResultCode end)
        {
            var rig = new Rig { SelfTest = end == ResultCode.Applied ? SelfTestResult.Passed : SelfTestResult.Failed };
            rig.Throws = name => name == call;
            rig.Boot().Run(10);
            int before = rig.Hits[call];
            Assert.InRange(before, 9, 11);
            Assert.Equal((state, ResultCode.InternalError), (rig.Status.State, rig.Status.Waiting));
            rig.Run(60 * 12);
            Assert.Equal(60 * 12, rig.Hits[call] - before);
            Assert.Contains(call, rig.Status.Fault.Message);
            rig.Throws = _ => false;
            rig.Run();
            Assert.Equal((UpdateState.Idle, end), (rig.Status.State, rig.Status.LastCode));
        }

        [Theory]
        [InlineData("UpdateModule.GetStatus")]
        [InlineData("UpdateModule.Confirm")]
        [InlineData("UpdateModule.Revert")]
        public void A_second_module_that_throws_at_each_boot_does_not_keep_the_firmware_from_being_updated(string call)
        {
            (Bench bench, OtherMcu mcu) = WithMcu();
            mcu.Record.Trial = TrialPhase.Running;
            if (call == "UpdateModule.Confirm")
            {
                // As if a cut had come between the firmware's confirmation and its own: zeros are what the factory applied.
                mcu.Record.TrialDigest = new byte[32];
            }
            else
            {
                mcu.Record.TrialDigest = [.. Enumerable.Repeat((byte)7, 32)];
            }

            mcu.Before = mcu.Running;
            int thrown = 0;
            bench.Modules = () => [FaultyModule.Around(mcu.Module(), name => thrown += name == call ? throw new InvalidOperationException("planted") : 0)];
            bench.Request("1.1.0");
            Assert.Equal("1.1.0", bench.Status.Current);
            Assert.Equal(ResultCode.Applied, bench.Status.LastCode);
        }

        [Fact]
        public void A_handler_that_throws_when_it_is_asked_for_the_reboot_does_not_hold_it_up()
        {
            (Bench bench, _) = WithMcu();
            int asked = 0;
            bench.Configure = options => options.MayReboot = () =>
            {
                asked++;
                throw new InvalidOperationException("planted");
            };
            bench.Request("1.1.0");
            Assert.Equal((1, 1, ResultCode.Applied), (asked, bench.Device!.Reboots, bench.Status.LastCode));
        }

        [Fact]
        public void A_handler_that_throws_does_not_hold_up_a_rollback_either()
        {
            (Bench bench, _) = WithMcu();
            bench.SelfTest = nanoOta.VirtualDevice.SelfTestMode.Fail;
            bench.Configure = options => options.MayReboot = () => throw new InvalidOperationException("planted");
            bench.Request("1.1.0");
            Assert.Equal((2, "1.0.0", ResultCode.SelfTestFailed), (bench.Device!.Reboots, bench.Status.Current, bench.Status.LastCode));
        }

        [Fact]
        public void A_request_that_goes_away_while_its_manifest_is_fetched_leaves_no_connection_open()
        {
            var rig = new Rig { Configure = o => o.Session.AllowsTwo = true };
            int opened = 0;
            rig.Server.OnOpen = (_, _) =>
            {
                opened++;
                return ResultCode.None;
            };
            rig.Channel.Desired = _ => opened > 0 ? "{}" : Rig.Request("1.1.0");
            rig.Boot().Run(5);
            Assert.Equal((UpdateState.Idle, 1), (rig.Status.State, opened));
            rig.Agent.Step(rig.Now);
            Assert.Equal(1, rig.Hits["IImageSource.Close"]);
        }

        [Fact]
        public void A_channel_that_cannot_say_whether_a_report_has_arrived_delays_a_rollback_by_a_minute()
        {
            (Bench bench, _) = WithMcu();
            var channel = new OfferChannel { Desired = _ => Rig.Request("1.1.0") };
            bench.OtherChannel = channel;
            bench.SelfTest = nanoOta.VirtualDevice.SelfTestMode.Fail;
            bool onTrial = false;
            channel.OnStep = _ => onTrial = bench.Device!.Slots!.IsOnTrial;
            channel.Faulty = name => onTrial && name == "IUpdateChannel.get_IsReported" ? throw new InvalidOperationException("planted") : 0;
            bench.Run();
            Assert.Equal((2, "1.0.0", ResultCode.SelfTestFailed), (bench.Device!.Reboots, bench.Status.Current, bench.Status.LastCode));
        }

        [Fact]
        public void A_trial_that_could_not_be_ended_is_not_confirmed_with_another_update()
        {
            (Bench bench, OtherMcu mcu) = WithMcu();
            mcu.Record.Trial = TrialPhase.Running;
            mcu.Record.TrialDigest = [.. Enumerable.Repeat((byte)7, 32)];
            mcu.Before = mcu.Running;
            bench.Modules = () => [FaultyModule.Around(mcu.Module(), name => _ = name == "UpdateModule.Revert" ? throw new InvalidOperationException("planted") : 0)];
            bench.Request("1.1.0");
            Assert.Equal((ResultCode.Applied, TrialPhase.Running), (bench.Status.LastCode, mcu.Record.Trial));
            Assert.DoesNotContain("confirm", mcu.Calls);
            bench.Modules = () => [mcu.Module()];
            bench.Request("1.1.0");
            Assert.Equal((TrialPhase.Ended, ResultCode.TrialInterrupted), (mcu.Record.Trial, mcu.Record.Verdict));
        }

        private static void AssertSound(Rig rig, string what)
        {
            Assert.True(rig.Mcu.Running.SequenceEqual(Rig.Image) || rig.Mcu.Running.SequenceEqual(new byte[] { 1 }), what);
        }

        // After all, with nothing that throws any more, a boot and another release.
        private static void AssertCanBeUpdated(Rig rig)
        {
            rig.Throws = _ => false;
            rig.Boot().Run();
            rig.Publish("1.5.0");
            rig.Channel.Desired = _ => Rig.Request("1.5.0");
            rig.Run();
            Assert.Equal((UpdateState.Idle, ResultCode.Applied, "1.5.0"), (rig.Status.State, rig.Status.LastCode, rig.Status.Current));
            Assert.Equal(Rig.Image, rig.Mcu.Running);
            Assert.Null(rig.Mcu.Before);
        }

        private static (Bench Bench, OtherMcu Mcu) WithMcu()
        {
            var bench = new Bench();
            bench.Publish("1.1.0", ("deployment", "1.1.0", Bench.Deployment("1.1.0")));
            return (bench, new OtherMcu(bench.Flash));
        }
    }
}
