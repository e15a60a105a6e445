// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

namespace nanoOta
{
    /// <summary>
    /// Activation, confirmation and reversal over all modules. The first module, the firmware's, leads: others are activated, rebooted and
    /// checked before it, and confirmed after it, so that whatever a power failure leaves, its record tells which way the others must go.
    /// </summary>
    internal sealed class Activation
    {
        // So often a module that does not lead may fail to confirm or to revert; then the device goes on, and tries again at the next boot.
        private const int MaxFailures = 3;

        private readonly UpdateContext _context;
        private readonly ModuleStatuses _statuses;
        private int _step;
        private int _rebooted;
        private int _failures;

        internal Activation(UpdateContext context, ModuleStatuses statuses)
        {
            _context = context;
            _statuses = statuses;
        }

        /// <summary>Begins any of the three, or a trial after a boot.</summary>
        internal void Begin()
        {
            _step = 0;
            _rebooted = 0;
            _failures = 0;
        }

        /// <summary>Pending: to be called again.</summary>
        internal ResultCode Activate()
        {
            int last = _context.Modules.Length - 1;
            ResultCode code = ResultCode.None;
            while (_step <= last + 2 && code == ResultCode.None)
            {
                code = _step == 0 ? Announce() : _step <= last ? Activate(last + 1 - _step) : _step == last + 1 ? Reboot() : Activate(0);
                _step += code == ResultCode.None ? 1 : 0;
            }

            return code;
        }

        /// <summary>Has the modules on trial, but for the leading one, reboot and check their components, by priority.</summary>
        internal ResultCode Reboot()
        {
            UpdateModule[] modules = _context.Modules;
            while (true)
            {
                int next = 0;
                for (int i = 1; i < modules.Length; i++)
                {
                    if (_statuses[i].Trial == TrialPhase.Running && ((_rebooted >> i) & 1) == 0
                        && (next == 0 || modules[i].RebootPriority > modules[next].RebootPriority))
                    {
                        next = i;
                    }
                }

                ResultCode code = next == 0 ? ResultCode.None : modules[next].Reboot();
                if (next == 0 || code != ResultCode.None)
                {
                    return code;
                }

                _rebooted |= 1 << next;
            }
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
                    if (code != ResultCode.None && !IsLeft(i, code))
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

        /// <summary>The modules' part of Revert: the leading one first, because its record is what the others go by after a power failure.</summary>
        internal ResultCode Revert(ResultCode reason)
        {
            for (; _step < _context.Modules.Length; _step++)
            {
                ResultCode code = _context.Modules[_step].Revert(reason);
                if (code != ResultCode.None && !IsLeft(_step, code))
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

        private ResultCode Announce()
        {
            for (int i = 0; i < _context.Modules.Length; i++)
            {
                _statuses[i].Trial = TrialPhase.None;
            }

            return _context.Journal.ActivationBegins(_context.Takes(_context.Modules[0])) ? ResultCode.None : ResultCode.JournalFailed;
        }

        private ResultCode Activate(int module)
        {
            if (!_context.Takes(_context.Modules[module]))
            {
                return ResultCode.None;
            }

            ResultCode code = _context.Modules[module].Activate(_context.Manifest, _context.Digest);
            _statuses[module].Trial = TrialPhase.Running;
            return code;
        }

        // Where the leading module's record tells at the next boot which way a module must go, it need not be waited for.
        private bool IsLeft(int module, ResultCode code)
        {
            bool isFailure = module > 0 && code != ResultCode.Pending && _context.Journal[Journal.HasFirmware] != 0;
            _failures += isFailure ? 1 : 0;
            return isFailure && _failures % MaxFailures == 0;
        }
    }
}
