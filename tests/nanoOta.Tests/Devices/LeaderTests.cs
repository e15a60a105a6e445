extern alias StandIns;

using StandIns::nanoOta.StandIns;

namespace nanoOta.Tests.Devices
{
    /// <summary>Which module's record decides on an update of several, and that none is asked more often than it must be.</summary>
    public class LeaderTests
    {
        private readonly ScriptedModule _first = new("first");
        private readonly ScriptedModule _second = new("second");
        private readonly ScriptedModule _third = new("third");

        [Fact]
        public void What_cannot_be_taken_back_at_boot_is_tried_once_however_many_steps_another_module_takes()
        {
            _second.OnTrial(7).OnRevert = () => ResultCode.FlashFailed;
            _third.OnTrial(7).OnRevert = ScriptedModule.Answers(ResultCode.Pending, 20);

            Rig rig = Boot("{}");

            Assert.Equal((1, 21, TrialPhase.Ended), (_second.Reverts, _third.Reverts, _third.Record.Trial));
            Assert.Equal(UpdateState.Idle, rig.Status.State);
        }

        [Fact]
        public void What_cannot_be_confirmed_is_left_after_three_tries_however_many_steps_another_module_takes()
        {
            _second.OnConfirm = () => ResultCode.FlashFailed;
            _third.OnConfirm = ScriptedModule.Answers(ResultCode.Pending, 20);

            Rig rig = Update("first", "second", "third");

            Assert.Equal((1, 3, 21), (_first.Confirms, _second.Confirms, _third.Confirms));
            Assert.Equal((ResultCode.Applied, TrialPhase.Running), (rig.Status.LastCode, _second.Record.Trial));

            // The next boot confirms it, though nothing else is left to tell that all others are.
            _second.OnConfirm = () => ResultCode.None;
            Array.Clear(rig.Store.Records);
            rig.Boot().Run();
            Assert.Equal(TrialPhase.None, _second.Record.Trial);
            Assert.Equal("1.1.0", _second.Record.ConfirmedVersion);
        }

        [Fact]
        public void What_could_not_be_confirmed_is_not_taken_back_with_the_next_update()
        {
            _second.OnConfirm = () => ResultCode.FlashFailed;
            Rig rig = Update("first", "second");
            rig.PublishParts("1.2.0", "third");
            rig.Channel.Desired = _ => Rig.Request("1.2.0");
            rig.SelfTest = SelfTestResult.Failed;
            rig.Run();
            Assert.Equal((ResultCode.SelfTestFailed, TrialPhase.Ended, TrialPhase.Running), (rig.Status.LastCode, _third.Record.Trial, _second.Record.Trial));

            _second.OnConfirm = () => ResultCode.None;
            rig.Boot().Run();

            Assert.Equal((TrialPhase.None, "1.1.0"), (_second.Record.Trial, _second.Record.ConfirmedVersion));
        }

        [Fact]
        public void The_devices_own_trial_leads_whatever_the_journal_says()
        {
            Rig rig = Update("second", "third");
            Assert.Equal(ResultCode.Applied, rig.Status.LastCode);
            _first.OnTrial(9);
            _second.OnTrial(9);
            rig.SelfTest = SelfTestResult.Running;

            rig.Boot().Run(1);

            Assert.Equal((UpdateState.Trial, 0, 0), (rig.Status.State, _first.Reverts, _second.Reverts));
        }

        [Theory]
        [InlineData("second")]
        [InlineData("third")]
        public void A_module_that_cannot_be_reverted_does_not_keep_a_device_without_new_firmware_from_updates(string broken)
        {
            ScriptedModule module = broken == "second" ? _second : _third;
            module.OnRevert = () => ResultCode.McuSilent;

            Rig rig = Update(SelfTestResult.Failed, "second", "third");

            Assert.Equal((UpdateState.Idle, ResultCode.SelfTestFailed), (rig.Status.State, rig.Status.LastCode));
            Assert.Equal((3, TrialPhase.Activating), (module.Reverts, module.Record.Trial));
            rig.SelfTest = SelfTestResult.Passed;
            rig.PublishParts("1.2.0", "second", "third");
            rig.Channel.Desired = _ => Rig.Request("1.2.0");
            rig.Run();
            Assert.Equal(("1.2.0", ResultCode.Applied), (rig.Status.Current, rig.Status.LastCode));
        }

        [Theory]
        [InlineData(SelfTestResult.Failed, ResultCode.SelfTestFailed)]
        [InlineData(SelfTestResult.Passed, ResultCode.Applied)]
        public void A_module_that_throws_in_confirming_or_reverting_is_left_after_three_tries_and_the_others_come_to_their_end(SelfTestResult test, ResultCode end)
        {
            _second.OnConfirm = _second.OnRevert = () => throw new InvalidOperationException("planted");

            Rig rig = Update(test, "first", "second", "third");

            Assert.Equal((UpdateState.Idle, end), (rig.Status.State, rig.Status.LastCode));
            Assert.Equal(3, _second.Confirms + _second.Reverts);
            Assert.Equal(end == ResultCode.Applied ? TrialPhase.None : TrialPhase.Ended, _third.Record.Trial);
            Assert.Contains("planted", rig.Status.Fault.Message);
        }

        [Theory]
        [InlineData(true, ResultCode.Applied)]
        [InlineData(false, ResultCode.NoCloudContact)]
        public void Where_nothing_is_reset_the_channel_is_connected_anew_and_must_answer_again(bool answers, ResultCode end)
        {
            Rig rig = Ready("second");
            rig.Channel.Desired = _ => answers || _second.Record.Trial != TrialPhase.Running ? Rig.Request("1.1.0") : null;
            (int Pauses, int Checks) atTrial = default;
            rig.Boot();
            rig.Agent.StatusChanged += (_, status) => atTrial = status.State == UpdateState.Trial ? (rig.Hits["IUpdateChannel.Pause"], rig.Channel.Checks) : atTrial;
            rig.Run(60);

            Assert.Equal(end, rig.Status.LastCode);

            // Once for the download.
            Assert.Equal((2, 1), atTrial);
        }

        [Fact]
        public void The_leading_module_is_not_left_as_long_as_its_record_has_the_trial()
        {
            _third.OnRevert = () =>
            {
                _third.Record.Trial = TrialPhase.Running;
                return ResultCode.FlashFailed;
            };

            Rig rig = Update(SelfTestResult.Failed, "second", "third");

            Assert.Equal((UpdateState.Revert, ResultCode.FlashFailed), (rig.Status.State, rig.Status.Waiting));
            Assert.Equal(0, _second.Reverts);
        }

        [Theory]
        [InlineData(0, 0, "third")]
        [InlineData(1, 0, "third")]
        [InlineData(0, 1, "second")]
        public void Without_the_first_module_the_one_that_reboots_last_leads(int second, int third, string leader)
        {
            _second.RebootPriority = second;
            _third.RebootPriority = third;
            var confirmed = new List<string>();
            _second.OnConfirm = Note(confirmed, "second");
            _third.OnConfirm = Note(confirmed, "third");

            Update("second", "third");

            Assert.Equal([leader, leader == "third" ? "second" : "third"], confirmed);
            Assert.Equal((0, 0), (_first.Confirms, _first.Reverts));
        }

        [Fact]
        public void The_first_module_leads_whatever_its_priority_and_reboots_last()
        {
            _first.RebootPriority = 9;
            var confirmed = new List<string>();
            _first.OnConfirm = Note(confirmed, "first");
            _third.OnConfirm = Note(confirmed, "third");

            Rig rig = Update("first", "third");

            Assert.Equal(["first", "third"], confirmed);
            Assert.Equal((1, 1, ResultCode.Applied), (_first.Reboots, _third.Reboots, rig.Status.LastCode));
        }

        [Theory]
        [InlineData(0)]
        [InlineData(1)]
        [InlineData(2)]
        public void The_power_failing_once_more_between_two_confirmations_or_after_one_changes_nothing(int boots)
        {
            // The second module's confirmation never comes to its end: the power is gone.
            _second.OnConfirm = () => ResultCode.Pending;
            Rig rig = Ready("second", "third");
            rig.Boot().Run(1);
            Assert.Equal((TrialPhase.None, TrialPhase.Running), (_third.Record.Trial, _second.Record.Trial));

            rig.SelfTest = SelfTestResult.Failed;
            for (int i = 0; i < boots; i++)
            {
                rig.Boot().Run(1);
            }

            _second.OnConfirm = () => ResultCode.None;
            rig.Boot().Run();
            Assert.Equal(("1.1.0", ResultCode.Applied), (rig.Status.Current, rig.Status.LastCode));
            Assert.Equal(("1.1.0", "1.1.0"), (_second.Record.ConfirmedVersion, _third.Record.ConfirmedVersion));
        }

        [Fact]
        public void A_module_that_confirmed_the_same_update_some_time_before_does_not_make_the_others_confirm_it_now()
        {
            var fourth = new ScriptedModule("fourth");
            Rig rig = Ready("second", "third", "fourth");
            rig.Configure = o => o.Modules = [_first, _second, _third, fourth];
            rig.SelfTest = SelfTestResult.Failed;
            _second.OnRevert = () => ResultCode.Pending;
            rig.Boot().Run(1);
            Assert.Equal((TrialPhase.Ended, TrialPhase.Running), (fourth.Record.Trial, _third.Record.Trial));

            // The power fails before the second module begins. The third has taken no part in the updates since it had this one.
            _second.Record.Trial = TrialPhase.Running;
            _second.OnRevert = () => ResultCode.None;
            _third.Record.ConfirmedDigest = _third.Record.TrialDigest;
            rig.Channel.Desired = _ => "{}";
            rig.Boot().Run();

            Assert.Equal((0, TrialPhase.Ended, TrialPhase.Ended), (_second.Confirms, _second.Record.Trial, _third.Record.Trial));
        }

        [Fact]
        public void A_trial_of_several_components_whose_journal_is_lost_is_taken_back_as_a_whole()
        {
            Rig rig = Ready("second", "third");
            rig.SelfTest = SelfTestResult.Running;
            rig.Boot().Run(1);
            Assert.Equal((TrialPhase.Running, TrialPhase.Running), (_second.Record.Trial, _third.Record.Trial));

            Array.Clear(rig.Store.Records);
            rig.Channel.Desired = _ => "{}";
            rig.Boot().Run();

            Assert.Equal((TrialPhase.Ended, TrialPhase.Ended), (_second.Record.Trial, _third.Record.Trial));
            Assert.Equal("1.0.0", rig.Status.Current);
        }

        [Fact]
        public void A_component_that_crashes_the_device_in_each_boot_of_its_trial_is_taken_back_and_known_to_be_bad()
        {
            Rig rig = Ready("second", "third");
            rig.SelfTest = SelfTestResult.Running;
            rig.Boot().Run(1);
            for (int boots = 0; boots < Journal.MaxTrialBoots; boots++)
            {
                rig.Boot().Run(1);
                Assert.Equal((UpdateState.Trial, TrialPhase.Running, TrialPhase.Running), (rig.Status.State, _second.Record.Trial, _third.Record.Trial));
            }

            rig.Boot().Run();

            Assert.Equal((UpdateState.Idle, ResultCode.TrialCrashed, "1.0.0"), (rig.Status.State, rig.Status.LastCode, rig.Status.Current));
            Assert.Equal((TrialPhase.Ended, TrialPhase.Ended), (_second.Record.Trial, _third.Record.Trial));
        }

        [Fact]
        public void What_is_taken_back_at_boot_gets_the_reset_that_it_needs()
        {
            var board = new DeviceBoard();
            DeviceBoard.Current = board;
            var file = new ScriptedModule("file") { RebootsDevice = true };
            file.OnTrial(7);
            var rig = new Rig { Configure = o => o.Modules = [_first, file] };
            rig.Channel.Desired = _ => "{}";

            rig.Boot().Run(5);

            Assert.Equal(TrialPhase.Ended, file.Record.Trial);
            Assert.NotNull(board.RebootRequested);
            Assert.Equal((UpdateState.Revert, ResultCode.None), (rig.Status.State, rig.Status.LastCode));
        }

        private static Func<ResultCode> Note(List<string> confirmed, string name)
        {
            return () =>
            {
                confirmed.Add(name);
                return ResultCode.None;
            };
        }

        private Rig Boot(string desired)
        {
            Rig rig = Ready("first");
            rig.Channel.Desired = _ => desired;
            return rig.Boot().Run();
        }

        private Rig Update(params string[] components) => Update(SelfTestResult.Passed, components);

        private Rig Update(SelfTestResult test, params string[] components)
        {
            Rig rig = Ready(components);
            rig.SelfTest = test;
            return rig.Boot().Run(60);
        }

        private Rig Ready(params string[] components)
        {
            var rig = new Rig { Configure = o => o.Modules = [_first, _second, _third] };
            rig.PublishParts("1.1.0", components);
            return rig;
        }
    }
}
