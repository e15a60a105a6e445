using System.Text;

namespace nanoOta.Tests.Devices
{
    /// <summary>A channel in a test's hands: what it hears can change from step to step, or not come at all.</summary>
    internal sealed class OfferChannel : IUpdateChannel
    {
        /// <summary>The desired properties at a time; null: nothing is heard.</summary>
        public Func<long, string?> Desired { get; set; } = _ => "{}";

        /// <summary>An offer as it is, instead of desired properties.</summary>
        public UpdateOffer? Offered { get; set; }

        public UpdateOffer? Offer { get; private set; }

        public int Answers { get; private set; }

        public bool IsReported { get; set; } = true;

        public List<string> Reports { get; } = [];

        public Action<long>? OnStep { get; set; }

        /// <summary>Called with each call by the agent; may throw.</summary>
        public Func<string, int> Faulty { get; set; } = _ => 0;

        /// <summary>A reboot: nothing has been heard.</summary>
        public OfferChannel Boot()
        {
            Offer = null;
            Answers = 0;
            return this;
        }

        public long Step(long now)
        {
            OnStep?.Invoke(now);
            if (Offered != null)
            {
                Offer = Offered;
                Answers++;
            }
            else if (Desired(now) is { } text)
            {
                byte[] bytes = Encoding.UTF8.GetBytes(text);
                var json = new JsonReader(bytes, 0, bytes.Length);
                json.Read();
                Offer = PlainOffer.Read(json, out _);
                Answers++;
            }

            return now + 1000;
        }

        public void Report(UpdateStatus status)
        {
            Reports.Add(StatusReport.ToJson(status));
        }

        /// <summary>How often the agent asked for the update request anew.</summary>
        public int Checks { get; private set; }

        public void CheckNow()
        {
            Checks++;
        }

        public void Pause()
        {
        }
    }
}
