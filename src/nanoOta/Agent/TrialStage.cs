// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;

namespace nanoOta
{
    /// <summary>
    /// The version that runs passes its self-test and hears from its channel before its time is up, or it is rolled back. A crash or a
    /// hang needs no code here: the native watchdog and the slot record deal with them.
    /// </summary>
    internal sealed class TrialStage
    {
        private const int PollMilliseconds = 1000;

        private readonly UpdateContext _context;
        private readonly SelfTestReport _report = new SelfTestReport();
        private SelfTestResult _test;
        private long _deadline;
        private int _answers;

        internal TrialStage(UpdateContext context)
        {
            _context = context;
        }

        /// <summary>Begins a trial.</summary>
        /// <param name="now">Milliseconds since the boot.</param>
        /// <param name="answers">How many answers the channel had before it: they say nothing of the version on trial.</param>
        internal void Begin(long now, int answers)
        {
            _answers = answers;
            _context.Status.Target = _context.Version;
            _test = _context.Options.SelfTest == null ? SelfTestResult.Passed : SelfTestResult.Running;
            _deadline = now + _context.Options.TrialSeconds * 1000L;
        }

        internal long Step(long now)
        {
            if (_test == SelfTestResult.Running)
            {
                _test = AskApplication();
            }

            bool passed = _test == SelfTestResult.Passed;
            bool late = now >= _deadline;
            if (_test == SelfTestResult.Failed || (late && !passed))
            {
                _context.Journal.SelfTestFailed(_report);
                return StepResult.Over(ResultCode.SelfTestFailed);
            }

            if (passed && (_context.Channel.Answers > _answers || !_context.Options.TrialNeedsContact))
            {
                return StepResult.Done;
            }

            return late ? StepResult.Over(ResultCode.NoCloudContact) : StepResult.Until(now + PollMilliseconds);
        }

        /// <summary>A component does not work: its code is the number that the self-test gives.</summary>
        internal long Fail(ResultCode code)
        {
            _report.Text = "component";
            _report.Number = (int)code;
            _context.Journal.SelfTestFailed(_report);
            return StepResult.Over(ResultCode.SelfTestFailed);
        }

        private SelfTestResult AskApplication()
        {
            try
            {
                return _context.Options.SelfTest(_report);
            }
            catch (Exception e)
            {
                // A test that throws has found something wrong.
                _context.Status.Fault = e;
                _report.Text = e.Message;
                return SelfTestResult.Failed;
            }
        }
    }
}
