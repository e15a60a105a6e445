namespace nanoOta.Tool.Fleet
{
    /// <summary>What watching does while a service cannot be reached or throttles: it waits, longer each time, and goes on.</summary>
    internal sealed class Breaks(string service, Func<TimeSpan, CancellationToken, Task> delay, Output output, TimeSpan poll)
    {
        private static readonly TimeSpan _longest = TimeSpan.FromMinutes(5);
        private int _count;

        /// <summary>Whether a failure is one that passes.</summary>
        public static bool Pass(Failure failure) => failure.Code is ExitCode.Unreachable or ExitCode.Throttled;

        /// <summary>Waits until the next look.</summary>
        /// <param name="failure">What the last look ended with; null: it was done.</param>
        /// <param name="stop">Ends it.</param>
        public Task WaitAsync(Failure? failure, CancellationToken stop)
        {
            if (failure == null)
            {
                if (_count > 0)
                {
                    output.Line($"{service} answers again.");
                }

                _count = 0;
                return delay(poll, stop);
            }

            if (_count++ == 0)
            {
                output.Complain($"{failure.Message} Watching goes on.");
            }

            TimeSpan longest = poll > _longest ? poll : _longest;
            TimeSpan wait = poll * Math.Pow(2, Math.Min(_count, 16)) * (0.5 + (Random.Shared.NextDouble() / 2));
            return delay(wait < longest ? wait : longest, stop);
        }
    }
}
