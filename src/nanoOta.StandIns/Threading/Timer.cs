extern alias Net;

using nanoOta.StandIns;
using HostTimer = Net::System.Threading.Timer;

namespace System.Threading
{
    /// <summary>A timer. On a device's clock, the timer thread calls back; on the host's, it is .NET's.</summary>
    public sealed class Timer : MarshalByRefObject, IDisposable
    {
        private readonly DeviceSchedule? _schedule = DeviceClock.Current.HasSchedule ? DeviceClock.Current.Schedule : null;
        private readonly TimerCallback _callback;
        private readonly object? _state;
        private readonly HostTimer? _host;
        private object? _planned;
        private int _period;

        /// <summary>Makes one that runs.</summary>
        /// <param name="callback">What it calls.</param>
        /// <param name="state">What it gives.</param>
        /// <param name="dueTime">Milliseconds to the first call; -1: none.</param>
        /// <param name="period">Milliseconds between calls; -1 or 0: there is one.</param>
        public Timer(TimerCallback callback, object? state, int dueTime, int period)
        {
            _callback = callback;
            _state = state;
            _host = _schedule is null ? new HostTimer(callback, state, dueTime, period) : null;
            Change(dueTime, period);
        }

        /// <summary>Makes one that runs.</summary>
        public Timer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
            : this(callback, state, (int)dueTime.TotalMilliseconds, (int)period.TotalMilliseconds)
        {
        }

        /// <summary>Changes its times, counted from now.</summary>
        public bool Change(int dueTime, int period)
        {
            if (_host is not null)
            {
                return _host.Change(dueTime, period);
            }

            _schedule!.Remove(_planned);
            _period = period;
            _planned = dueTime < 0 ? null : _schedule.Add(dueTime, _schedule.Timers, Call);
            return true;
        }

        /// <summary>Changes its times, counted from now.</summary>
        public bool Change(TimeSpan dueTime, TimeSpan period) => Change((int)dueTime.TotalMilliseconds, (int)period.TotalMilliseconds);

        /// <summary>Stops it.</summary>
        public void Dispose()
        {
            _host?.Dispose();
            _schedule?.Remove(_planned);
            _planned = null;
        }

        private void Call()
        {
            _planned = _period > 0 ? _schedule!.Add(_period, _schedule.Timers, Call) : null;
            _callback(_state);
        }
    }
}
