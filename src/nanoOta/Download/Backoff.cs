// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

namespace nanoOta
{
    /// <summary>
    /// How long to wait before trying again: twice as long each time, up to a limit, and differently on each device, so that a
    /// fleet does not come back all at once. The jitter follows from the device's id: a device behaves the same each time.
    /// </summary>
    public sealed class Backoff
    {
        private readonly long _first;
        private readonly long _most;
        private long _delay;
        private uint _random;

        /// <summary>Begins without failures.</summary>
        /// <param name="first">The first delay in milliseconds.</param>
        /// <param name="most">The longest delay in milliseconds, jitter aside.</param>
        /// <param name="seed">What tells this device from others, for example a checksum of its id.</param>
        public Backoff(long first, long most, uint seed)
        {
            _first = first;
            _most = most;
            _random = seed;
        }

        /// <summary>Failures since the last success.</summary>
        public int Failures;

        /// <summary>Forgets the failures.</summary>
        public void Succeeded()
        {
            Failures = 0;
        }

        /// <summary>Counts a failure.</summary>
        /// <param name="asked">A delay in seconds that the other side asked for; kept to within the limit.</param>
        /// <returns>The milliseconds to wait: between three and five quarters of the delay that is due.</returns>
        public long Failed(int asked)
        {
            _delay = Failures == 0 ? _first : _delay * 2;
            if (_delay > _most)
            {
                _delay = _most;
            }

            long delay = _delay < asked * 1000L ? asked * 1000L : _delay;
            if (delay > _most)
            {
                delay = _most;
            }

            Failures++;
            _random = _random * 1664525 + 1013904223;
            return delay / 4 * 3 + delay / 2 * (_random >> 16) / 65536;
        }
    }
}
