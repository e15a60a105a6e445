namespace nanoOta.Tests.Tool
{
    /// <summary>Time that passes when a test lets it.</summary>
    internal sealed class ManualTime : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddTicks(_ticks);

        public void Pass(TimeSpan time) => _ticks += time.Ticks;
    }
}
