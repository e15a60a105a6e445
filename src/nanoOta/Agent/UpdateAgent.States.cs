// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

namespace nanoOta
{
    // What the agent does in each state, and on the way from one to the next (StateTable says to which).
    public sealed partial class UpdateAgent
    {
        private const int UnreadableMilliseconds = 5000;

        // False when it could not be found out yet what runs.
        private bool Boot(long now)
        {
            if (_trialEnd == 0)
            {
                // Until the trial begins, how long it may be waited for: the other half is left to the trial, which a watchdog may limit.
                _trialEnd = now + _context.Options.TrialSeconds * 500L;
            }

            ResultCode code = BootRecovery.Run(_context, _statuses, now < _trialEnd);
            _booted = code == ResultCode.None;
            _due = _booted ? now : code == ResultCode.Pending ? now + 1 : now + UnreadableMilliseconds;

            if (_statuses.IsOnTrial)
            {
                _state = UpdateState.Trial;
                BeginTrial(now, 0);
            }
            else if (_booted && _statuses.NeedsReboot)
            {
                _state = UpdateState.Revert;
                _code = ResultCode.TrialInterrupted;
                BeginReboot(now);
            }

            return _booted;
        }

        private Outcome Advance(long now, long channelDue)
        {
            if (IsWithdrawn(now))
            {
                _code = ResultCode.Cancelled;
                _isTransient = false;
                return Outcome.Cancelled;
            }

            if (_state != UpdateState.Idle && now < _due)
            {
                return Outcome.Stay;
            }

            if (IsChannelsTurn(now, channelDue))
            {
                _due = now;
                return Outcome.Stay;
            }

            long result = Work(now);
            ResultCode code = StepResult.CodeOf(result);
            if (!StepResult.IsOver(result))
            {
                Wait(code, StepResult.DueOf(result), now);
                return Outcome.Stay;
            }

            if (code == ResultCode.None)
            {
                return Outcome.Done;
            }

            // Where what the network brought has not been found genuine, it says nothing final.
            bool isFetched = _context.Offer != null && _context.Offer.Manifest == null && _context.Offer.Code == ResultCode.None;
            _code = code;
            _isTransient = RetryRule.IsOfNetwork(code)
                || (_state == UpdateState.Check && isFetched && RetryRule.IsOfDocument(code))
                || (_state == UpdateState.Download && RetryRule.IsOfImage(code));
            return Outcome.Failed;
        }

        private void Wait(ResultCode reason, long due, long now)
        {
            _due = due;
            if (reason != ResultCode.None)
            {
                _context.Status.Waiting = reason;
            }

            if (due > now)
            {
                ReleaseSession(now);
            }
        }

        private long Work(long now)
        {
            switch (_state)
            {
                case UpdateState.Idle:
                    return Listen(now);
                case UpdateState.Check:
                    return Check(now);
                case UpdateState.Wait:
                    return Gates.MayStart(_context, now);
                case UpdateState.Download:
                    return Download(now);
                case UpdateState.Verify:
                    return Verify(now);
                case UpdateState.Activate:
                    return Going(Activate(), now);
                case UpdateState.Reboot:
                    return Reboot(now);
                case UpdateState.Trial:
                    ResultCode code = RebootModules();
                    return code == ResultCode.None ? RunTrial(now) : code == ResultCode.Pending ? Going(code, now) : FailTrial(code);
                case UpdateState.Confirm:
                    return UntilItSucceeds(Confirm(), now);
                case UpdateState.Revert:
                    return Revert(now);
                default:
                    _download.Close();
                    _context.Journal.Failed(_code, _context.Digest, _context.Version, _context.Time());
                    return StepResult.Done;
            }
        }

        private void Enter(Outcome outcome, long now)
        {
            UpdateState from = _state;
            _state = StateTable.Next(_state, outcome);
            _context.Status.Waiting = ResultCode.None;
            _due = now;
            if (_state >= UpdateState.Verify || _state == UpdateState.Idle)
            {
                ReleaseSession(now);
            }
            else if (!_context.HoldsSession)
            {
                _channelUntil = now + ChannelMilliseconds;
            }

            _context.CloseSource();
            switch (_state)
            {
                case UpdateState.Idle:
                    Rest(from, outcome, now);
                    break;
                case UpdateState.Check:
                    BeginCheck();
                    break;
                case UpdateState.Download:
                    _isDownloadBegun = false;
                    break;
                case UpdateState.Verify:
                    BeginVerify();
                    break;
                case UpdateState.Activate:
                case UpdateState.Confirm:
                    BeginActivation();
                    break;
                case UpdateState.Reboot:
                    BeginReboot(now);
                    break;
                case UpdateState.Trial:
                    _statuses.IsOnTrial = true;
                    BeginTrial(now, _channel.Answers);

                    // Nothing was reset: the channel connects anew, with what is active now.
                    _channel.Pause();
                    _channel.CheckNow();
                    break;
                case UpdateState.Revert:
                    BeginReboot(now);
                    BeginActivation();
                    break;
            }
        }

        // Waits for an update request that has not been dealt with yet.
        private long Listen(long now)
        {
            UpdateOffer offer = _channel.Offer;
            if (offer == null)
            {
                // Not heard yet, or withdrawn.
                _handled = null;
                _context.Status.Target = null;
                return StepResult.Until(long.MaxValue);
            }

            if (!IsHandled(offer))
            {
                _rounds.Succeeded();
            }
            else if (now < _nextRound)
            {
                return StepResult.Until(_nextRound);
            }
            else
            {
                // Another file may lie there by now.
                _channel.CheckNow();
            }

            _handled = offer;
            _nextRound = long.MaxValue;
            _code = ResultCode.None;
            _isTransient = false;
            _context.Offer = offer;
            _context.Version = offer.Version == null ? string.Empty : offer.Version.Text;
            UpdateStatus status = _context.Status;
            status.Target = _context.Version;
            status.BytesDone = 0;
            status.BytesTotal = 0;
            status.BytesFetched = 0;
            status.BytesCopied = 0;
            status.BytesPatched = 0;
            return StepResult.Done;
        }

        // A new token opens what an old one did not.
        private bool IsHandled(UpdateOffer offer)
        {
            return offer.IsSameUpdate(_handled) && offer.Token == _handled.Token;
        }

        // Also takes up what has changed in the update request without making it another one.
        private bool IsWithdrawn(long now)
        {
            bool isCancelled = _cancelRequested;
            _cancelRequested = false;
            UpdateOffer offer = _channel.Offer;
            if (!StateTable.CanCancel(_state))
            {
                if (isCancelled && _state == UpdateState.Idle)
                {
                    _handled = offer;
                    _nextRound = long.MaxValue;
                }

                return false;
            }

            if (isCancelled || offer == null || !offer.IsSameUpdate(_context.Offer))
            {
                return true;
            }

            if (offer != _context.Offer)
            {
                // Another schedule may let it start, and another token open what was denied. What else waits goes on waiting, however
                // often the twin changes.
                bool isDue = _state == UpdateState.Wait || offer.Token != _context.Offer.Token;
                _due = isDue ? now : _due;
                _context.Offer = offer;
                _handled = offer;
            }

            return false;
        }

        // Nothing of the update stays active; when it ran already, the device reboots into what ran before.
        private long Revert(long now)
        {
            ResultCode code = EndTrial(_code);
            if (code != ResultCode.None)
            {
                // There is nothing else to do; if it was a trial, the watchdog will end it.
                return UntilItSucceeds(code, now);
            }

            if (NeedsReboot())
            {
                return Reboot(now);
            }

            ConcludeRevert(_code);
            return StepResult.Done;
        }

        // A module's work of many steps: time must pass in between, for its peers to answer.
        private static long Going(ResultCode code, long now)
        {
            return code == ResultCode.Pending ? StepResult.Until(now + 1) : StepResult.Over(code);
        }

        private static long UntilItSucceeds(ResultCode code, long now)
        {
            return code == ResultCode.Pending || code == ResultCode.None ? Going(code, now) : StepResult.WaitFor(code, now + PollMilliseconds);
        }

        private void Rest(UpdateState from, Outcome outcome, long now)
        {
            if (outcome != Outcome.Done)
            {
                _context.Journal.Failed(_code, _context.Digest, _context.Version, _context.Time());
            }

            if (from == UpdateState.Confirm || _code == ResultCode.UpToDate)
            {
                _context.Status.Target = null;
            }

            if (_isTransient)
            {
                _nextRound = now + _rounds.Failed(0);
            }
            else if (RetryRule.IsOfDevice(_code))
            {
                _nextRound = now + _context.Options.LongestRetrySeconds * 1000L;
            }
        }
    }
}
