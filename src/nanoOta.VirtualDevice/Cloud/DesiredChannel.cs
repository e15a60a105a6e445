using System.Text;
using System.Text.Json.Nodes;

namespace nanoOta.VirtualDevice.Cloud
{
    /// <summary>
    /// A channel whose twin's desired properties are at hand, read as a device reads them. What is reported is kept as the hub
    /// would keep it.
    /// </summary>
    /// <param name="desired">The object of desired properties, as JSON.</param>
    public sealed class DesiredChannel(Func<string> desired) : IUpdateChannel
    {
        private const int MaxDepth = 12;
        private const int MaxMembers = 256;

        private bool _isHeard;

        /// <inheritdoc/>
        public UpdateOffer? Offer { get; private set; }

        /// <inheritdoc/>
        public int Answers { get; private set; }

        /// <inheritdoc/>
        public bool IsReported => true;

        /// <summary>What was reported last; empty before that.</summary>
        public JsonObject Reported { get; private set; } = [];

        /// <inheritdoc/>
        public long Step(long now)
        {
            if (!_isHeard)
            {
                _isHeard = true;
                byte[] text = Encoding.UTF8.GetBytes(desired());
                var json = new JsonReader(text, 0, text.Length, MaxDepth, MaxMembers);
                Offer = json.Read() == JsonToken.ObjectStart ? PlainOffer.Read(json, out _) : null;
                if (json.Token != JsonToken.ObjectEnd || json.Read() != JsonToken.End)
                {
                    Offer = new UpdateOffer { Code = ResultCode.OfferMalformed };
                }

                Answers++;
            }

            return long.MaxValue;
        }

        /// <inheritdoc/>
        public void Report(UpdateStatus status)
        {
            Reported = JsonNode.Parse(StatusReport.ToJson(status))!.AsObject();
        }

        /// <inheritdoc/>
        public void CheckNow()
        {
            _isHeard = false;
        }

        /// <inheritdoc/>
        public void Pause()
        {
        }
    }
}
