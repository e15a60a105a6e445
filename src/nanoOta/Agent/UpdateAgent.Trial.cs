// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;

namespace nanoOta
{
    // State Trial: the version that runs passes its self-test and hears from its channel before its time is up, or it is rolled back. A crash
    // or a hang needs no code here: the native watchdog and the slot record deal with them.
    public sealed partial class UpdateAgent
    {
        private const int TrialPollMilliseconds = 1000;

        private readonly SelfTestReport _selfTestReport = new SelfTestReport();
        private SelfTestResult _selfTest;
        private long _trialEnd;
        private int _answersBefore;

        // The answers that the channel had before the trial say nothing of the version on trial.
        private void BeginTrial(long now, int answersBefore)
        {
            _answersBefore = answersBefore;
            _context.Status.Target = _context.Version;
            _selfTest = _context.Options.SelfTest == null ? SelfTestResult.Passed : SelfTestResult.Running;
            _trialEnd = now + _context.Options.TrialSeconds * 1000L;
        }

        private long RunTrial(long now)
        {
            if (_selfTest == SelfTestResult.Running)
            {
                _selfTest = AskApplication();
            }

            bool passed = _selfTest == SelfTestResult.Passed;
            bool late = now >= _trialEnd;
            if (_selfTest == SelfTestResult.Failed || (late && !passed))
            {
                return FailTrial();
            }

            if (passed && (_channel.Answers > _answersBefore || !_context.Options.TrialNeedsContact))
            {
                return StepResult.Done;
            }

            return late ? StepResult.Over(ResultCode.NoCloudContact) : StepResult.Until(now + TrialPollMilliseconds);
        }

        // A component does not work: its code is the number that the self-test gives.
        private long FailTrial(ResultCode component)
        {
            _selfTestReport.Text = "component";
            _selfTestReport.Number = (int)component;
            return FailTrial();
        }

        private long FailTrial()
        {
            _context.Journal.SelfTestFailed(_selfTestReport);
            return StepResult.Over(ResultCode.SelfTestFailed);
        }

        private SelfTestResult AskApplication()
        {
            try
            {
                return _context.Options.SelfTest(_selfTestReport);
            }
            catch (Exception e)
            {
                // A test that throws has found something wrong.
                _context.Status.Fault = e;
                _selfTestReport.Text = e.Message;
                return SelfTestResult.Failed;
            }
        }
    }
}
