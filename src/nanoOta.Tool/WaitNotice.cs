namespace nanoOta.Tool
{
    /// <summary>Says that a request to a service has to wait: once, until the service answers again.</summary>
    /// <param name="service">What the service is called in messages.</param>
    internal sealed class WaitNotice(string service)
    {
        private bool _isSaid;

        /// <summary>Notes an answer; one of 429 and from 500 on is none.</summary>
        /// <param name="status">The HTTP status.</param>
        public void Answered(int status) => _isSaid &= status is 429 or >= 500;

        /// <summary>Says why and for how long.</summary>
        /// <param name="say">Takes the sentence; null: nobody does.</param>
        /// <param name="status">The HTTP status; 0: there was no answer.</param>
        /// <param name="wait">When the request is sent again.</param>
        /// <param name="howLong">How often or for how long it is sent again.</param>
        public void Say(Action<string>? say, int status, TimeSpan wait, string howLong)
        {
            if (!_isSaid)
            {
                _isSaid = true;
                string why = status switch { 0 => "does not answer", 429 => "throttles", _ => $"answers {status}" };
                say?.Invoke($"{service} {why}: the request is sent again after {wait.TotalSeconds:F0} s, {howLong}. Ctrl+C ends it.");
            }
        }
    }
}
