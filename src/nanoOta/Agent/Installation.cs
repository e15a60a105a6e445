// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;

namespace nanoOta
{
    /// <summary>
    /// Activation, confirmation and reversal over all modules. The first module, the firmware's, leads: others are activated
    /// before it and confirmed after it, so that whatever a power cut leaves, its record tells which way the others must go.
    /// </summary>
    internal sealed class Installation
    {
        private readonly UpdateContext _context;
        private readonly Conclusions _conclusions;
        private readonly ModuleStatus[] _statuses;
        private int _toRevert;

        internal Installation(UpdateContext context, Conclusions conclusions)
        {
            _context = context;
            _conclusions = conclusions;
            _statuses = new ModuleStatus[context.Modules.Length];
            for (int i = 0; i < _statuses.Length; i++)
            {
                _statuses[i] = new ModuleStatus();
            }
        }

        /// <summary>Whether what runs is on trial.</summary>
        internal bool IsOnTrial { get; set; }

        private ModuleStatus Lead => _statuses[0];

        /// <summary>Finds out after a boot what has become of an update, and finishes what a cut left half done.</summary>
        /// <returns>False when the leading module's record cannot be read now.</returns>
        internal bool AfterBoot()
        {
            Journal journal = _context.Journal;
            if (!Ask(0))
            {
                return false;
            }

            IsOnTrial = Lead.Trial == TrialPhase.Running;
            ModuleStatus trial = Lead;
            for (int i = 1; i < _statuses.Length; i++)
            {
                ModuleStatus status = _statuses[i];
                if (!Ask(i) || status.Trial != TrialPhase.Running || (IsOnTrial && Bytes.Equal(status.TrialDigest, trial.TrialDigest)))
                {
                    continue;
                }

                if (Bytes.Equal(status.TrialDigest, Lead.AppliedDigest))
                {
                    Settle(i, true);
                }
                else if (journal[Journal.HasFirmware] == 0 && IsActivated(status.TrialDigest))
                {
                    IsOnTrial = true;
                    trial = status;
                }
                else
                {
                    Settle(i, false);
                }
            }

            if (IsOnTrial)
            {
                _context.Version = trial.TrialVersion;
                Array.Copy(trial.TrialDigest, 0, _context.Digest, 0, Sha256.DigestLength);
            }
            else if (Lead.Trial == TrialPhase.Ended && Lead.TrialId != journal[Journal.ConcludedTrial])
            {
                journal[Journal.ConcludedTrial] = Lead.TrialId;
                _conclusions.TrialEnded(Lead.TrialDigest, Lead.TrialVersion, Lead.Verdict);
            }
            else
            {
                // A cut may have come between the last confirmation and the journal.
                for (int i = 0; i < _statuses.Length; i++)
                {
                    if (IsActivated(_statuses[i].AppliedDigest))
                    {
                        _conclusions.Applied(_statuses[i].AppliedDigest, _statuses[i].AppliedVersion);
                    }
                }
            }

            SetCurrent();
            return true;
        }

        /// <summary>The work of Update.</summary>
        internal ResultCode Activate()
        {
            Journal journal = _context.Journal;
            journal[Journal.Phase] = Journal.Updating;
            journal[Journal.HasFirmware] = _context.Takes(_context.Modules[0]) ? 1u : 0u;
            journal[Journal.Activations]++;
            if (!journal.Save())
            {
                return ResultCode.JournalFailed;
            }

            ResultCode code = ResultCode.None;
            for (int i = _context.Modules.Length - 1; i >= 0 && code == ResultCode.None; i--)
            {
                if (_context.Takes(_context.Modules[i]))
                {
                    code = _context.Modules[i].Update(_context.Manifest, _context.Digest);
                    _statuses[i].Trial = TrialPhase.Running;
                }
            }

            return code;
        }

        /// <summary>The work of Apply.</summary>
        internal ResultCode Apply()
        {
            for (int i = 0; i < _statuses.Length; i++)
            {
                // Another trial than this one, which could not be ended at boot, is not to be confirmed. If the module cannot be
                // asked, what is known of it holds.
                ModuleStatus status = _statuses[i];
                if ((!Ask(i) || Bytes.Equal(status.TrialDigest, _context.Digest)) && status.Trial == TrialPhase.Running)
                {
                    ResultCode code = _context.Modules[i].Apply();
                    if (code != ResultCode.None)
                    {
                        return code;
                    }
                }
            }

            IsOnTrial = false;
            _conclusions.Applied(_context.Digest, _context.Version);
            SetCurrent();
            return ResultCode.None;
        }

        internal void BeginRevert()
        {
            _toRevert = _context.Modules.Length;
        }

        /// <summary>The modules' part of Revert: the leading one first, because its record is what the others go by after a cut.</summary>
        internal ResultCode Revert(ResultCode reason)
        {
            for (; _toRevert > 0; _toRevert--)
            {
                ResultCode code = _context.Modules[_context.Modules.Length - _toRevert].Revert(reason);
                if (code != ResultCode.None)
                {
                    return code;
                }
            }

            return ResultCode.None;
        }

        /// <summary>Ends Revert where no reboot is needed.</summary>
        internal void ConcludeRevert(ResultCode reason)
        {
            Ask(0);
            _context.Journal[Journal.ConcludedTrial] = Lead.TrialId;
            if (IsOnTrial)
            {
                IsOnTrial = false;
                _conclusions.TrialEnded(_context.Digest, _context.Version, reason);
            }
            else
            {
                _conclusions.Failed(reason);
            }

            SetCurrent();
        }

        /// <summary>Says what runs, and from where.</summary>
        internal void Describe(UpdateStatus status)
        {
            Ask(0);
            status.Current = _context.Current.Text;
            status.Slot = Lead.Place;
            status.HasFallback = Lead.HasFallback;
        }

        // A module that cannot even say how it stands must not keep the device from updates, which may be the remedy.
        private bool Ask(int module)
        {
            try
            {
                _context.Modules[module].GetStatus(_statuses[module]);
                return true;
            }
            catch (Exception e)
            {
                _context.Status.Fault = e;
                return false;
            }
        }

        // Nor must one whose trial cannot be ended now: that is tried again at the next boot.
        private void Settle(int module, bool apply)
        {
            try
            {
                _context.Status.Waiting = apply ? _context.Modules[module].Apply() : _context.Modules[module].Revert(ResultCode.TrialInterrupted);
            }
            catch (Exception e)
            {
                _context.Status.Fault = e;
                _context.Status.Waiting = ResultCode.InternalError;
            }
        }

        private bool IsActivated(byte[] digest)
        {
            return _context.Journal[Journal.Phase] == Journal.Updating && _context.Journal.IsAbout(digest);
        }

        // What was applied last is what runs, as long as a module still vouches for it.
        private void SetCurrent()
        {
            string version = Lead.AppliedVersion;
            for (int i = 0; i < _statuses.Length && !IsOnTrial; i++)
            {
                if (Ask(i) && _statuses[i].AppliedVersion == _context.Journal.GetText(Journal.AppliedVersion))
                {
                    version = _statuses[i].AppliedVersion;
                }
            }

            SemanticVersion current = SemanticVersion.Parse(IsOnTrial ? _context.Version : version);
            _context.Current = current != null ? current : SemanticVersion.Parse(_context.Options.ApplicationVersion);
        }
    }
}
