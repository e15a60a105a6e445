using System.Diagnostics;

namespace nanoOta.Hub
{
    /// <summary>
    /// The time of a virtual device whose hub is reached over a network: waiting takes time, though less than on a board, and ends
    /// as soon as something comes in.
    /// </summary>
    /// <param name="speed">How much faster than the host's time it passes.</param>
    public sealed class LiveClock(int speed) : VirtualDevice.VirtualClock
    {
        private readonly long _start = Stopwatch.GetTimestamp();
        private readonly SemaphoreSlim _came = new(0);

        /// <inheritdoc/>
        public override TimeSpan Elapsed => Stopwatch.GetElapsedTime(_start) * speed;

        /// <inheritdoc/>
        public override void Post(Action work)
        {
            base.Post(work);
            _came.Release();
        }

        /// <inheritdoc/>
        protected override void Pass(long milliseconds)
        {
            long end = (long)Elapsed.TotalMilliseconds + milliseconds;
            do
            {
                _came.Wait((int)Math.Clamp((end - (long)Elapsed.TotalMilliseconds) / speed, 1, 1000));
                if (TakePosted())
                {
                    return;
                }
            }
            while ((long)Elapsed.TotalMilliseconds < end);
        }
    }
}
