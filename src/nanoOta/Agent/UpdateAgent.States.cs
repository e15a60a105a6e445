// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

namespace nanoOta
{
    // What the agent does in each state, and on the way from one to the next (StateTable says to which).
    public sealed partial class UpdateAgent
    {
        // False when it could not be found out yet what runs.
        private bool Boot(long now)
        {
            _context.Journal.Load();
            _booted = _installation.AfterBoot();
            _context.Due = now + PollMilliseconds;
            if (_installation.IsOnTrial)
            {
                _state = UpdateState.Trial;
                _trial.Begin(now);
            }

            return _booted;
        }

        private Outcome Work(long now)
        {
            ResultCode code;
            switch (_state)
            {
                case UpdateState.Idle:
                    code = Listen(now);
                    break;
                case UpdateState.Resolve:
                    code = _resolver.Step(now);
                    break;
                case UpdateState.Wait:
                    code = Gates.MayStart(_context, now);
                    break;
                case UpdateState.Prepare:
                    code = _preparation.Step(now);
                    break;
                case UpdateState.Verify:
                    code = _verification.Step(now);
                    break;
                case UpdateState.Update:
                    code = _installation.Activate();
                    break;
                case UpdateState.Reboot:
                    code = _reboot.Step(now);
                    break;
                case UpdateState.Trial:
                    code = _trial.Step(now);
                    break;
                case UpdateState.Apply:
                    code = now < _context.Due ? ResultCode.Pending : _installation.Apply();
                    code = code == ResultCode.None || code == ResultCode.Pending ? code : _context.WaitFor(code, now + PollMilliseconds);
                    break;
                default:
                    code = now < _context.Due ? ResultCode.Pending : Revert(now);
                    break;
            }

            if (code == ResultCode.Pending)
            {
                return Outcome.Stay;
            }

            if (code == ResultCode.None)
            {
                return Outcome.Done;
            }

            _code = code;
            return Outcome.Failed;
        }

        private void Enter(Outcome outcome, long now)
        {
            if (outcome == Outcome.Cancelled)
            {
                _code = ResultCode.Cancelled;
            }

            if (_context.IsFetching)
            {
                _context.CloseSource();
            }

            _turnEnds = now + TurnMilliseconds;
            UpdateState from = _state;
            _state = StateTable.Next(_state, outcome);
            _context.Status.Waiting = ResultCode.None;
            _context.Due = now;
            switch (_state)
            {
                case UpdateState.Idle:
                    Rest(from, outcome, now);
                    break;
                case UpdateState.Resolve:
                    _resolver.Begin();
                    break;
                case UpdateState.Prepare:
                    _preparation.Begin();
                    break;
                case UpdateState.Verify:
                    _verification.Begin();
                    break;
                case UpdateState.Reboot:
                    _reboot.Begin(now);
                    break;
                case UpdateState.Trial:
                    _installation.IsOnTrial = true;
                    _trial.Begin(now);
                    break;
                case UpdateState.Revert:
                    _reboot.Begin(now);
                    _installation.BeginRevert();
                    break;
            }
        }

        // The work of Idle: waits for an update request that has not been dealt with yet.
        private ResultCode Listen(long now)
        {
            _resolver.Close();
            UpdateOffer offer = _channel.Offer;
            if (offer == null)
            {
                // Not heard yet, or withdrawn.
                _handled = null;
                _context.Status.Target = null;
                return _context.Until(long.MaxValue);
            }

            if (IsHandled(offer) && now < _nextRound)
            {
                return _context.Until(_nextRound);
            }

            _handled = offer;
            _nextRound = long.MaxValue;
            _context.Offer = offer;
            _context.Version = offer.Version == null ? string.Empty : offer.Version.Text;
            _context.Status.Target = _context.Version;
            _context.Status.Progress = 0;
            return ResultCode.None;
        }

        // A new token opens what an old one did not.
        private bool IsHandled(UpdateOffer offer)
        {
            return offer.IsSameUpdate(_handled) && offer.Token == _handled.Token;
        }

        // Takes up what has changed in the update request without making it another one.
        private bool IsWithdrawn()
        {
            if (!StateTable.CanCancel(_state))
            {
                return false;
            }

            UpdateOffer offer = _channel.Offer;
            if (offer == null || !offer.IsSameUpdate(_context.Offer))
            {
                return true;
            }

            _context.Offer = offer;
            _handled = offer;
            return false;
        }

        // The work of Revert: nothing of the update stays active; when it ran already, the device reboots into what ran before.
        private ResultCode Revert(long now)
        {
            _preparation.Close();
            ResultCode code = _installation.Revert(_code);
            if (code != ResultCode.None)
            {
                // There is nothing else to do; if it was a trial, the watchdog will end it.
                return _context.WaitFor(code, now + PollMilliseconds);
            }

            if (_reboot.IsNeeded())
            {
                return _reboot.Step(now);
            }

            _installation.ConcludeRevert(_code);
            return ResultCode.None;
        }

        private void Rest(UpdateState from, Outcome outcome, long now)
        {
            if (outcome != Outcome.Done && from != UpdateState.Revert)
            {
                _conclusions.Failed(_code);
            }

            if (from == UpdateState.Apply || _code == ResultCode.UpToDate)
            {
                _context.Status.Target = null;
            }

            if (from != UpdateState.Apply && IsWorthAnotherRound(_code))
            {
                _nextRound = now + _context.Options.NextRoundSeconds * 1000L;
            }
        }

        private static bool IsWorthAnotherRound(ResultCode code)
        {
            return DownloadErrors.IsOfTheNetwork(code) || code == ResultCode.FlashFailed || code == ResultCode.ReadBackMismatch || code == ResultCode.SlotBusy
                || code == ResultCode.NoCloudContact || code == ResultCode.TrialInterrupted || code >= ResultCode.InternalError;
        }
    }
}
