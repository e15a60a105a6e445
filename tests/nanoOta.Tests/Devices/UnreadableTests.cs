namespace nanoOta.Tests.Devices
{
    /// <summary>
    /// A boot at which a record cannot be read: not to know is no verdict. The agent waits, and nothing that runs is reverted because of it.
    /// </summary>
    public class UnreadableTests
    {
        private readonly ScriptedModule _first = new("first");
        private readonly ScriptedModule _second = new("second");
        private readonly ScriptedModule _third = new("third");

        [Theory]
        [InlineData(false)]
        [InlineData(true)]
        public void A_leading_module_that_cannot_say_at_boot_how_it_stands_is_asked_again_and_the_trial_goes_on(bool throws)
        {
            Rig rig = OnTrial();
            int asked = 0;
            long known = 60_000;
            Hide(throws, () => ++asked > 0 && rig.Now < known);
            rig.SelfTest = SelfTestResult.Passed;

            rig.Boot().Run();

            Assert.Equal((0, 0), (_second.Reverts, _third.Reverts));
            Assert.Equal((ResultCode.Applied, "1.1.0", "1.1.0"), (rig.Status.LastCode, _second.Record.ConfirmedVersion, _third.Record.ConfirmedVersion));
            Assert.InRange(asked, 6, 40);
        }

        [Theory]
        [InlineData(false)]
        [InlineData(true)]
        public void A_leading_module_that_says_nothing_for_half_a_trial_keeps_the_device_from_updates_no_longer_and_the_others_stay(bool throws)
        {
            Rig rig = OnTrial();
            Hide(throws, () => true);
            rig.PublishParts("1.2.0", "first");
            rig.Channel.Desired = _ => Rig.Request("1.2.0");
            rig.SelfTest = SelfTestResult.Passed;

            rig.Boot().Run(4);
            Assert.Equal((false, 0), (rig.Agent.IsIdle, _first.Confirms));
            rig.Run(10);
            Assert.Equal(("1.2.0", ResultCode.Applied), (rig.Status.Current, rig.Status.LastCode));
            Assert.Equal((0, TrialPhase.Running), (_second.Reverts, _second.Record.Trial));
        }

        [Fact]
        public void What_stayed_because_the_leading_module_said_nothing_goes_on_with_its_trial_after_the_next_boot()
        {
            Rig rig = OnTrial();
            _third.IsUnreadable = true;
            rig.Channel.Desired = _ => "{}";
            rig.Boot().Run(30);
            Assert.Equal((UpdateState.Idle, TrialPhase.Running, TrialPhase.Running), (rig.Status.State, _second.Record.Trial, _third.Record.Trial));

            _third.IsUnreadable = false;
            rig.SelfTest = SelfTestResult.Passed;
            rig.Boot().Run();

            Assert.Equal((0, ResultCode.Applied, "1.1.0"), (_second.Reverts, rig.Status.LastCode, _second.Record.ConfirmedVersion));
        }

        [Fact]
        public void A_leading_module_that_is_found_reverted_later_has_the_others_reverted()
        {
            Rig rig = OnTrial();
            _third.IsUnreadable = true;
            rig.Channel.Desired = _ => "{}";
            rig.Boot().Run(1);
            Assert.Equal(0, _second.Reverts);
            _third.Record.Trial = TrialPhase.Ended;
            _third.Record.Verdict = ResultCode.SelfTestFailed;
            _third.IsUnreadable = false;
            rig.Run();
            Assert.Equal((TrialPhase.Ended, ResultCode.SelfTestFailed, "1.1.0"), (_second.Record.Trial, rig.Status.LastCode, rig.Status.LastVersion));
        }

        [Theory]
        [InlineData(60_000, UpdateState.Trial)]
        [InlineData(long.MaxValue, UpdateState.Idle)]
        public void Before_the_first_module_has_spoken_the_journal_does_not_say_which_one_leads(long known, UpdateState state)
        {
            Rig rig = Ready("second", "third");
            rig.Boot().Run(60);
            Assert.Equal(ResultCode.Applied, rig.Status.LastCode);
            _first.OnTrial(9);
            _second.OnTrial(9);
            _first.OnStatus = () => _first.IsUnreadable = rig.Now < known;
            rig.SelfTest = SelfTestResult.Running;
            rig.Boot().Run(6);
            Assert.Equal((state, 0, 0), (rig.Status.State, _first.Reverts, _second.Reverts));
        }

        [Fact]
        public void What_was_only_begun_is_reverted_even_though_the_leading_module_says_nothing()
        {
            Rig rig = OnTrial();
            _second.Record.Trial = TrialPhase.Activating;
            _third.IsUnreadable = true;
            rig.Channel.Desired = _ => "{}";
            rig.Boot().Run();
            Assert.Equal(TrialPhase.Ended, _second.Record.Trial);
        }

        [Fact]
        public void What_another_module_has_confirmed_is_confirmed_even_though_the_leading_module_says_nothing()
        {
            Rig rig = OnTrial("first", "second", "third");
            _first.IsUnreadable = true;
            _third.Record.ConfirmedDigest = _third.Record.TrialDigest;
            _third.Record.ConfirmedVersion = "1.1.0";
            _third.Record.Trial = TrialPhase.None;
            rig.Channel.Desired = _ => "{}";
            rig.Boot().Run();
            Assert.Equal((1, 0), (_second.Confirms, _second.Reverts));
        }

        [Theory]
        [InlineData(false, 0)]
        [InlineData(true, 0)]
        [InlineData(true, 5_000_000)]
        public void A_journal_that_cannot_be_read_for_a_minute_costs_that_minute(bool partly, long start)
        {
            Rig rig = OnTrial();
            rig.Boot().Run(1);
            int writes = rig.Store.Writes;
            int newest = rig.Store.Newest;

            // The copy before the newest one names the leading module as well.
            rig.Store.OnRead = index => rig.Now >= start + 60_000 || (partly && index != newest);
            rig.Boot(start).Run(1);
            Assert.Equal((0, 0, writes), (_second.Reverts, _third.Reverts, rig.Store.Writes));

            rig.SelfTest = SelfTestResult.Passed;
            rig.Run();

            Assert.Equal((0, 0, ResultCode.Applied), (_second.Reverts, _third.Reverts, rig.Status.LastCode));
        }

        [Fact]
        public void A_journal_that_cannot_be_read_at_all_reverts_nothing_and_is_not_written_over()
        {
            Rig rig = OnTrial();
            rig.PublishParts("1.2.0", "first");
            rig.Channel.Desired = _ => Rig.Request("1.2.0");
            int writes = rig.Store.Writes;
            rig.Store.OnRead = _ => false;
            rig.Boot().Run(60);
            Assert.Equal((0, 0, writes), (_second.Reverts, _third.Reverts, rig.Store.Writes));
            Assert.Equal((ResultCode.JournalFailed, TrialPhase.None), (rig.Status.LastCode, _first.Record.Trial));

            // What it said is still there.
            rig.Store.OnRead = _ => true;
            rig.Channel.Desired = _ => Rig.Request("1.1.0");
            rig.SelfTest = SelfTestResult.Passed;
            rig.Boot().Run();
            Assert.Equal((0, ResultCode.Applied, "1.1.0"), (_second.Reverts, rig.Status.LastCode, _second.Record.ConfirmedVersion));
        }

        [Fact]
        public void A_journal_that_can_be_read_again_after_the_boot_keeps_the_device_from_no_update()
        {
            Rig rig = Ready("first");
            bool isBack = false;
            rig.Store.OnRead = _ => isBack;
            rig.Boot().Run();

            // Nothing is erased either: there may be a checkpoint.
            Assert.Equal((ResultCode.JournalFailed, 0, 0), (rig.Status.LastCode, rig.Server.ImageBytesRead, _first.Confirms));
            isBack = true;
            rig.Skip(60 * 8);
            rig.Run();
            Assert.Equal((ResultCode.Applied, "1.1.0"), (rig.Status.LastCode, rig.Status.Current));
        }

        [Fact]
        public void A_trial_of_the_first_module_does_not_wait_for_the_journal()
        {
            Rig rig = OnTrial("first", "second");
            rig.Store.OnRead = _ => false;
            rig.SelfTest = SelfTestResult.Passed;
            rig.Boot().Run(1);
            Assert.Equal((1, 1, 0), (_first.Confirms, _second.Confirms, _second.Reverts));

            // The next boot finds out, and says so.
            rig.Store.OnRead = _ => true;
            rig.Boot().Run();
            Assert.Equal((ResultCode.Applied, "1.1.0"), (rig.Status.LastCode, rig.Status.Current));
        }

        [Fact]
        public void A_boot_of_a_trial_that_cannot_be_counted_ends_the_trial_without_a_verdict()
        {
            Rig rig = OnTrial();
            rig.Store.OnWrite = (_, _) => [];
            rig.Boot().Run(1);
            Assert.Equal((TrialPhase.Ended, TrialPhase.Ended), (_second.Record.Trial, _third.Record.Trial));
            Assert.Equal((ResultCode.TrialInterrupted, ResultCode.TrialInterrupted), (_second.Record.Verdict, _third.Record.Verdict));

            // As long as the journal takes nothing, nothing is activated again; afterwards the version has its next trial.
            rig.SelfTest = SelfTestResult.Passed;
            rig.Run(60);
            Assert.Equal(TrialPhase.Ended, _second.Record.Trial);
            rig.Store.OnWrite = (_, _) => null;
            rig.Agent.CheckNow();
            rig.Run();
            Assert.Equal((ResultCode.Applied, "1.1.0"), (rig.Status.LastCode, _second.Record.ConfirmedVersion));
        }

        [Theory]
        [InlineData(90_000, "1.1.0")]
        [InlineData(long.MaxValue, null)]
        public void A_module_that_cannot_be_asked_when_the_leading_one_is_confirmed_is_waited_for_but_not_for_ever(long known, string? confirmed)
        {
            Rig rig = OnTrial("first", "second");
            _second.OnStatus = () => _second.IsUnreadable = rig.Now < known;
            rig.SelfTest = SelfTestResult.Passed;
            rig.Boot().Run();
            Assert.Equal((1, ResultCode.Applied, confirmed), (_first.Confirms, rig.Status.LastCode, _second.Record.ConfirmedVersion));
            Assert.InRange(rig.Now, 0, 180_000);
        }

        [Fact]
        public void A_module_that_can_be_asked_again_after_the_boot_says_which_version_runs()
        {
            Rig rig = Ready("first");
            rig.Boot().Run();
            _first.IsUnreadable = true;
            rig.Channel.Desired = _ => "{}";
            rig.Boot().Run(6);
            Assert.Equal((UpdateState.Idle, "1.0.0"), (rig.Status.State, rig.Status.Current));

            _first.IsUnreadable = false;
            rig.Channel.Desired = _ => Rig.Request("1.1.0");
            rig.Agent.CheckNow();
            rig.Run();

            Assert.Equal((1, "1.1.0"), (_first.Confirms, rig.Status.Current));
        }

        private void Hide(bool throws, Func<bool> isHidden)
        {
            _third.OnStatus = () =>
            {
                _third.IsUnreadable = !throws && isHidden();
                if (throws && isHidden())
                {
                    throw new InvalidOperationException("planted");
                }
            };
        }

        // The third module leads, where the first has no part.
        private Rig OnTrial(params string[] components)
        {
            Rig rig = Ready(components.Length > 0 ? components : ["second", "third"]);
            rig.SelfTest = SelfTestResult.Running;
            rig.Boot().Run(1);
            Assert.Equal((UpdateState.Trial, TrialPhase.Running), (rig.Status.State, _second.Record.Trial));
            return rig;
        }

        private Rig Ready(params string[] components)
        {
            var rig = new Rig { Configure = o => o.Modules = [_first, _second, _third] };
            rig.PublishParts("1.1.0", components);
            return rig;
        }
    }
}
