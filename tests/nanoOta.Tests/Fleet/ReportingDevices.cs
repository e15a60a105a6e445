using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using nanoOta.Hub;

namespace nanoOta.Tests.Fleet
{
    /// <summary>
    /// Devices of a local hub that do nothing but report: each follows updateVersion at once, by the library's rule for the percentage,
    /// and a test says what becomes of a version. The agent itself is tested elsewhere.
    /// </summary>
    internal sealed class ReportingDevices : IDisposable
    {
        private const string Thumbprint = "00112233445566778899AABBCCDDEEFF00112233";

        private readonly IotHub _hub;
        private readonly BlockingCollection<string> _work = [];
        private readonly ConcurrentDictionary<string, (DeviceSession Session, string Runs, JsonObject? Last)> _devices = new();
        private readonly Thread _thread;

        public ReportingDevices(IotHub hub)
        {
            _hub = hub;
            hub.DesiredChanged = id => _work.Add(id);
            _thread = new Thread(Work) { IsBackground = true };
            _thread.Start();
        }

        /// <summary>What becomes of a version on a device; 1: applied.</summary>
        public Func<string, string, ResultCode> Outcome { get; set; } = (_, _) => ResultCode.Applied;

        /// <summary>Whether devices report a trial before they report what became of a version.</summary>
        public bool ReportTrials { get; set; }

        /// <summary>Every (device, version) that was begun.</summary>
        public ConcurrentQueue<(string Device, string Version)> Begun { get; } = new();

        /// <summary>Makes a device that runs 1.0.0.</summary>
        public void Add(string id, string product, string group)
        {
            _hub.PutDevice(id, new JsonObject { ["authentication"] = new JsonObject { ["type"] = "selfSigned", ["x509Thumbprint"] = new JsonObject { ["primaryThumbprint"] = Thumbprint, ["secondaryThumbprint"] = Thumbprint } } }, null);
            _hub.PatchTwin(id, new JsonObject { ["tags"] = new JsonObject { ["product"] = product, ["group"] = group } }, null);
            Assert.Equal(0, _hub.Connect(new DeviceConnect(id, $"127.0.0.1/{id}/?api-version=2021-04-12", null, Thumbprint), new Link(), out DeviceSession? session));
            _devices[id] = (session!, "1.0.0", null);
            Report(id, new JsonObject { ["current"] = "1.0.0", ["state"] = "idle", ["progress"] = 0 });
        }

        public void Dispose()
        {
            _work.CompleteAdding();
            _thread.Join();
            _work.Dispose();
        }

        private void Work()
        {
            foreach (string id in _work.GetConsumingEnumerable())
            {
                Follow(id);
            }
        }

        private void Follow(string id)
        {
            if (!_devices.TryGetValue(id, out (DeviceSession Session, string Runs, JsonObject? Last) device))
            {
                return;
            }

            JsonNode desired = _hub.GetTwin(id).Json["properties"]!["desired"]!;
            (DeviceSession session, string runs, JsonObject? last) = device;
            if ((string?)desired["updateVersion"] is not { } version || version == runs || (string?)last?["version"] == version)
            {
                return;
            }

            if (Crc32(id + version) % 100 >= (uint)((int?)desired["updateShare"] ?? 100))
            {
                Report(id, new JsonObject { ["current"] = runs, ["target"] = version, ["state"] = "waiting", ["waiting"] = (int)ResultCode.PercentageNotReached });
                return;
            }

            Begun.Enqueue((id, version));
            if (ReportTrials)
            {
                Report(id, new JsonObject { ["current"] = version, ["target"] = null, ["state"] = "trial", ["waiting"] = null });
            }

            ResultCode code = Outcome(id, version);
            bool isApplied = code == ResultCode.Applied;
            last = new JsonObject { ["code"] = (int)code, ["version"] = version, ["time"] = "2026-11-20T22:04:11Z", ["reason"] = code == ResultCode.SelfTestFailed ? "pump" : null };
            _devices[id] = (session, isApplied ? version : runs, last);
            Report(id, new JsonObject { ["current"] = isApplied ? version : runs, ["target"] = null, ["state"] = "idle", ["waiting"] = null, ["last"] = last.DeepClone() });
        }

        /// <summary>Reports something in the place of <c>ota</c>.</summary>
        public void Report(string id, JsonNode ota)
        {
            Assert.True(_hub.Publish(_devices[id].Session, "$iothub/twin/PATCH/properties/reported/?$rid=1", Encoding.UTF8.GetBytes(new JsonObject { ["ota"] = ota }.ToJsonString()), 0));
        }

        // The library's own, which is not visible here; CRC-32 of IEEE 802.3.
        private static uint Crc32(string text)
        {
            uint crc = uint.MaxValue;
            foreach (byte b in Encoding.UTF8.GetBytes(text))
            {
                crc ^= b;
                for (int bit = 0; bit < 8; bit++)
                {
                    crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
                }
            }

            return ~crc;
        }

        private sealed class Link : IDeviceLink
        {
            public void Deliver(string topic, byte[] payload)
            {
            }

            public void Close()
            {
            }
        }
    }
}
