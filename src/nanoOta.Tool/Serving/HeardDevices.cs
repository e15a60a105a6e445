using nanoOta.VirtualDevice.Cloud;

namespace nanoOta.Tool.Serving
{
    /// <summary>A device that was heard of.</summary>
    /// <param name="Id">Who it says it is; its address when it does not.</param>
    /// <param name="Client">Its address.</param>
    /// <param name="Heard">When it was heard of last, UTC.</param>
    /// <param name="Report">Its last report; null: it only asked for files.</param>
    internal sealed record HeardDevice(string Id, string Client, DateTime Heard, DeviceReport? Report);

    /// <summary>The devices that were heard of, no more than fit a table. Called by several threads.</summary>
    internal sealed class HeardDevices(TimeProvider clock)
    {
        private const int Most = 200;

        private readonly Lock _lock = new();
        private readonly Dictionary<string, HeardDevice> _devices = [];

        /// <summary>The devices, by name.</summary>
        public HeardDevice[] All
        {
            get
            {
                lock (_lock)
                {
                    return [.. _devices.Values.OrderBy(device => device.Id, StringComparer.Ordinal)];
                }
            }
        }

        /// <summary>A device asked for a file. Who does not say what it is, a browser perhaps, is none.</summary>
        public void Asked(ServedRequest request)
        {
            if (request.Device != null)
            {
                Heard(request.Device, request.Client, null);
            }
        }

        /// <summary>A device reported.</summary>
        public HeardDevice Reported(ReceivedReport received, DeviceReport report)
        {
            return Heard(received.Device ?? received.Client, received.Client, report);
        }

        private HeardDevice Heard(string name, string client, DeviceReport? report)
        {
            string id = DeviceReport.Printable(name);
            lock (_lock)
            {
                if (_devices.Count >= Most && !_devices.ContainsKey(id))
                {
                    _devices.Remove(_devices.Values.MinBy(device => device.Heard)!.Id);
                }

                return _devices[id] = new HeardDevice(id, client, clock.GetUtcNow().UtcDateTime, report ?? _devices.GetValueOrDefault(id)?.Report);
            }
        }
    }
}
