namespace nanoOta.Hub
{
    /// <summary>
    /// The hub's time. <see cref="Advance"/> moves what waits for minutes: evaluations, the query index, twin times. Signatures are
    /// judged by <see cref="Real"/>, because clients sign with clocks of their own.
    /// </summary>
    public sealed class HubClock(TimeProvider time)
    {
        private long _ahead;

        /// <summary>The time of the clock that was given, UTC.</summary>
        public DateTime Real => time.GetUtcNow().UtcDateTime;

        /// <summary>The hub's time, UTC.</summary>
        public DateTime UtcNow => Real.AddTicks(Interlocked.Read(ref _ahead));

        /// <summary>What waits by this clock.</summary>
        public TimeProvider Provider => time;

        /// <summary>Sets the hub's clock forward.</summary>
        /// <param name="by">0 or more.</param>
        public void Advance(TimeSpan by)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
            Interlocked.Add(ref _ahead, by.Ticks);
        }

        /// <summary>A time as IoT Hub writes it.</summary>
        internal static string Text(DateTime time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", System.Globalization.CultureInfo.InvariantCulture);
    }
}
