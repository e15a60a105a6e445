extern alias StandIns;

using System.Text;
using StandIns::nanoOta.StandIns;

namespace nanoOta.VirtualDevice.Cloud
{
    /// <summary>One connection of a device with a <see cref="LocalHub"/>.</summary>
    internal sealed class LocalHubSession(LocalHub hub, IMqttLink link) : IMqttSession
    {
        // Keep-alive of 60 s, and as much again for its answer.
        private const int SilenceMilliseconds = 120_000;

        private readonly HashSet<string> _filters = [];
        private bool _isSilent;

        internal IMqttLink Link => link;

        public void Subscribe(string[] filters) => _filters.UnionWith(filters);

        public void Unsubscribe(string[] filters) => _filters.ExceptWith(filters);

        public void Publish(MqttPublish packet)
        {
            if (!_isSilent)
            {
                hub.OnPublish(this, packet);
            }
        }

        public void Disconnect() => hub.OnEnd(this);

        public void Close() => hub.OnEnd(this);

        internal void Deliver(string topic, string payload)
        {
            if (!_isSilent && _filters.Any(filter => topic.StartsWith(filter.TrimEnd('#'), StringComparison.Ordinal)))
            {
                link.Deliver(topic, Encoding.UTF8.GetBytes(payload), hub.Latency);
            }
        }

        internal void Break()
        {
            hub.OnEnd(this);
            link.Drop(0);
        }

        internal void GoSilent()
        {
            _isSilent = true;
            hub.OnEnd(this);
            link.Drop(SilenceMilliseconds);
        }
    }
}
