extern alias Net;

using nanoOta.StandIns;

namespace System.Threading
{
    /// <summary>.NET's, but its delay is the device's time: the timer thread cancels it.</summary>
    public class CancellationTokenSource : IDisposable
    {
        private readonly Net::System.Threading.CancellationTokenSource _source = new();
        private readonly DeviceSchedule? _schedule = DeviceClock.Current.HasSchedule ? DeviceClock.Current.Schedule : null;
        private object? _timer;

        /// <summary>A source that is cancelled by hand.</summary>
        public CancellationTokenSource()
        {
        }

        /// <summary>A source that is cancelled after a delay.</summary>
        /// <param name="millisecondsDelay">0 or more; -1 for never.</param>
        public CancellationTokenSource(int millisecondsDelay)
        {
            CancelAfter(millisecondsDelay);
        }

        /// <summary>A source that is cancelled after a delay.</summary>
        public CancellationTokenSource(TimeSpan delay)
            : this((int)delay.TotalMilliseconds)
        {
        }

        /// <summary>Whether it was cancelled.</summary>
        public bool IsCancellationRequested => _source.IsCancellationRequested;

        /// <summary>What is handed on.</summary>
        public CancellationToken Token => _source.Token;

        /// <summary>Cancels now.</summary>
        public void Cancel() => _source.Cancel();

        /// <summary>Cancels now.</summary>
        public void Cancel(bool throwOnFirstException) => _source.Cancel(throwOnFirstException);

        /// <summary>Cancels after a delay, counted from now.</summary>
        /// <param name="millisecondsDelay">0 or more; -1 for never.</param>
        public void CancelAfter(int millisecondsDelay)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(millisecondsDelay, Timeout.Infinite);
            if (_schedule is null)
            {
                _source.CancelAfter(millisecondsDelay);
                return;
            }

            _schedule.Remove(_timer);
            _timer = millisecondsDelay == Timeout.Infinite ? null : _schedule.Add(millisecondsDelay, _schedule.Timers, _source.Cancel);
        }

        /// <summary>Cancels after a delay, counted from now.</summary>
        public void CancelAfter(TimeSpan delay) => CancelAfter((int)delay.TotalMilliseconds);

        /// <summary>Frees the timer: it is never cancelled by itself.</summary>
        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        /// <summary>Frees the timer.</summary>
        protected virtual void Dispose(bool disposing)
        {
            _schedule?.Remove(_timer);
        }
    }
}
