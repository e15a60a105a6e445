// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

namespace nanoOta
{
    /// <summary>
    /// Activation, confirmation and reversal over all modules. The first module, the firmware's, leads: others are activated
    /// before it and confirmed after it, so that whatever a power failure leaves, its record tells which way the others must go.
    /// </summary>
    internal sealed class Activation
    {
        private readonly UpdateContext _context;
        private readonly ModuleStatuses _statuses;
        private int _toRevert;

        internal Activation(UpdateContext context, ModuleStatuses statuses)
        {
            _context = context;
            _statuses = statuses;
        }

        internal ResultCode Activate()
        {
            UpdateModule[] modules = _context.Modules;
            if (!_context.Journal.ActivationBegins(_context.Takes(modules[0])))
            {
                return ResultCode.JournalFailed;
            }

            ResultCode code = ResultCode.None;
            for (int i = modules.Length - 1; i >= 0 && code == ResultCode.None; i--)
            {
                if (_context.Takes(modules[i]))
                {
                    code = modules[i].Activate(_context.Manifest, _context.Digest);
                    _statuses[i].Trial = TrialPhase.Running;
                }
            }

            return code;
        }

        internal ResultCode Confirm()
        {
            for (int i = 0; i < _context.Modules.Length; i++)
            {
                // Another trial than this one, which could not be ended at boot, is not to be confirmed. If the module cannot be
                // asked, what is known of it holds.
                ModuleStatus status = _statuses[i];
                if ((!_statuses.Read(i) || Bytes.Equal(status.TrialDigest, _context.Digest)) && status.Trial == TrialPhase.Running)
                {
                    ResultCode code = _context.Modules[i].Confirm();
                    if (code != ResultCode.None)
                    {
                        return code;
                    }
                }
            }

            _statuses.IsOnTrial = false;
            _context.Journal.Confirmed(_context.Digest, _context.Version, _context.Time());
            _statuses.SetCurrent();
            return ResultCode.None;
        }

        internal void BeginRevert()
        {
            _toRevert = _context.Modules.Length;
        }

        /// <summary>The modules' part of Revert: the leading one first, because its record is what the others go by after a power failure.</summary>
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
            _statuses.Read(0);
            long time = _context.Time();
            bool wasOnTrial = _statuses.IsOnTrial;
            _statuses.IsOnTrial = false;
            _context.Journal.RevertEnded(_statuses[0].TrialId, wasOnTrial, reason, _context.Digest, _context.Version, time);
            _statuses.SetCurrent();
        }
    }
}
