using nanoOta.Tests.Devices;

namespace nanoOta.Tests.Core
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
            (UpdateState.Download, UpdateState.Verify), (UpdateState.Download, UpdateState.Revert),
            (UpdateState.Verify, UpdateState.Activate), (UpdateState.Verify, UpdateState.Revert),
            (UpdateState.Activate, UpdateState.Reboot), (UpdateState.Activate, UpdateState.Revert),
            (UpdateState.Reboot, UpdateState.Trial), (UpdateState.Reboot, UpdateState.Revert),
            (UpdateState.Trial, UpdateState.Confirm), (UpdateState.Trial, UpdateState.Revert),
            (UpdateState.Confirm, UpdateState.Idle),
            (UpdateState.Revert, UpdateState.Idle),
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
        public void Once_there_is_something_to_take_back_no_way_leads_to_Idle_but_through_Apply_or_Revert()
        {
            Assert.All(_allowed.Where(pair => pair.To == UpdateState.Idle), pair => Assert.Contains(pair.From, new[] { UpdateState.Check, UpdateState.Wait, UpdateState.Confirm, UpdateState.Revert }));
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
        public void Every_transition_that_is_allowed_is_taken_in_some_story_and_no_other()
        {
            var taken = new HashSet<(UpdateState, UpdateState)>();
            Story(rig => { });
            Story(rig => rig.SelfTest = SelfTestResult.Failed);
            Story(rig => rig.Server.Remove(Bench.Container + "v1_1_0.json"));
            Story(rig => rig.Server.Remove(Bench.Container + "v1_1_0.bin"));
            Story(rig => rig.Mcu.FailUpdate = ResultCode.ActivationFailed);
            Story(rig => rig.Throws = name => name == "IsBusy");
            Story(rig => rig.Throws = name => name == "UpdateModule.Verify");
            Story(rig => rig.Throws = name => name == "UpdateModule.NeedsReboot" && rig.Status.State == UpdateState.Reboot);
            Assert.Equal(_allowed.Order(), taken.Order());

            void Story(Action<Rig> with)
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

            Assert.Equal((Gates.MaxActivations, ResultCode.TooManyAttempts), (boots, rig.Status.LastCode));
            Assert.Equal([1], rig.Mcu.Running);
        }
    }
}
