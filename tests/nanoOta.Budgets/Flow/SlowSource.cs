using nanoOta.VirtualDevice;

namespace nanoOta.Budgets.Flow
{
    /// <summary>A source that takes the device's time: for each request, and for each byte.</summary>
    /// <param name="source">Where the bytes come from.</param>
    /// <param name="clock">The device's clock.</param>
    /// <param name="rate">Bytes a second.</param>
    internal sealed class SlowSource(IImageSource source, VirtualClock clock, int rate) : IImageSource
    {
        // A TLS handshake on an ESP32.
        private const int OpenMilliseconds = 2000;

        private long _owed;

        /// <inheritdoc/>
        public int Length => source.Length;

        /// <inheritdoc/>
        public int Offset => source.Offset;

        /// <inheritdoc/>
        public uint Tag => source.Tag;

        /// <inheritdoc/>
        public int RetryAfter => source.RetryAfter;

        /// <inheritdoc/>
        public ResultCode Open(string url, int offset, int count)
        {
            clock.Skip(OpenMilliseconds);
            return source.Open(url, offset, count);
        }

        /// <inheritdoc/>
        public ResultCode Read(byte[] buffer, int offset, int count, out int read)
        {
            ResultCode code = source.Read(buffer, offset, count, out read);
            _owed += read * 1000L;
            clock.Skip(_owed / rate);
            _owed %= rate;
            return code;
        }

        /// <inheritdoc/>
        public void Close() => source.Close();
    }
}
