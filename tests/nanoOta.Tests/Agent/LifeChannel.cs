namespace nanoOta.Tests.Agent
{
    /// <summary>
    /// A channel of one life, made like the twin's: it connects in one step and hears in the next, takes the session for it, and backs off
    /// when its hub is away.
    /// </summary>
    internal sealed class LifeChannel(Life life, NetworkSession session) : IUpdateChannel
    {
        private readonly Backoff _backoff = new(5000, 900_000, 1);
        private bool _connected;
        private bool _heard;
        private long _due;

        public UpdateOffer? Offer { get; private set; }

        public int Answers { get; private set; }

        public bool IsReported { get; private set; }

        /// <summary>When it asked to be called again.</summary>
        public long AskedFor { get; private set; }

        /// <summary>From when on it would hear of a request if it were stepped; its own back-off is its own affair.</summary>
        public long HearsFrom => Math.Max(_due, life.EndOf(LifeEvent.HubAway));

        public long Step(long now)
        {
            life.ChannelSteps();
            AskedFor = Work(now);
            life.ChannelStepped();
            return AskedFor;
        }

        public void Report(UpdateStatus status)
        {
            IsReported = false;
            life.Work();
        }

        public void CheckNow()
        {
            _heard = false;
        }

        public void Pause()
        {
            _connected = false;
            life.Sessions.Close(this);
            session.Release(this);
        }

        /// <summary>The hub has dropped the connection.</summary>
        public void Drop()
        {
            if (_connected)
            {
                Pause();
            }
        }

        private long Work(long now)
        {
            if (_connected && life.Has(LifeEvent.HubAway) != null)
            {
                Pause();
            }

            if (!_connected)
            {
                return now < _due ? _due : session.Take(this, long.MaxValue) ? Connect(now) : now + 1000;
            }

            if (!_heard || Offer != life.Request)
            {
                life.Pass(100);
                _heard = true;
                Offer = life.Request;
                Answers++;
                return now;
            }

            if (life.Has(LifeEvent.HubBusy) != null)
            {
                life.Pass(200);
                return now;
            }

            IsReported = true;
            return now + life.Plan.PollMilliseconds;
        }

        private long Connect(long now)
        {
            life.Sessions.Open(this);
            life.Pass(life.Has(LifeEvent.HubSlow) is { } slow ? 1000 + (slow * 20) : 700);
            _connected = life.Has(LifeEvent.HubAway) == null;
            _heard = false;
            if (!_connected)
            {
                Pause();
                _due = now + _backoff.Failed(0);
                return _due;
            }

            _backoff.Succeeded();
            return now;
        }
    }
}
