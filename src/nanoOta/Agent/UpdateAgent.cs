// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;

namespace nanoOta
{
    /// <summary>Is told that something worth reporting has changed.</summary>
    /// <param name="sender">The agent.</param>
    /// <param name="status">The agent's status.</param>
    public delegate void UpdateStatusHandler(object sender, UpdateStatus status);

    /// <summary>
    /// The whole of an update: hears the update request from a channel, judges it, brings it into the idle places, activates it, reboots,
    /// tries it, and confirms or rolls back. It has no thread and no timer: <see cref="Step"/> does one bounded piece of work and
    /// says when it wants to be called again; <see cref="UpdateThread"/> does so on a device.
    /// </summary>
    public sealed partial class UpdateAgent
    {
        private const int PollMilliseconds = 60000;

        // How long a channel may keep a download waiting once it has made room.
        private const int TurnMilliseconds = 60000;

        private readonly UpdateContext _context;
        private readonly IUpdateChannel _channel;
        private readonly Resolver _resolver;
        private readonly Preparation _preparation;
        private readonly Verification _verification;
        private readonly RebootRequest _reboot;
        private readonly TrialRun _trial;
        private readonly Conclusions _conclusions;
        private readonly Installation _installation;

        private UpdateState _state;
        private bool _booted;
        private UpdateOffer _handled;
        private long _nextRound;
        private long _turnEnds;
        private ResultCode _code;
        private int _published = -1;

        /// <summary>Makes an agent; nothing happens before the first <see cref="Step"/>.</summary>
        /// <param name="options">What it is to know and to keep to.</param>
        /// <param name="channel">Where update requests come from and reports go.</param>
        /// <param name="source">Where files come from.</param>
        /// <param name="journal">Where the agent's memory lies.</param>
        /// <param name="modules">Takers of components, at least one; the first, usually a <c>FirmwareModule</c>, leads.</param>
        /// <exception cref="ArgumentException">The application's version is not one, or there is no module.</exception>
        public UpdateAgent(UpdateAgentOptions options, IUpdateChannel channel, IImageSource source, IJournalStore journal, IUpdateModule[] modules)
        {
            if (SemanticVersion.Parse(options.ApplicationVersion) == null || modules.Length == 0)
            {
                throw new ArgumentException();
            }

            _context = new UpdateContext(options, channel, source, journal, modules);
            _channel = channel;
            _resolver = new Resolver(_context);
            _preparation = new Preparation(_context);
            _verification = new Verification(_context);
            _reboot = new RebootRequest(_context, channel, this);
            _trial = new TrialRun(_context, channel);
            _conclusions = new Conclusions(_context);
            _installation = new Installation(_context, _conclusions);
        }

        /// <summary>Occurs in <see cref="Step"/>, on its thread, when the status has changed.</summary>
        public event UpdateStatusHandler StatusChanged;

        /// <summary>Occurs before a reboot; the application may delay it.</summary>
        public event RebootRequestedHandler RebootRequested;

        /// <summary>The state of the device's updates.</summary>
        public UpdateStatus Status => _context.Status;

        /// <summary>Whether the update request as last heard has been dealt with: nothing happens before another update request or the next round.</summary>
        public bool IsIdle => _booted && _state == UpdateState.Idle
            && (_channel.Offer == null ? _channel.Answers > 0 : IsHandled(_channel.Offer));

        /// <summary>Does one bounded piece of work. No exception leaves it.</summary>
        /// <param name="now">Milliseconds since the boot, never falling.</param>
        /// <returns>When to call again, on the same clock; a call before that does no harm.</returns>
        public long Step(long now)
        {
            long channelDue = long.MaxValue;
            if (_context.IsFetching && _context.Options.PauseChannelWhileDownloading)
            {
                _turnEnds = now + TurnMilliseconds;
            }
            else
            {
                channelDue = StepChannel(now);
            }

            Outcome outcome = Outcome.Stay;
            try
            {
                if (_booted || (now >= _context.Due && Boot(now)))
                {
                    outcome = IsWithdrawn() ? Outcome.Cancelled : IsChannelsTurn(now, channelDue) ? Outcome.Stay : Work(now);
                }
            }
            catch (Exception e)
            {
                // Foreign code failed: a module, a source, a delegate. What is under way is taken back; what can only go on is
                // tried again.
                _context.Status.Fault = e;
                _context.WaitFor(ResultCode.InternalError, now + PollMilliseconds);
                if (StateTable.Next(_state, Outcome.Failed) != _state)
                {
                    _code = ResultCode.InternalError;
                    outcome = Outcome.Failed;
                }
            }

            try
            {
                if (outcome != Outcome.Stay)
                {
                    Enter(outcome, now);
                }

                if (Publish())
                {
                    // The channel has something to send now.
                    return now;
                }
            }
            catch (Exception e)
            {
                _context.Status.Fault = e;
            }

            return _context.Due < channelDue ? _context.Due : channelDue;
        }

        internal void AskForReboot(RebootRequestedEventArgs e)
        {
            try
            {
                RebootRequested?.Invoke(this, e);
            }
            catch (Exception fault)
            {
                // Who cannot answer does not object.
                _context.Status.Fault = fault;
            }
        }

        private long StepChannel(long now)
        {
            try
            {
                return _channel.Step(now);
            }
            catch (Exception e)
            {
                _context.Status.Fault = e;
                return now + PollMilliseconds;
            }
        }

        // Where there is room for one session only, nothing is fetched before the channel has said and heard what there is.
        private bool IsChannelsTurn(long now, long channelDue)
        {
            bool fetches = _state == UpdateState.Resolve || _state == UpdateState.Prepare;
            bool waits = fetches && _context.Options.PauseChannelWhileDownloading && channelDue <= now && now < _turnEnds;
            if (waits)
            {
                _context.Due = now;
            }

            return waits;
        }

        // Tells of what is worth a report: another state, another reason to wait, another ten per cent.
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
            status.LastVersion = journal.GetText(Journal.LastVersion);
            status.LastTime = journal[Journal.LastTime];
            _installation.Describe(status);
            _channel.Report(status);
            StatusChanged?.Invoke(this, status);
            return true;
        }
    }
}
