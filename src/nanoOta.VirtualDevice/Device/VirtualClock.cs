extern alias StandIns;

using System.Collections.Concurrent;
using System.Diagnostics;
using StandIns::nanoOta.StandIns;

namespace nanoOta.VirtualDevice
{
    /// <summary>
    /// The device's time: it passes as the host's does, and waiting is skipped, so that a back-off of an hour or a window of the
    /// day takes no time at all.
    /// </summary>
    public class VirtualClock : DeviceClock
    {
        private readonly long _start = Stopwatch.GetTimestamp();
        private readonly ConcurrentQueue<Action> _posted = new();
        private DateTime _utcAtStart;
        private TimeSpan _skipped;
        private long _bootedAt;

        /// <summary>Starts at the host's time.</summary>
        public VirtualClock()
            : this(DateTime.UtcNow)
        {
        }

        /// <summary>Starts at a time of one's own.</summary>
        public VirtualClock(DateTime utc)
        {
            _utcAtStart = utc;
        }

        /// <summary>Whether the host's time passes as well; without it, only <see cref="Skip"/> moves the clock.</summary>
        public bool FollowsHost { get; init; } = true;

        /// <summary>Time since the clock was made.</summary>
        public virtual TimeSpan Elapsed => (FollowsHost ? Stopwatch.GetElapsedTime(_start) : TimeSpan.Zero) + _skipped;

        /// <inheritdoc/>
        public override long TickCount64 => (long)Elapsed.TotalMilliseconds - _bootedAt;

        /// <inheritdoc/>
        public override long Uptime => (long)Elapsed.TotalMilliseconds;

        /// <inheritdoc/>
        public override DateTime UtcNow => _utcAtStart + Elapsed;

        /// <summary>Lets time pass at once, and happen what is due.</summary>
        /// <param name="milliseconds">0 or more.</param>
        /// <exception cref="DeviceHangException">Something on the device can never end.</exception>
        public void Skip(long milliseconds)
        {
            TakePosted();
            Schedule.Run(milliseconds);
        }

        /// <summary>Has something done on the device's own thread, when its time passes next. Any thread may call.</summary>
        public virtual void Post(Action work) => _posted.Enqueue(work);

        /// <summary>The device boots: <see cref="TickCount64"/> begins at 0, and nothing of the last run is left.</summary>
        public void Boot()
        {
            _bootedAt = (long)Elapsed.TotalMilliseconds;
            Schedule.Restart();
        }

        /// <inheritdoc/>
        public override bool TrySetUtcNow(DateTime utc)
        {
            _utcAtStart = utc - Elapsed;
            return true;
        }

        /// <inheritdoc/>
        protected override void Pass(long milliseconds)
        {
            _skipped += TimeSpan.FromMilliseconds(milliseconds);
            TakePosted();
        }

        /// <summary>Does what was posted.</summary>
        /// <returns>Whether there was anything.</returns>
        protected bool TakePosted()
        {
            bool any = false;
            while (_posted.TryDequeue(out Action? work))
            {
                any = true;
                work();
            }

            return any;
        }
    }
}
