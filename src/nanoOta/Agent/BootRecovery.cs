// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;

namespace nanoOta
{
    /// <summary>
    /// Finds out after a boot what has become of an update, and finishes what a power failure left half done. The leading module's record
    /// decides: the others go the way that it tells. The journal explains; of an update without firmware it also says which module leads,
    /// and when it is lost, what is not confirmed is reverted.
    /// </summary>
    internal static class BootRecovery
    {
        /// <summary>Recovers.</summary>
        /// <param name="context">The agent's.</param>
        /// <param name="statuses">The agent's.</param>
        /// <param name="waits">Whether there is time left to wait for what cannot be read now.</param>
        /// <returns>
        /// <see cref="ResultCode.Pending"/> to be called again, because a module is still at work; <see cref="ResultCode.InternalError"/> when what
        /// decides cannot be read now.
        /// </returns>
        internal static ResultCode Run(UpdateContext context, ModuleStatuses statuses, bool waits)
        {
            Journal journal = context.Journal;
            int count = context.Modules.Length;
            if (statuses.Recovered == 0)
            {
                if (journal.Record.IsUnreadable)
                {
                    journal.Load(!waits);
                }

                for (int i = 0; i < count; i++)
                {
                    statuses.Read(i);
                }

                // What the device itself has on trial leads, whatever the journal says.
                int leader = (int)(journal[Journal.Leader] % Journal.TrialBoot) - 1;
                statuses.Leader = leader < 0 || leader >= count || statuses[0].Trial == TrialPhase.Running ? 0 : leader;
            }

            ModuleStatus lead = statuses[statuses.Leader];

            // Not to know which module leads, or which way it has gone, is no reason to revert the others.
            bool isUnknown = lead.Trial == TrialPhase.Unknown || statuses[0].Trial == TrialPhase.Unknown
                || (journal.Record.IsUnreadable && statuses[0].Trial != TrialPhase.Running);
            if (waits && isUnknown)
            {
                return ResultCode.InternalError;
            }

            ResultCode reason = ResultCode.TrialInterrupted;
            if (statuses.Recovered == 0 && statuses.Leader > 0 && lead.Trial == TrialPhase.Running)
            {
                // Below the agent nothing watches over this trial.
                ResultCode end = journal.TrialBoots();
                if (end != ResultCode.None)
                {
                    lead.Trial = TrialPhase.Activating;
                    reason = end;
                }
            }

            // Each module is dealt with once, however many steps another one takes.
            for (; statuses.Recovered < count; statuses.Recovered++)
            {
                int module = statuses.At(statuses.Recovered);
                ModuleStatus status = statuses[module];
                bool isRunning = status.Trial == TrialPhase.Running;
                bool isConfirmed = isRunning && statuses.IsConfirmed(status.TrialDigest);
                if ((!isRunning && status.Trial != TrialPhase.Activating) || (isRunning && isUnknown && !isConfirmed)
                    || (isRunning && lead.Trial == TrialPhase.Running && Bytes.Equal(status.TrialDigest, lead.TrialDigest)))
                {
                    continue;
                }

                ResultCode code = statuses.End(module, isConfirmed ? ResultCode.None : reason);
                if (code == ResultCode.Pending)
                {
                    return ResultCode.Pending;
                }

                // Ended or not, it is no part of what is on trial. One that cannot be ended now must not keep the device from updates: the next
                // boot tries again.
                context.Status.Waiting = code;
                statuses.Read(module);
                status.Trial = status.Trial == TrialPhase.Ended ? TrialPhase.Ended : TrialPhase.None;
            }

            statuses.IsOnTrial = lead.Trial == TrialPhase.Running;
            if (statuses.IsOnTrial)
            {
                context.Version = lead.TrialVersion;
                Array.Copy(lead.TrialDigest, 0, context.Digest, 0, Sha256.DigestLength);
            }
            else if (lead.Trial == TrialPhase.Ended && lead.TrialId != journal[Journal.ConcludedTrial])
            {
                journal.TrialEnded(lead.TrialId, lead.TrialDigest, lead.TrialVersion, lead.Verdict, context.Time());
            }
            else
            {
                // The power may have failed between the last confirmation and the journal.
                for (int i = 0; i < count; i++)
                {
                    if (journal.IsActivated(statuses[i].ConfirmedDigest))
                    {
                        journal.Confirmed(statuses[i].ConfirmedDigest, statuses[i].ConfirmedVersion, context.Time());
                    }
                }
            }

            statuses.SetCurrent();
            return ResultCode.None;
        }
    }
}
