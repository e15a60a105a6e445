namespace nanoOta.StandIns
{
    /// <summary>What device code in this execution context fetched.</summary>
    public sealed class NetworkMeter
    {
        private static readonly AsyncLocal<NetworkMeter?> _current = new();

        private long _bodyBytes;
        private int _requests;
        private int _connections;

        /// <summary>Where to count; null, as at first, counts nowhere.</summary>
        public static NetworkMeter? Current
        {
            get => _current.Value;
            set => _current.Value = value;
        }

        /// <summary>Bytes that response streams gave out.</summary>
        public long BodyBytes => Interlocked.Read(ref _bodyBytes);

        /// <summary>Requests whose head was sent.</summary>
        public int Requests => Volatile.Read(ref _requests);

        /// <summary>Connections made, before any TLS handshake.</summary>
        public int Connections => Volatile.Read(ref _connections);

        internal static void CountBody(int bytes)
        {
            if (Current is NetworkMeter meter)
            {
                Interlocked.Add(ref meter._bodyBytes, bytes);
            }
        }

        internal static void CountRequest()
        {
            if (Current is NetworkMeter meter)
            {
                Interlocked.Increment(ref meter._requests);
            }
        }

        internal static void CountConnection()
        {
            if (Current is NetworkMeter meter)
            {
                Interlocked.Increment(ref meter._connections);
            }
        }
    }
}
