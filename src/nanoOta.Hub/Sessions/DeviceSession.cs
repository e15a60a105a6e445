namespace nanoOta.Hub
{
    /// <summary>A connection of a device.</summary>
    public sealed class DeviceSession
    {
        internal const int MaxSubscriptions = 5;

        private readonly HashSet<string> _filters = [];

        internal DeviceSession(DeviceRecord device, IDeviceLink link, DateTime expires, string modelId)
        {
            Device = device;
            Link = link;
            Expires = expires;
            ModelId = modelId;
        }

        /// <summary>The device's id.</summary>
        public string DeviceId => Device.Id;

        /// <summary>Messages to the cloud that came over it.</summary>
        public long Telemetry { get; internal set; }

        internal DeviceRecord Device { get; }

        internal IDeviceLink Link { get; }

        internal DateTime Expires { get; }

        internal string ModelId { get; }

        internal bool HasRoom(string filter) => _filters.Contains(filter) || _filters.Count < MaxSubscriptions;

        internal void Subscribe(string filter) => _filters.Add(filter);

        internal void Unsubscribe(string filter) => _filters.Remove(filter);

        /// <summary>Whether it asked for a topic.</summary>
        internal bool Hears(string topic)
        {
            return _filters.Any(filter => filter.EndsWith('#') ? topic.StartsWith(filter[..^1], StringComparison.Ordinal) : topic == filter);
        }

        /// <summary>Sends to the device, provided that it asked for such messages.</summary>
        internal bool Send(string topic, string payload)
        {
            bool hears = Hears(topic);
            if (hears)
            {
                Link.Deliver(topic, System.Text.Encoding.UTF8.GetBytes(payload));
            }

            return hears;
        }
    }

    /// <summary>A direct method under way.</summary>
    internal sealed class MethodCall(string rid)
    {
        public string Rid => rid;

        public TaskCompletionSource<(int Status, byte[] Payload)> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
