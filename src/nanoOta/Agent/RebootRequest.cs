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

    /// <summary>Is told that the device is about to reboot, and may delay it.</summary>
    /// <param name="sender">The agent.</param>
    /// <param name="e">Takes the delay.</param>
    public delegate void RebootRequestedHandler(object sender, RebootRequestedEventArgs e);

    /// <summary>The work of Reboot: waits for the application, and a little for the last report to arrive, and reboots.</summary>
    internal sealed class RebootRequest
    {
        private const int ReportMilliseconds = 10000;
        private const int PollMilliseconds = 100;

        private readonly UpdateContext _context;
        private readonly IUpdateChannel _channel;
        private readonly UpdateAgent _agent;
        private long _latest;
        private long _askAt;
        private long _reportedBy;

        internal RebootRequest(UpdateContext context, IUpdateChannel channel, UpdateAgent agent)
        {
            _context = context;
            _channel = channel;
            _agent = agent;
        }

        internal void Begin(long now)
        {
            _latest = now + _context.Options.RebootDelaySeconds * 1000L;
            _askAt = now;
            _reportedBy = 0;
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

        internal ResultCode Step(long now)
        {
            if (!IsNeeded())
            {
                return ResultCode.None;
            }

            if (_askAt != long.MaxValue)
            {
                if (now < _askAt)
                {
                    return _context.Until(_askAt);
                }

                RebootRequestedEventArgs e = new RebootRequestedEventArgs();
                _agent.AskForReboot(e);
                if (e.DelaySeconds > 0 && now < _latest)
                {
                    _askAt = now + e.DelaySeconds * 1000L;
                    _askAt = _askAt < _latest ? _askAt : _latest;
                    return _context.Until(_askAt);
                }

                _askAt = long.MaxValue;
                _reportedBy = now + ReportMilliseconds;
            }

            if (now < _reportedBy && !_channel.IsReported)
            {
                return _context.Until(now + PollMilliseconds);
            }

            Power.RebootDevice();
            return _context.Until(long.MaxValue);
        }
    }
}
