namespace nanoOta.Tests.Agent
{
    // Whether the turns were kept: what is judged after each step.
    internal sealed partial class Life
    {
        // Steps that take no time here take some.
        private const int Grain = 10;

        // A device that waits looks at its gates twice a minute. Between tries, from 5 s on, it lets the channel connect. A trial asks
        // its self-test once a second; a reboot looks ten times a second for the last report, for ten seconds.
        private const int IdleStepsAMinute = 5;
        private const int RetryStepsAMinute = 12;
        private const int TrialStepsAMinute = 62;
        private const int RebootStepsAMinute = 110;

        private readonly Queue<long> _idleSteps = new();
        private long _steppedAt;
        private long _coveredUntil;
        private long _channelTime;
        private long _deafSince = -1;
        private long _deafChannelTime;
        private long _cancelledAt = -1;

        public void ChannelSteps()
        {
            long late = Now - Math.Max(Deadline, _coveredUntil);
            if (_steppedAt >= 0 && late > Grain && !_source.MakesWhole)
            {
                Fail($"the channel was not stepped for {(Now - _steppedAt) / 1000.0:F1} s");
            }

            _channelTime -= Now;
        }

        public void ChannelStepped()
        {
            _channelTime += Now;
            _steppedAt = Now;
            _coveredUntil = 0;
        }

        private void EndOperation(long begin)
        {
            // Where the minute ends within a read, the channel has its turn behind it.
            _coveredUntil = begin <= Deadline && Now > Deadline ? Now : _coveredUntil;
        }

        // A minute, unless the channel itself wants to be left alone for longer.
        private long Deadline => Math.Max(_steppedAt + Minute, _bootedAt + _channel.AskedFor);

        // Nothing was read, written or reported, and the channel has nothing to do at once.
        private void JudgeRest(long due, bool isOthers)
        {
            if (due <= Uptime)
            {
                Fail($"asks for its next step at {due}, and it is {Uptime}");
            }

            if (isOthers)
            {
                return;
            }

            _idleSteps.Enqueue(Now);
            while (Now - _idleSteps.Peek() >= Minute)
            {
                _idleSteps.Dequeue();
            }

            int most = _state switch
            {
                UpdateState.Check or UpdateState.Download => RetryStepsAMinute,
                UpdateState.Trial => TrialStepsAMinute,
                UpdateState.Reboot or UpdateState.Revert => RebootStepsAMinute,
                _ => IdleStepsAMinute,
            };
            if (_idleSteps.Count > most)
            {
                Fail($"{_idleSteps.Count} steps in a minute, and nothing to do");
            }
        }

        private void JudgeHearing()
        {
            bool isUnderWay = _state is UpdateState.Check or UpdateState.Wait or UpdateState.Download;
            if (!isUnderWay || _channel.Offer == Request || _source.MakesWhole)
            {
                _deafSince = -1;
            }
            else if (_channel.HearsFrom > Uptime || _deafSince < 0)
            {
                (_deafSince, _deafChannelTime) = (Math.Max(Now, _bootedAt + _channel.HearsFrom), _channelTime);
            }
            else if (Now > Math.Max(_deafSince + Minute, _coveredUntil) + _channelTime - _deafChannelTime + Grain)
            {
                Fail($"a request that could be heard for {(Now - _deafSince) / 1000.0:F1} s was not");
            }

            if (_cancelledAt >= 0 && isUnderWay && Now > Math.Max(_cancelledAt + Minute, _coveredUntil) + Grain)
            {
                Fail("Cancel() was not heard");
            }

            _cancelledAt = isUnderWay ? _cancelledAt : -1;
        }

        // What the channel no longer asks for does not go on, however much of it is done, unless it runs already.
        private void JudgeRequest()
        {
            bool canCancel = _state is >= UpdateState.Check and <= UpdateState.Reboot;
            string? asked = _channel.Offer?.Version.Text;
            if (canCancel && _agent.Status.Target != asked)
            {
                Fail($"goes on to {_agent.Status.Target}, and the channel asks for {asked ?? "nothing"}");
            }
        }
    }
}
