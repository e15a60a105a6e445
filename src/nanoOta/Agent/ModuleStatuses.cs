// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;

namespace nanoOta
{
    /// <summary>What the modules' own records say, and what follows from it: the version that runs, and from which slot.</summary>
    internal sealed class ModuleStatuses
    {
        private readonly UpdateContext _context;
        private readonly ModuleStatus[] _statuses;

        internal ModuleStatuses(UpdateContext context)
        {
            _context = context;
            _statuses = new ModuleStatus[context.Modules.Length];
            for (int i = 0; i < _statuses.Length; i++)
            {
                _statuses[i] = new ModuleStatus();
                _statuses[i].Trial = TrialPhase.Unknown;
            }
        }

        /// <summary>Whether what runs is on trial.</summary>
        internal bool IsOnTrial;

        /// <summary>The module that leads the update in hand, or the last one.</summary>
        internal int Leader;

        /// <summary>How many modules, in their order, have been dealt with since the boot.</summary>
        internal int Recovered;

        /// <summary>Whether the device must reboot for what was taken back since the boot.</summary>
        internal bool NeedsReboot;

        /// <summary>The status of a module, as read last.</summary>
        internal ModuleStatus this[int module] => _statuses[module];

        /// <summary>Reads a module's record. One that cannot even say how it stands must not keep the device from updates, which may be the remedy.</summary>
        /// <returns>False when the module throws.</returns>
        internal bool Read(int module)
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

        /// <summary>The modules in the order in which they are confirmed and reverted: the leading one first. Activation goes the other way.</summary>
        /// <param name="order">0 to their number - 1.</param>
        internal int At(int order)
        {
            return order == 0 ? Leader : order <= Leader ? order - 1 : order;
        }

        /// <summary>
        /// Whether a module has confirmed an update: then the others must confirm it, too. One that has the same update on trial, or has taken
        /// it back, confirmed it some time before.
        /// </summary>
        internal bool IsConfirmed(byte[] digest)
        {
            for (int i = 0; i < _statuses.Length; i++)
            {
                ModuleStatus status = _statuses[i];
                if (Bytes.Equal(status.ConfirmedDigest, digest) && (status.Trial == TrialPhase.None || !Bytes.Equal(status.TrialDigest, digest)))
                {
                    return true;
                }
            }

            return false;
        }

        /// <summary>Confirms a module's trial, or reverts it for a reason.</summary>
        /// <returns>What the module says; <see cref="ResultCode.InternalError"/> when it throws.</returns>
        internal ResultCode End(int module, ResultCode reason)
        {
            UpdateModule one = _context.Modules[module];
            try
            {
                ResultCode code = reason == ResultCode.None ? one.Confirm() : one.Revert(reason);
                NeedsReboot |= code == ResultCode.None && one.NeedsReboot();
                return code;
            }
            catch (Exception e)
            {
                _context.Status.Fault = e;
                return ResultCode.InternalError;
            }
        }

        /// <summary>What the modules report of their components: a JSON object; null when none reports.</summary>
        internal string Describe()
        {
            string all = null;
            for (int i = 0; i < _statuses.Length; i++)
            {
                try
                {
                    string text = _context.Modules[i].Describe();
                    all = text == null ? all : (all == null ? "{" : all + ",") + text;
                }
                catch (Exception e)
                {
                    _context.Status.Fault = e;
                }
            }

            return all == null ? null : all + "}";
        }

        /// <summary>Finds out which version runs: what was confirmed last, as long as a module still vouches for it.</summary>
        internal void SetCurrent()
        {
            string version = IsOnTrial ? _context.Version : _statuses[0].ConfirmedVersion;
            for (int i = 0; i < _statuses.Length && !IsOnTrial; i++)
            {
                if (Read(i) && _statuses[i].ConfirmedVersion == _context.Journal.GetVersion(Journal.ConfirmedVersion))
                {
                    version = _statuses[i].ConfirmedVersion;
                }
            }

            SemanticVersion current = SemanticVersion.Parse(version);
            _context.Current = current != null ? current : SemanticVersion.Parse(_context.Options.ApplicationVersion);
        }
    }
}
