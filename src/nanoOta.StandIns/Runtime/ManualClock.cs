namespace nanoOta.StandIns
{
    /// <summary>A device clock that moves only when told to.</summary>
    public sealed class ManualClock(DateTime utcNow) : DeviceClock
    {
        private long _ticks;
        private DateTime _utcNow = utcNow;

        /// <inheritdoc/>
        public override long TickCount64 => _ticks;

        /// <inheritdoc/>
        public override DateTime UtcNow => _utcNow;

        /// <summary>Lets time pass, the tick count and the wall clock alike, and happen what is due.</summary>
        /// <param name="milliseconds">0 or more.</param>
        public void Advance(long milliseconds)
        {
            Schedule.Run(milliseconds);
        }

        /// <inheritdoc/>
        public override bool TrySetUtcNow(DateTime utc)
        {
            _utcNow = utc;
            return true;
        }

        /// <inheritdoc/>
        protected internal override void Pass(long milliseconds)
        {
            _ticks += milliseconds;
            _utcNow = _utcNow.AddMilliseconds(milliseconds);
        }
    }
}
