namespace nanoOta.StandIns
{
    /// <summary>What a virtual device's network adds to the device's.</summary>
    public static class DeviceNetwork
    {
        private static readonly AsyncLocal<int?> _connectTimeout = new();

        /// <summary>
        /// Milliseconds for name look-up, connection and TLS handshake, each, in this execution context; 20 s at first. The
        /// device waits for these without bound (facts/nanoframework.md, section 3); a test must not.
        /// </summary>
        public static int ConnectTimeoutMilliseconds
        {
            get => _connectTimeout.Value ?? 20_000;
            set => _connectTimeout.Value = value;
        }
    }
}
