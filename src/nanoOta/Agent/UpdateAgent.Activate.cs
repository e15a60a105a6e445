// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

namespace nanoOta
{
    // Activation, confirmation and reversal over all modules. One of them leads: the others are activated, rebooted and checked before it, and
    // confirmed or reverted after it, so that whatever a power failure leaves, its record tells which way the others must go. The first
    // module, the firmware's, leads when it has a part in the update; without it, the one that would be the last to reboot.
    public sealed partial class UpdateAgent
    {
        // So often a module may fail to confirm or to revert; then the device goes on, and tries again at the next boot.
        private const int MaxFailures = 3;

        private readonly ModuleStatuses _statuses;
        private int _moduleStep;
        private int _rebooted;
        private int _moduleFailures;

        // Begins any of the three.
        private void BeginActivation()
        {
            _moduleStep = 0;
            _rebooted = 0;
            _moduleFailures = 0;
        }

        // Pending: to be called again.
        private ResultCode Activate()
        {
            // First it is announced; then come the modules that do not lead, their reboots, the leading one and its reboot.
            int count = _context.Modules.Length;
            ResultCode code = ResultCode.None;
            while (_moduleStep <= count + 2 && code == ResultCode.None)
            {
                code = _moduleStep == 0 ? Announce() : _moduleStep == count || _moduleStep == count + 2 ? RebootModules()
                    : Activate(_statuses.At(_moduleStep < count ? count - _moduleStep : 0));
                _moduleStep += code == ResultCode.None ? 1 : 0;
            }

            return code;
        }

        // Has the modules on trial reboot and check their components, by priority.
        private ResultCode RebootModules()
        {
            UpdateModule[] modules = _context.Modules;
            while (true)
            {
                int next = -1;
                for (int i = 0; i < modules.Length; i++)
                {
                    if (_statuses[i].Trial == TrialPhase.Running && ((_rebooted >> i) & 1) == 0
                        && (next < 0 || modules[i].RebootPriority > modules[next].RebootPriority))
                    {
                        next = i;
                    }
                }

                if (next < 0)
                {
                    return ResultCode.None;
                }

                ResultCode code = modules[next].Reboot();
                if (code != ResultCode.None)
                {
                    return code;
                }

                _rebooted |= 1 << next;
            }
        }

        private ResultCode Confirm()
        {
            ResultCode code = EndTrial(ResultCode.None);
            if (code == ResultCode.None)
            {
                _statuses.IsOnTrial = false;
                _context.Journal.Confirmed(_context.Digest, _context.Version, _context.Time());
                _statuses.SetCurrent();
            }

            return code;
        }

        // The modules' part of Revert, or with the reason None of Confirm, each of them once.
        private ResultCode EndTrial(ResultCode reason)
        {
            for (; _moduleStep < _context.Modules.Length; _moduleStep++)
            {
                int index = _statuses.At(_moduleStep);
                ModuleStatus status = _statuses[index];

                // Another trial than this one, which could not be ended, is left to the next boot. If the module cannot be asked, what is
                // known of it holds.
                bool isOther = _statuses.Read(index) && !Bytes.Equal(status.TrialDigest, _context.Digest);
                bool hasPart = status.Trial == TrialPhase.Running ? !isOther : reason != ResultCode.None;

                // One that is confirmed may have a part, and cannot say so now: it is asked again.
                ResultCode code = hasPart ? _statuses.End(index, reason)
                    : status.Trial == TrialPhase.Unknown ? ResultCode.InternalError : ResultCode.None;
                if (code == ResultCode.None)
                {
                    continue;
                }

                // One that does not lead can be left to the next boot, where the leading module's record decides. The leading one only
                // when its own record says that it is taken back.
                bool canBeLeft = _moduleStep > 0 || (_statuses.Read(index) && status.Trial == TrialPhase.Activating);
                if (code == ResultCode.Pending || !canBeLeft || ++_moduleFailures % MaxFailures != 0)
                {
                    return code;
                }
            }

            return ResultCode.None;
        }

        // Ends Revert where no reboot is needed.
        private void ConcludeRevert(ResultCode reason)
        {
            int leader = _statuses.Leader;
            _statuses.Read(leader);
            long time = _context.Time();
            bool wasOnTrial = _statuses.IsOnTrial;
            _statuses.IsOnTrial = false;
            _context.Journal.RevertEnded(_statuses[leader].TrialId, wasOnTrial, reason, _context.Digest, _context.Version, time);
            _statuses.SetCurrent();
        }

        private ResultCode Announce()
        {
            UpdateModule[] modules = _context.Modules;
            int leader = 0;
            for (int i = modules.Length - 1; i >= 0; i--)
            {
                _statuses.Read(i);
                _statuses[i].Trial = TrialPhase.None;
                if (_context.Takes(modules[i]) && (i == 0 || leader == 0 || modules[i].RebootPriority < modules[leader].RebootPriority))
                {
                    leader = i;
                }
            }

            _statuses.Leader = leader;
            return _context.Journal.ActivationBegins(leader, _statuses[leader].TrialId) ? ResultCode.None : ResultCode.JournalFailed;
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
    }
}
