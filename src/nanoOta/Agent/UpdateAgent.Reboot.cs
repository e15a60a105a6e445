// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;
using nanoFramework.Runtime.Native;

namespace nanoOta
{
    // States Reboot and Revert: wait for the application, and a little for the last report to arrive, and reboot.
    public sealed partial class UpdateAgent
    {
        private const int ReportMilliseconds = 10000;
        private const int ReportPollMilliseconds = 100;
        private const int AskMilliseconds = 10000;

        private long _latestReboot;
        private long _reportedBy;

        private void BeginReboot(long now)
        {
            _latestReboot = now + _context.Options.RebootDelaySeconds * 1000L;
            _reportedBy = long.MaxValue;
        }

        // Whether a module has changed what only a reboot brings into effect.
        private bool NeedsReboot()
        {
            bool needed = false;
            for (int i = 0; i < _context.Modules.Length; i++)
            {
                needed |= _context.Modules[i].NeedsReboot();
            }

            return needed;
        }

        private long Reboot(long now)
        {
            if (!NeedsReboot())
            {
                return StepResult.Done;
            }

            if (_reportedBy == long.MaxValue)
            {
                if (now < _latestReboot && !MayReboot())
                {
                    return StepResult.Until(now + AskMilliseconds < _latestReboot ? now + AskMilliseconds : _latestReboot);
                }

                _reportedBy = now + ReportMilliseconds;
            }

            if (now < _reportedBy && !_channel.IsReported)
            {
                return StepResult.Until(now + ReportPollMilliseconds);
            }

            Power.RebootDevice();
            return StepResult.Until(long.MaxValue);
        }

        private bool MayReboot()
        {
            QuestionHandler question = _context.Options.MayReboot;
            try
            {
                return question == null || question();
            }
            catch (Exception e)
            {
                // A handler that throws counts as consent.
                _context.Status.Fault = e;
                return true;
            }
        }
    }
}
