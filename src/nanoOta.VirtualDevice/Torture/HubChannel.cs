using System.Text;

namespace nanoOta.VirtualDevice.Torture
{
    /// <summary>The device's way to the hub of a <see cref="World"/>: it may be down, and reports are points of a cut.</summary>
    internal sealed class HubChannel(World world, Story story) : IUpdateChannel
    {
        private string? _heard;
        private string? _toReport;

        public UpdateOffer? Offer { get; private set; }

        public int Answers { get; private set; }

        public bool IsReported => _toReport == null;

        public long Step(long now)
        {
            if (!world.IsOver)
            {
                story.Step(world);
            }

            if (world.HubIsDown)
            {
                return now + 60_000;
            }

            if (_toReport != null)
            {
                world.Points.Pass(PointKind.Report);
                if (world.Flash.IsOff)
                {
                    throw new InvalidOperationException("no power");
                }

                world.Reported = _toReport;
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

        public void Pause()
        {
        }
    }
}
