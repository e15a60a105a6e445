// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

namespace nanoOta
{
    /// <summary>
    /// The work of Trial: the version that runs passes its self-test and hears from its channel before its time is up, or it is
    /// rolled back. A crash or a hang needs no code here: the native watchdog and the slot record deal with them.
    /// </summary>
    internal sealed class TrialRun
    {
        private const int PollMilliseconds = 1000;

        private readonly UpdateContext _context;
        private readonly IUpdateChannel _channel;
        private SelfTestResult _test;
        private long _deadline;

        internal TrialRun(UpdateContext context, IUpdateChannel channel)
        {
            _context = context;
            _channel = channel;
        }

        internal void Begin(long now)
        {
            _test = _context.Options.SelfTest == null ? SelfTestResult.Passed : SelfTestResult.Running;
            _deadline = now + _context.Options.TrialSeconds * 1000L;
        }

        internal ResultCode Step(long now)
        {
            if (_test == SelfTestResult.Running)
            {
                _test = AskApplication();
            }

            if (_test == SelfTestResult.Failed)
            {
                return ResultCode.SelfTestFailed;
            }

            bool passed = _test == SelfTestResult.Passed;
            if (passed && (_channel.Answers > 0 || !_context.Options.TrialNeedsContact))
            {
                return ResultCode.None;
            }

            if (now >= _deadline)
            {
                return passed ? ResultCode.NoCloudContact : ResultCode.SelfTestFailed;
            }

            return _context.Until(now + PollMilliseconds);
        }

        private SelfTestResult AskApplication()
        {
            try
            {
                return _context.Options.SelfTest();
            }
            catch (System.Exception)
            {
                // A test that throws has found something wrong.
                return SelfTestResult.Failed;
            }
        }
    }
}
