// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using nanoFramework.Runtime.Native;

namespace nanoOta
{
    /// <summary>Asks the application whether the device may reboot now.</summary>
    public sealed class RebootRequestedEventArgs
    {
        /// <summary>Set it to be asked again after so many seconds; 0, the default: reboot now. The whole delay is limited.</summary>
        public int DelaySeconds;
    }

    /// <summary>Handles a reboot that is due, and may delay it.</summary>
    /// <param name="sender">The agent.</param>
    /// <param name="e">Takes the delay.</param>
    public delegate void RebootRequestedHandler(object sender, RebootRequestedEventArgs e);

    /// <summary>Waits for the application, and a little for the last report to arrive, and reboots.</summary>
    internal sealed class RebootStage
    {
        private const int ReportMilliseconds = 10000;
        private const int PollMilliseconds = 100;

        private readonly UpdateContext _context;
        private readonly UpdateAgent _agent;
        private long _latest;
        private long _reportedBy;

        internal RebootStage(UpdateContext context, UpdateAgent agent)
        {
            _context = context;
            _agent = agent;
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
                RebootRequestedEventArgs e = new RebootRequestedEventArgs();
                _agent.AskForReboot(e);
                if (e.DelaySeconds > 0 && now < _latest)
                {
                    long again = now + e.DelaySeconds * 1000L;
                    return StepResult.Until(again < _latest ? again : _latest);
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
    }
}
