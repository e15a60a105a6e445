extern alias Net;

using HostTimer = Net::System.Threading.Timer;

namespace nanoOta.StandIns
{
    /// <summary>Aborts a connection when its time is up, as the timer of the device's HttpWebRequest does.</summary>
    internal sealed class Deadline : IDisposable
    {
        private readonly HostTimer? _timer;

        /// <summary>Starts to count.</summary>
        /// <param name="connection">What is aborted.</param>
        /// <param name="milliseconds">From now, or -1 for never.</param>
        internal Deadline(Connection connection, int milliseconds)
        {
            // A peer without a network lets the device's time pass, and fails when it has.
            _timer = connection.HasPeer ? null : new HostTimer(_ => connection.Abort(), null, milliseconds, Timeout.Infinite);
        }

        public void Dispose() => _timer?.Dispose();
    }
}
