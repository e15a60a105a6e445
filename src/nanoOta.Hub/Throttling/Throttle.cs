namespace nanoOta.Hub
{
    /// <summary>What IoT Hub limits.</summary>
    internal enum Operation
    {
        RegistryRead,
        RegistryWrite,
        ConfigurationRead,
        ConfigurationWrite,
        Query,
        TwinRead,
        TwinWrite,
        Method,
        Job,
    }

    /// <summary>
    /// IoT Hub's limits of tier S1. Requests beyond a limit wait for their turn, as IoT Hub shapes traffic; one that would have to
    /// wait too long is refused.
    /// </summary>
    internal sealed class Throttle(int units, TimeSpan longestQueue, TimeProvider time)
    {
        private readonly Lock _lock = new();
        private readonly Dictionary<Operation, DateTimeOffset> _next = [];

        /// <summary>Waits until a request may go on.</summary>
        /// <exception cref="HubError">It would have to wait too long.</exception>
        public Task WaitAsync(Operation operation, CancellationToken stop)
        {
            TimeSpan wait = units == 0 ? TimeSpan.Zero : Reserve(operation);
            return wait <= TimeSpan.Zero ? Task.CompletedTask : Task.Delay(wait, time, stop);
        }

        // A bucket: a burst of as much as the limit allows in its period is taken at once, and what follows at the limit's rate.
        private TimeSpan Reserve(Operation operation)
        {
            Operation shared = operation == Operation.ConfigurationRead ? Operation.ConfigurationWrite : operation == Operation.RegistryRead ? Operation.RegistryWrite : operation;
            (int count, TimeSpan period) = Limit(shared);
            TimeSpan each = period / (count * units);
            lock (_lock)
            {
                DateTimeOffset now = time.GetUtcNow();
                DateTimeOffset free = now - period;
                DateTimeOffset next = _next.GetValueOrDefault(shared) is var known && known > free ? known : free;
                TimeSpan wait = next + each - now;
                if (wait > longestQueue)
                {
                    throw HubError.Throttled(operation.ToString());
                }

                _next[shared] = next + each;
                return wait;
            }
        }

        private static (int Count, TimeSpan Period) Limit(Operation operation)
        {
            return operation switch
            {
                Operation.ConfigurationWrite or Operation.Query => (20, TimeSpan.FromMinutes(1)),
                Operation.TwinRead => (100, TimeSpan.FromSeconds(1)),
                Operation.TwinWrite => (50, TimeSpan.FromSeconds(1)),
                Operation.Method => (40, TimeSpan.FromSeconds(1)),
                _ => (100, TimeSpan.FromMinutes(1)),
            };
        }
    }
}
