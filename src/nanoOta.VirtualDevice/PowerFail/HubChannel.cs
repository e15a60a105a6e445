using System.Text;

namespace nanoOta.VirtualDevice.PowerFail
{
    /// <summary>What a device's channel meets in a world.</summary>
    internal interface IHubSide
    {
        /// <summary>The operator's update request: the desired properties.</summary>
        string Desired { get; }

        /// <summary>Whether the hub is out of reach.</summary>
        bool HubIsDown { get; }

        /// <summary>The device looks to the hub.</summary>
        void Look();

        /// <summary>A report arrives, unless the power is cut.</summary>
        void Hear(string report);
    }

    /// <summary>The device's way to the hub of a world: it may be down, and reports are injection points.</summary>
    internal sealed class HubChannel(IHubSide world) : IUpdateChannel
    {
        private string? _heard;
        private string? _toReport;

        public UpdateOffer? Offer { get; private set; }

        public int Answers { get; private set; }

        public bool IsReported => _toReport == null;

        public long Step(long now)
        {
            world.Look();
            if (world.HubIsDown)
            {
                return now + 60_000;
            }

            if (_toReport != null)
            {
                world.Hear(_toReport);
                _toReport = null;
            }

            if (_heard != world.Desired)
            {
                _heard = world.Desired;
                byte[] text = Encoding.UTF8.GetBytes(_heard);
                var json = new JsonReader(text, 0, text.Length);
                json.Read();
                Offer = PlainOffer.Read(json, out _);
                Answers++;
            }

            return long.MaxValue;
        }

        public void Report(UpdateStatus status)
        {
            _toReport = StatusReport.ToJson(status);
        }

        public void CheckNow()
        {
            _heard = null;
        }

        public void Pause()
        {
        }
    }
}
