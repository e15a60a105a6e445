namespace nanoOta.Tests.Agent
{
    /// <summary>Counts the sessions that are open at a time.</summary>
    internal sealed class SessionMeter
    {
        private readonly HashSet<object> _open = [];

        /// <summary>The most that were open at a time.</summary>
        public int Most { get; private set; }

        public void Open(object who)
        {
            _open.Add(who);
            Most = Math.Max(Most, _open.Count);
        }

        public void Close(object who)
        {
            _open.Remove(who);
        }

        /// <summary>The device has reset: nothing is open.</summary>
        public void Clear()
        {
            _open.Clear();
        }
    }
}
