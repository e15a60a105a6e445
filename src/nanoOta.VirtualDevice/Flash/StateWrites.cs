namespace nanoOta.VirtualDevice.Flash
{
    /// <summary>Counts the writes of state - slot records, otadata entries, journal records - which wear a few sectors.</summary>
    public sealed class StateWrites
    {
        /// <summary>Writes so far.</summary>
        public int Count { get; private set; }

        /// <summary>Counts one more.</summary>
        public void Add()
        {
            Count++;
        }
    }
}
