using nanoOta.VirtualDevice;

namespace nanoOta.Budgets.Flow
{
    /// <summary>How many states the agent goes through for one offer, over all the boots it takes.</summary>
    internal static class TransitionsMeter
    {
        private const int Size = 20000;
        private const int Budget = 32;

        /// <summary>Counts those of the longest ways that an offer can take.</summary>
        public static BudgetRow Measure()
        {
            int straight = new Scene(Size).RunTo(ResultCode.Applied).Transitions;
            int failed = new Scene(Size) { SelfTest = SelfTestMode.Fail }.RunTo(ResultCode.SelfTestFailed).Transitions;
            int unheard = new Scene(Size) { Hears = onTrial => !onTrial }.RunTo(ResultCode.NoCloudContact).Transitions;
            int cut = CutInTrials(unheard: 0).Transitions;
            int mixed = CutInTrials(unheard: 1).Transitions;
            return new BudgetRow("transitions", "transitions for one offer", "transitions", Budget,
                $"virtual device: straight {straight}, failed self-test {failed}, two trials without contact {unheard}, power lost in each trial {cut}, but first one without contact {mixed}; the most")
            {
                Measured = new[] { straight, failed, unheard, cut, mixed }.Max(),
            };
        }

        /// <summary>
        /// The straight way, by the table: six transitions to the reboot, two from the trial to rest, and two in which the update request, read
        /// once more, is found to be fulfilled.
        /// </summary>
        public static string? SelfCheck()
        {
            int count = new Scene(Size).RunTo(ResultCode.Applied).Transitions;
            return count == 10 ? null : $"the straight way has {count} transitions";
        }

        // Until the agent gives up, or starts to try for ever.
        private static Scene CutInTrials(int unheard)
        {
            int trials = 0;
            var scene = new Scene(Size) { Hears = onTrial => !onTrial || trials > unheard };
            scene.OnAgent = agent => agent.StatusChanged += (_, status) =>
            {
                if (status.State == UpdateState.Trial && ++trials > unheard)
                {
                    scene.CutPower();
                }
            };
            while (scene.Run() == RunEnd.PowerCut)
            {
                if (scene.Transitions > 10 * Budget)
                {
                    throw new InvalidOperationException("A trial that the power fails in is repeated for ever.");
                }
            }

            return scene;
        }
    }
}
