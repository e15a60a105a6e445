namespace nanoOta.Tool
{
    /// <summary>How long a service asks its clients to wait.</summary>
    internal static class RetryWait
    {
        private static readonly TimeSpan _longest = TimeSpan.FromSeconds(60);

        // Of 0 seconds, requests would follow one another without end.
        private static readonly TimeSpan _shortest = TimeSpan.FromSeconds(1);

        /// <summary>What an answer's Retry-After asks for (RFC 9110, 10.2.3: seconds or a time), from 1 to 60 seconds.</summary>
        /// <param name="response">The answer.</param>
        /// <param name="now">The time.</param>
        /// <param name="otherwise">What is waited when it asks for nothing.</param>
        public static TimeSpan Of(HttpResponseMessage response, DateTimeOffset now, TimeSpan otherwise)
        {
            TimeSpan asked = response.Headers.RetryAfter?.Delta ?? response.Headers.RetryAfter?.Date - now ?? otherwise;
            return asked < _shortest ? _shortest : asked < _longest ? asked : _longest;
        }
    }
}
