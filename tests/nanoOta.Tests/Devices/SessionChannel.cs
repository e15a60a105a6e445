using System.Text;

namespace nanoOta.Tests.Devices
{
    /// <summary>A channel that connects in one step, hears in the next, and needs the board's one session meanwhile.</summary>
    internal sealed class SessionChannel(OneSession memory) : IUpdateChannel
    {
        private NetworkSession _session = new();
        private bool _connected;
        private bool _heard;

        /// <summary>The desired properties; null: the hub cannot be reached.</summary>
        public Func<string?> Desired { get; set; } = () => "{}";

        /// <summary>Makes it one that always has something to do at once, and spends time on it.</summary>
        public Action? Work { get; set; }

        public UpdateOffer? Offer { get; private set; }

        public int Answers { get; private set; }

        public int Connections { get; private set; }

        public bool IsReported => true;

        public SessionChannel Boot(UpdateAgentOptions options)
        {
            Pause();
            _session = options.Session;
            Offer = null;
            Answers = 0;
            return this;
        }

        public long Step(long now)
        {
            if (!_connected)
            {
                if (Desired() == null || !_session.Take(this, long.MaxValue) || !memory.TryTake(this))
                {
                    return now + 5000;
                }

                Connections++;
                _connected = true;
                _heard = false;
                return now;
            }

            if (!_heard)
            {
                byte[] bytes = Encoding.UTF8.GetBytes(Desired()!);
                var json = new JsonReader(bytes, 0, bytes.Length);
                json.Read();
                Offer = PlainOffer.Read(json, out _);
                Answers++;
                _heard = true;
            }

            Work?.Invoke();
            return Work != null ? now : now + 1000;
        }

        public void Report(UpdateStatus status)
        {
        }

        public void CheckNow()
        {
        }

        public void Pause()
        {
            _connected = false;
            memory.Release(this);
            _session.Release(this);
        }
    }
}
