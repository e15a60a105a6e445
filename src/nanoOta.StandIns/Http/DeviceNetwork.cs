namespace nanoOta.StandIns
{
    /// <summary>What a virtual device's network adds to the device's.</summary>
    public static class DeviceNetwork
    {
        private static readonly AsyncLocal<int?> _connectTimeout = new();
        private static readonly AsyncLocal<Func<Uri, INetworkPeer>?> _connect = new();
        private static readonly AsyncLocal<Func<string, int, System.Net.IPEndPoint?>?> _find = new();

        /// <summary>
        /// Milliseconds for name look-up, connection and TLS handshake, each, in this execution context; 20 s at first. The
        /// device waits for these without bound; a test must not.
        /// </summary>
        public static int ConnectTimeoutMilliseconds
        {
            get => _connectTimeout.Value ?? 20_000;
            set => _connectTimeout.Value = value;
        }

        /// <summary>
        /// Finds the servers of HTTP clients in this execution context, by host name and port, in place of the host's name look-up;
        /// what it does not find has no address. Null, as at first: the host looks names up.
        /// </summary>
        public static Func<string, int, System.Net.IPEndPoint?>? Find
        {
            get => _find.Value;
            set => _find.Value = value;
        }

        /// <summary>
        /// Makes the connections of HTTP clients in this execution context without a network, TLS included; null, as at first: there
        /// is a network. It throws a <see cref="System.Net.Sockets.SocketException"/> of .NET's own for none.
        /// </summary>
        public static Func<Uri, INetworkPeer>? Connect
        {
            get => _connect.Value;
            set => _connect.Value = value;
        }
    }
}
