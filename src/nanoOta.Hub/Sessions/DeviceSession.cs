namespace nanoOta.Hub
{
    /// <summary>A connection of a device.</summary>
    public sealed class DeviceSession
    {
        internal const int MaxSubscriptions = 5;

        private readonly HashSet<string> _filters;

        internal DeviceSession(DeviceRecord device, IDeviceLink link, DateTime expires, string modelId, HashSet<string> filters)
        {
            _filters = filters;
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

        /// <summary>What it subscribed to; the next connection of the device goes on with it, if it keeps its session.</summary>
        internal HashSet<string> Filters => _filters;

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
    /// <param name="number">Its request id.</param>
    internal sealed class MethodCall(int number)
    {
        public int Number => number;

        /// <summary>The number as IoT Hub writes it: hexadecimal, lower case, without leading zeros.</summary>
        public string Rid { get; } = number.ToString("x", System.Globalization.CultureInfo.InvariantCulture);

        public TaskCompletionSource<(int Status, byte[] Payload)> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
