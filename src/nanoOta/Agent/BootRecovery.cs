// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;

namespace nanoOta
{
    /// <summary>
    /// Finds out after a boot what has become of an update, and finishes what a power failure left half done. The slot record and what runs
    /// decide; the journal explains. The first module's record leads: the others go the way that it tells.
    /// </summary>
    internal static class BootRecovery
    {
        /// <summary>Recovers.</summary>
        /// <returns>
        /// <see cref="ResultCode.Pending"/> to be called again, because a module is still at work; <see cref="ResultCode.InternalError"/> when the
        /// leading module's record cannot be read now.
        /// </returns>
        internal static ResultCode Run(UpdateContext context, ModuleStatuses statuses)
        {
            Journal journal = context.Journal;
            if (!statuses.Read(0))
            {
                return ResultCode.InternalError;
            }

            ModuleStatus lead = statuses[0];
            ModuleStatus trial = lead;
            bool isOnTrial = lead.Trial == TrialPhase.Running;
            for (int i = 1; i < context.Modules.Length; i++)
            {
                ModuleStatus status = statuses[i];
                if (!statuses.Read(i) || status.Trial == TrialPhase.None || status.Trial == TrialPhase.Ended
                    || (isOnTrial && status.Trial == TrialPhase.Running && Bytes.Equal(status.TrialDigest, trial.TrialDigest)))
                {
                    continue;
                }

                bool isConfirmed = status.Trial == TrialPhase.Running && Bytes.Equal(status.TrialDigest, lead.ConfirmedDigest);
                if (!isConfirmed && status.Trial == TrialPhase.Running && journal[Journal.HasFirmware] == 0 && journal.IsActivated(status.TrialDigest))
                {
                    isOnTrial = true;
                    trial = status;
                }
                else if (End(context, i, isConfirmed) == ResultCode.Pending)
                {
                    return ResultCode.Pending;
                }
                else
                {
                    // Ended or not: it is no part of what is on trial.
                    status.Trial = TrialPhase.None;
                }
            }

            statuses.IsOnTrial = isOnTrial;
            if (isOnTrial)
            {
                context.Version = trial.TrialVersion;
                Array.Copy(trial.TrialDigest, 0, context.Digest, 0, Sha256.DigestLength);
            }
            else if (lead.Trial == TrialPhase.Ended && lead.TrialId != journal[Journal.ConcludedTrial])
            {
                journal.TrialEnded(lead.TrialId, lead.TrialDigest, lead.TrialVersion, lead.Verdict, context.Time());
            }
            else
            {
                // The power may have failed between the last confirmation and the journal.
                for (int i = 0; i < context.Modules.Length; i++)
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

        // A module whose trial cannot be ended now must not keep the device from updates: that is tried again at the next boot.
        private static ResultCode End(UpdateContext context, int module, bool confirm)
        {
            try
            {
                ResultCode code = confirm ? context.Modules[module].Confirm() : context.Modules[module].Revert(ResultCode.TrialInterrupted);
                context.Status.Waiting = code == ResultCode.Pending ? ResultCode.None : code;
                return code;
            }
            catch (Exception e)
            {
                context.Status.Fault = e;
                context.Status.Waiting = ResultCode.InternalError;
                return ResultCode.InternalError;
            }
        }
    }
}
