namespace nanoOta.Tests.Download
{
    /// <summary>A channel that has heard of one update, and needs no session for it.</summary>
    internal sealed class OfferedUpdate(UpdateOffer offer) : IUpdateChannel
    {
        public UpdateOffer Offer => offer;

        public int Answers { get; private set; }

        public bool IsReported => true;

        public long Step(long now)
        {
            Answers++;
            return long.MaxValue;
        }

        public void Report(UpdateStatus status)
        {
        }

        public void CheckNow()
        {
        }

        public void Pause()
        {
        }
    }
}
