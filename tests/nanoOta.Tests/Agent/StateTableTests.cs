using nanoOta.Tests.Devices;

namespace nanoOta.Tests.Agent
{
    public class StateTableTests
    {
        private static readonly UpdateState[] _states = Enum.GetValues<UpdateState>();
        private static readonly Outcome[] _outcomes = [Outcome.Done, Outcome.Failed, Outcome.Cancelled];

        // After docs/architecture.md. To itself is no transition.
        private static readonly (UpdateState From, UpdateState To)[] _allowed =
        [
            (UpdateState.Idle, UpdateState.Check),
            (UpdateState.Check, UpdateState.Wait), (UpdateState.Check, UpdateState.Idle),
            (UpdateState.Wait, UpdateState.Download), (UpdateState.Wait, UpdateState.Idle),
            (UpdateState.Download, UpdateState.Verify), (UpdateState.Download, UpdateState.Discard),
            (UpdateState.Verify, UpdateState.Activate), (UpdateState.Verify, UpdateState.Discard),
            (UpdateState.Activate, UpdateState.Reboot), (UpdateState.Activate, UpdateState.Revert),
            (UpdateState.Reboot, UpdateState.Trial), (UpdateState.Reboot, UpdateState.Revert),
            (UpdateState.Trial, UpdateState.Confirm), (UpdateState.Trial, UpdateState.Revert),
            (UpdateState.Confirm, UpdateState.Idle),
            (UpdateState.Revert, UpdateState.Idle),
            (UpdateState.Discard, UpdateState.Idle),
        ];

        [Fact]
        public void The_table_allows_what_the_documentation_does_and_no_other_pair()
        {
            foreach (UpdateState from in _states)
            {
                foreach (UpdateState to in _states.Where(to => to != from))
                {
                    Assert.True(_allowed.Contains((from, to)) == _outcomes.Any(outcome => StateTable.Next(from, outcome) == to), $"{from} to {to}");
                }

                Assert.Equal(from, StateTable.Next(from, Outcome.Stay));
            }
        }

        [Fact]
        public void Nothing_leads_back_but_through_Idle_so_an_attempt_takes_nine_transitions_at_the_most()
        {
            Assert.Equal(9, Longest(UpdateState.Idle, []));

            static int Longest(UpdateState from, UpdateState[] path)
            {
                Assert.DoesNotContain(from, path);
                return _allowed.Where(pair => pair.From == from)
                    .Max(pair => 1 + (pair.To == UpdateState.Idle ? 0 : Longest(pair.To, [.. path, from])));
            }
        }

        [Fact]
        public void Once_something_is_active_no_way_leads_to_Idle_but_through_Confirm_or_Revert()
        {
            UpdateState[] active = [UpdateState.Activate, UpdateState.Reboot, UpdateState.Trial];
            UpdateState[] inactive = [UpdateState.Idle, UpdateState.Discard];
            Assert.All(_allowed.Where(pair => active.Contains(pair.From)), pair => Assert.DoesNotContain(pair.To, inactive));
            Assert.All(_allowed.Where(pair => pair.To == UpdateState.Discard), pair => Assert.Contains(pair.From, new[] { UpdateState.Download, UpdateState.Verify }));
        }

        [Fact]
        public void A_request_can_be_withdrawn_until_the_reboot()
        {
            Assert.Equal([UpdateState.Check, UpdateState.Wait, UpdateState.Download, UpdateState.Verify, UpdateState.Activate, UpdateState.Reboot], _states.Where(StateTable.CanCancel));
        }

        [Fact]
        public void Each_state_has_a_word_of_its_own()
        {
            Assert.Equal(_states.Length, _states.Select(StateTable.Text).Distinct().Count());
        }

        [Fact]
        public void Every_transition_that_is_allowed_is_taken_in_some_scenario_and_no_other()
        {
            var taken = new HashSet<(UpdateState, UpdateState)>();
            Scenario(rig => { });
            Scenario(rig => rig.SelfTest = SelfTestResult.Failed);
            Scenario(rig => rig.Server.Remove(Bench.Container + "v1_1_0.json"));
            Scenario(rig => rig.Server.Remove(Bench.Container + "v1_1_0.bin"));
            Scenario(rig => rig.Mcu.FailActivate = ResultCode.ActivationFailed);
            Scenario(rig => rig.Throws = name => name == "IsBusy");
            Scenario(rig => rig.Throws = name => name == "UpdateModule.Verify");
            Scenario(rig => rig.Throws = name => name == "UpdateModule.NeedsReboot" && rig.Status.State == UpdateState.Reboot);
            Assert.Equal(_allowed.Order(), taken.Order());

            void Scenario(Action<Rig> with)
            {
                var rig = new Rig();
                with(rig);
                rig.Boot().Run();
                Assert.Equal(UpdateState.Idle, rig.Status.State);
                Assert.InRange(rig.Transitions.Count, 2, 9);
                taken.UnionWith(rig.Transitions);
            }
        }

        [Fact]
        public void Attempts_that_are_interrupted_again_and_again_come_to_an_end()
        {
            var rig = new Rig();
            int boots = 0;
            while (true)
            {
                // The trial begins, and each time the power fails until the module gives it up.
                rig.SelfTest = SelfTestResult.Running;
                rig.Boot().Run(1);
                if (rig.Status.State == UpdateState.Idle)
                {
                    break;
                }

                Assert.Equal(UpdateState.Trial, rig.Status.State);
                rig.Mcu.Module().Revert(ResultCode.TrialInterrupted);
                Assert.True(++boots < 20);
            }

            Assert.Equal((Journal.MaxActivations, ResultCode.TooManyAttempts), (boots, rig.Status.LastCode));
            Assert.Equal([1], rig.Mcu.Running);
        }
    }
}
