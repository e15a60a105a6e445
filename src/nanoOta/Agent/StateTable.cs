// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

namespace nanoOta
{
    /// <summary>How a stage came out.</summary>
    internal enum Outcome
    {
        /// <summary>It is not over yet.</summary>
        Stay,

        /// <summary>It is done.</summary>
        Done,

        /// <summary>It failed or was refused.</summary>
        Failed,

        /// <summary>The update request was withdrawn or replaced.</summary>
        Cancelled,
    }

    /// <summary>
    /// The whole state machine: for each state, what follows when its stage is done, has failed, or the update request is gone. After a
    /// reboot the agent begins in Trial when the slot record says so, and in Idle otherwise. A trial is not cancelled: what runs
    /// must first be found good or bad. Confirm and Revert do not fail: they are tried until they succeed, or the watchdog strikes.
    /// No path leads back to a state without passing through Idle, so an attempt takes at most nine transitions; the number of attempts
    /// is bounded by <see cref="Journal.MaxActivations"/>.
    /// </summary>
    internal static class StateTable
    {
        // A text, because an initialised array costs a device six times as much. I Idle, C Check, W Wait, D Download, V Verify,
        // A Activate, B Reboot, T Trial, F Confirm, X Revert, G Discard: in the order of UpdateState.
        private const string Letters = "ICWDVABTFXG";

        private const string Next3 =
            /* Idle     */ "CII" +
            /* Check    */ "WII" +
            /* Wait     */ "DII" +
            /* Download */ "VGG" +
            /* Verify   */ "AGG" +
            /* Activate */ "BXX" +
            /* Reboot   */ "TXX" +
            /* Trial    */ "FXT" +
            /* Confirm  */ "IFF" +
            /* Revert   */ "IXX" +
            /* Discard  */ "IGG";

        private const string Texts = "idle,checking,waiting,downloading,verifying,activating,rebooting,trial,confirming,reverting,discarding";

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
            return Texts.Split(',')[(int)state];
        }
    }
}
