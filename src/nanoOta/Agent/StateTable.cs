// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

namespace nanoOta
{
    /// <summary>How the work of a state came out.</summary>
    internal enum Outcome
    {
        /// <summary>It is not done yet.</summary>
        Stay,

        /// <summary>It is done.</summary>
        Done,

        /// <summary>It failed or was refused.</summary>
        Failed,

        /// <summary>The update request was withdrawn or replaced.</summary>
        Cancelled,
    }

    /// <summary>
    /// The whole state machine: for each state, what follows when its work is done, has failed, or the update request is gone. After a
    /// reboot the agent begins in Trial when the slot record says so, and in Idle otherwise. A trial is not cancelled: what runs
    /// must first be found good or bad. Apply and Revert do not fail: they are tried until they succeed, or the watchdog strikes. No path leads back to a state without passing through Idle, so an attempt takes at most
    /// nine transitions; the number of attempts is bounded by <see cref="Gates.MaxActivations"/>.
    /// </summary>
    internal static class StateTable
    {
        // A text, because an initialised array costs a device six times as much. I Idle, R Resolve, W Wait, P Prepare,
        // V Verify, U Update, B Reboot, T Trial, A Apply, X Revert: in the order of UpdateState.
        private const string Letters = "IRWPVUBTAX";

        private const string Next3 =
            /* Idle    */ "RII" +
            /* Resolve */ "WII" +
            /* Wait    */ "PII" +
            /* Prepare */ "VXX" +
            /* Verify  */ "UXX" +
            /* Update  */ "BXX" +
            /* Reboot  */ "TXX" +
            /* Trial   */ "AXT" +
            /* Apply   */ "IAA" +
            /* Revert  */ "IXX";

        internal static UpdateState Next(UpdateState from, Outcome outcome)
        {
            return outcome == Outcome.Stay ? from : (UpdateState)Letters.IndexOf(Next3[3 * (int)from + (int)outcome - 1]);
        }

        /// <summary>Whether a withdrawn update request still ends the update.</summary>
        internal static bool CanCancel(UpdateState state)
        {
            return state != UpdateState.Idle && Next(state, Outcome.Cancelled) != state;
        }

        /// <summary>The state in a word, for reports.</summary>
        internal static string Text(UpdateState state)
        {
            switch (state)
            {
                case UpdateState.Idle:
                    return "idle";
                case UpdateState.Resolve:
                    return "checking";
                case UpdateState.Wait:
                    return "waiting";
                case UpdateState.Prepare:
                    return "downloading";
                case UpdateState.Verify:
                    return "verifying";
                case UpdateState.Update:
                    return "activating";
                case UpdateState.Reboot:
                    return "rebooting";
                case UpdateState.Trial:
                    return "trial";
                case UpdateState.Apply:
                    return "confirming";
                default:
                    return "rolling back";
            }
        }
    }
}
