// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;

namespace nanoOta
{
    /// <summary>Handles a change of the status that is worth reporting.</summary>
    /// <param name="sender">The agent.</param>
    /// <param name="status">The agent's status, which never changes.</param>
    public delegate void UpdateStatusHandler(object sender, UpdateStatus status);

    /// <summary>
    /// The whole of an update: hears the update request from a channel, judges it, brings it into the idle slots, activates it, reboots,
    /// tests it, and confirms or rolls back. <see cref="Start"/> runs it on a thread of its own. Without that, <see cref="Step"/> does one
    /// bounded piece of work and says when it is to be called again.
    /// </summary>
    public sealed partial class UpdateAgent
    {
        private const int PollMilliseconds = 60000;

        // How long a channel that has something to do may keep a download waiting.
        private const int ChannelMilliseconds = 60000;

        private const int FirstRoundMilliseconds = 60000;

        private readonly UpdateContext _context;
        private readonly IUpdateChannel _channel;
        private readonly Backoff _rounds;

        private UpdateState _state;
        private bool _booted;
        private long _due;
        private long _channelUntil;
        private UpdateOffer _handled;
        private long _nextRound;
        private ResultCode _code;
        private bool _isTransient;
        private int _published = -1;

        // Set on any thread.
        private bool _checkRequested;
        private bool _cancelRequested;

        /// <summary>Makes an agent; nothing happens before <see cref="Start"/>, or the first <see cref="Step"/>.</summary>
        /// <param name="options">What it is to know and to keep to.</param>
        /// <param name="channel">Where update requests come from and reports go.</param>
        /// <param name="source">Where files come from.</param>
        /// <exception cref="ArgumentException">An option is missing or out of its range: the message is its name.</exception>
        public UpdateAgent(UpdateAgentOptions options, IUpdateChannel channel, IImageSource source)
        {
            string fault = options.FindFault();
            if (fault != null)
            {
                throw new ArgumentException(fault);
            }

            _context = new UpdateContext(options, channel, source);
            _channel = channel;
            _verifier = options.Verifier;
            _download = new ComponentDownload(_context);
            _statuses = new ModuleStatuses(_context);
            _rounds = new Backoff(FirstRoundMilliseconds, options.LongestRetrySeconds * 1000L, Crc.Of(options.DeviceId));
        }

        /// <summary>
        /// Called in <see cref="Step"/>, on its thread, when the status has changed. (A field, to be added to with <c>+=</c>: an event costs
        /// a device eight times as much.)
        /// </summary>
        public UpdateStatusHandler StatusChanged;

        /// <summary>The state of the device's updates as reported last: a snapshot, to be read on any thread.</summary>
        public UpdateStatus Status = new UpdateStatus();

        /// <summary>Whether the update request as last heard has been dealt with: nothing happens before another one or the next round.</summary>
        public bool IsIdle => _booted && _state == UpdateState.Idle
            && (_channel.Offer == null ? _channel.Answers > 0 : IsHandled(_channel.Offer));

        /// <summary>Has the channel ask for its update request now, and a failed update tried again. Safe on any thread.</summary>
        public void CheckNow()
        {
            _checkRequested = true;
            Wake();
        }

        /// <summary>
        /// Gives up the update in hand, unless it runs on trial already; it is begun again by another update request, or
        /// <see cref="CheckNow"/>. Safe on any thread.
        /// </summary>
        public void Cancel()
        {
            _cancelRequested = true;
            Wake();
        }

        /// <summary>Does one bounded piece of work. No exception leaves it.</summary>
        /// <param name="now">Milliseconds since the boot, never falling.</param>
        /// <returns>When to call again, on the same clock; a call before that does no harm.</returns>
        public long Step(long now)
        {
            // A server without ranges is not left: it would send all from the start again.
            bool keepsSession = _state == UpdateState.Download && _context.IsWhole;
            if (_context.HoldsSession && now >= _context.Options.Session.Until && !keepsSession)
            {
                ReleaseSession(now);
            }

            bool held = _context.HoldsSession;
            long channelDue = held ? long.MaxValue : StepChannel(now);
            Outcome outcome = Outcome.Stay;
            try
            {
                if (_booted || (now >= _due && Boot(now)))
                {
                    outcome = Advance(now, channelDue);
                }
            }
            catch (Exception e)
            {
                // Foreign code failed: a module, a source, a delegate. What is under way is taken back; what can only go on is
                // tried again.
                _context.Status.Fault = e;
                Wait(ResultCode.InternalError, now + PollMilliseconds, now);
                if (StateTable.Next(_state, Outcome.Failed) != _state)
                {
                    _code = ResultCode.InternalError;
                    _isTransient = false;
                    outcome = Outcome.Failed;
                }
            }

            try
            {
                if (outcome != Outcome.Stay)
                {
                    Enter(outcome, now);
                }

                if (Publish() || (held && !_context.HoldsSession))
                {
                    // The channel has something to send now, or may connect again.
                    return now;
                }
            }
            catch (Exception e)
            {
                _context.Status.Fault = e;
            }

            return _due < channelDue ? _due : channelDue;
        }

        private long StepChannel(long now)
        {
            try
            {
                if (_checkRequested)
                {
                    _checkRequested = false;
                    _nextRound = 0;
                    _due = 0;
                    _channel.CheckNow();
                }

                return _channel.Step(now);
            }
            catch (Exception e)
            {
                _context.Status.Fault = e;
                return now + PollMilliseconds;
            }
        }

        // The channel has the network from here on.
        private void ReleaseSession(long now)
        {
            if (_context.HoldsSession)
            {
                _channelUntil = now + ChannelMilliseconds;
            }

            _context.ReleaseSession();
        }

        // Where there is one session only, nothing is fetched before the channel has said and heard what there is.
        private bool IsChannelsTurn(long now, long channelDue)
        {
            return (_state == UpdateState.Check || _state == UpdateState.Download)
                && !_context.Options.Session.AllowsTwo && channelDue <= now && now < _channelUntil;
        }

        // Makes a snapshot of what is worth a report: another state, another reason to wait, another ten per cent.
        private bool Publish()
        {
            UpdateStatus status = _context.Status;
            int shown = ((int)_state * 1024 + (int)status.Waiting) * 16 + status.Progress / 10;
            if (!_booted || shown == _published)
            {
                return false;
            }

            _published = shown;
            Journal journal = _context.Journal;
            status.State = _state;
            status.LastCode = (ResultCode)journal[Journal.LastCode];
            status.LastVersion = journal.GetVersion(Journal.LastVersion);
            status.LastTime = journal[Journal.LastTime];
            bool hasReason = status.LastCode == ResultCode.SelfTestFailed && _state != UpdateState.Revert;
            status.LastReason = hasReason ? journal.GetReason() : string.Empty;
            status.LastReasonNumber = hasReason ? (int)journal[Journal.ReasonNumber] : 0;
            _statuses.Read(0);
            status.Current = _context.Current.Text;
            status.Slot = _statuses[0].Slot;
            status.HasFallback = _statuses[0].HasFallback;
            status.Components = _statuses.Describe();
            Status = status.Copy();
            _channel.Report(Status);
            StatusChanged?.Invoke(this, Status);
            return true;
        }
    }
}
