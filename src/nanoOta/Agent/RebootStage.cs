// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;
using nanoFramework.Runtime.Native;

namespace nanoOta
{
    /// <summary>Waits for the application, and a little for the last report to arrive, and reboots.</summary>
    internal sealed class RebootStage
    {
        private const int ReportMilliseconds = 10000;
        private const int PollMilliseconds = 100;
        private const int AskMilliseconds = 10000;

        private readonly UpdateContext _context;
        private long _latest;
        private long _reportedBy;

        internal RebootStage(UpdateContext context)
        {
            _context = context;
        }

        internal void Begin(long now)
        {
            _latest = now + _context.Options.RebootDelaySeconds * 1000L;
            _reportedBy = long.MaxValue;
        }

        /// <summary>Whether a module has changed what only a reboot brings into effect.</summary>
        internal bool IsNeeded()
        {
            bool needed = false;
            for (int i = 0; i < _context.Modules.Length; i++)
            {
                needed |= _context.Modules[i].NeedsReboot();
            }

            return needed;
        }

        internal long Step(long now)
        {
            if (!IsNeeded())
            {
                return StepResult.Done;
            }

            if (_reportedBy == long.MaxValue)
            {
                if (now < _latest && !MayReboot())
                {
                    return StepResult.Until(now + AskMilliseconds);
                }

                _reportedBy = now + ReportMilliseconds;
            }

            if (now < _reportedBy && !_context.Channel.IsReported)
            {
                return StepResult.Until(now + PollMilliseconds);
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
