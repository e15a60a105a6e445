extern alias Net;

using System.Diagnostics;
using HostThread = Net::System.Threading.Thread;

namespace nanoOta.StandIns
{
    /// <summary>
    /// The time that device code sees: milliseconds since start and the wall clock.
    /// </summary>
    /// <remarks>
    /// <c>DateTime.UtcNow</c> belongs to mscorlib, which is redirected to .NET itself, and so stays the host's;
    /// certificate dates, <c>Environment.TickCount64</c> and <c>Rtc</c> ask here.
    /// </remarks>
    public abstract class DeviceClock
    {
        private static readonly DeviceClock _host = new HostClock();

        // Flows into threads and timers which the device code starts itself.
        private static readonly AsyncLocal<DeviceClock?> _current = new();

        /// <summary>The clock of the device that runs in this execution context; the host's when none was set.</summary>
        public static DeviceClock Current
        {
            get => _current.Value ?? _host;
            set => _current.Value = value;
        }

        /// <summary>Milliseconds since the device started.</summary>
        public abstract long TickCount64 { get; }

        /// <summary>Milliseconds since the clock was made; a boot does not set it back.</summary>
        public virtual long Uptime => TickCount64;

        /// <summary>What happens while this clock's time passes.</summary>
        /// <exception cref="InvalidOperationException">This is the host's clock, which nobody can hold.</exception>
        public DeviceSchedule Schedule => HasSchedule
            ? field ??= new DeviceSchedule(this)
            : throw new InvalidOperationException("A clock of the device's own is needed: set DeviceClock.Current.");

        /// <summary>Whether this is a device's clock and not the host's.</summary>
        public virtual bool HasSchedule => true;

        /// <summary>The wall clock, UTC. A device without a valid time says so by an early year.</summary>
        public abstract DateTime UtcNow { get; }

        /// <summary>Sets the wall clock, as SNTP does.</summary>
        /// <returns>False when this clock cannot be set.</returns>
        public abstract bool TrySetUtcNow(DateTime utc);

        /// <summary>Moves the clock without anything happening.</summary>
        /// <param name="milliseconds">0 or more.</param>
        protected internal abstract void Pass(long milliseconds);

        private sealed class HostClock : DeviceClock
        {
            public override bool HasSchedule => false;

            private readonly long _start = Stopwatch.GetTimestamp();

            public override long TickCount64 => (long)Stopwatch.GetElapsedTime(_start).TotalMilliseconds;

            public override DateTime UtcNow => DateTime.UtcNow;

            public override bool TrySetUtcNow(DateTime utc) => false;

            protected internal override void Pass(long milliseconds) => HostThread.Sleep((int)milliseconds);
        }
    }
}
