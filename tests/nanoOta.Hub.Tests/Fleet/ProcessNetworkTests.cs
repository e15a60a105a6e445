extern alias StandIns;

using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using StandIns::nanoOta.StandIns;
using nanoOta.VirtualDevice;

namespace nanoOta.Hub.Tests
{
    /// <summary>The way of a virtual device to the hub in one process: what comes while it falls asleep is not lost, and comes once.</summary>
    public sealed class ProcessNetworkTests : IDisposable
    {
        private const string Call = "$iothub/methods/POST/status/?$rid=1";
        private const string Patch = "$iothub/twin/PATCH/properties/desired/?$version=2";

        private readonly IotHub _hub = new(HubScene.Quick());
        private readonly VirtualClock _clock = new() { FollowsHost = false };
        private readonly ConcurrentQueue<(string Topic, byte[] Payload)> _kept = new();
        private readonly ProcessNetwork _network;
        private readonly Device _device = new();
        private int _woken;

        public ProcessNetworkTests()
        {
            _hub.PutDevice("d1", [], null);
            _network = Network();
        }

        public void Dispose() => _hub.Dispose();

        [Fact]
        public void A_message_on_its_way_when_the_device_falls_asleep_wakes_it_and_comes_later()
        {
            var link = (IDeviceLink)Connect(_network, _device);
            link.Deliver(Call, []);
            _clock.Skip(1);
            _network.Sleep();
            _clock.Skip(1000);
            Assert.Empty(_device.Topics);
            Assert.Equal((1, 1), (_woken, _kept.Count));

            Connect(Network(), _device);
            _clock.Skip(1000);
            Assert.Equal([Call], _device.Topics);
        }

        [Fact]
        public void A_message_that_was_kept_comes_once_however_often_the_device_connects()
        {
            var link = (IDeviceLink)Connect(_network, _device);
            _network.Sleep();
            link.Deliver(Call, []);
            ProcessNetwork next = Network();
            Connect(next, _device);
            _clock.Skip(1000);
            Connect(next, _device);
            _clock.Skip(1000);
            Assert.Equal([Call], _device.Topics);
        }

        [Fact]
        public void A_change_of_the_properties_wakes_the_device_and_is_not_kept()
        {
            var link = (IDeviceLink)Connect(_network, _device);
            _network.Sleep();
            link.Deliver(Patch, []);
            Assert.Equal((1, 0), (_woken, _kept.Count));
        }

        [Fact]
        public void What_comes_while_it_is_awake_arrives_and_wakes_nobody()
        {
            var link = (IDeviceLink)Connect(_network, _device);
            link.Deliver(Call, []);
            _clock.Skip(1000);
            _network.Sleep();
            Assert.Equal([Call], _device.Topics);
            Assert.Equal((0, 0), (_woken, _kept.Count));
        }

        [Fact]
        public void A_connection_that_the_hub_ends_wakes_a_sleeping_device()
        {
            Connect(_network, _device);
            _network.Sleep();
            _hub.PutDevice("d1", new JsonObject { ["status"] = "disabled" }, "*");
            Assert.Equal(1, _woken);
        }

        private ProcessNetwork Network() => new(_hub, _clock) { Woken = () => _woken++, Kept = _kept };

        private IMqttSession Connect(ProcessNetwork network, IMqttLink link)
        {
            string key = (string)_hub.GetDevice("d1").Json["authentication"]!["symmetricKey"]!["primaryKey"]!;
            string token = SasToken.Sign("127.0.0.1/devices/d1", key, DateTime.UtcNow.AddHours(1), null);
            IMqttSession session = network.Connect(new MqttConnect("127.0.0.1", 8883, "d1", "127.0.0.1/d1/?api-version=2021-04-12", token, false, 60), link);
            session.Subscribe(["$iothub/twin/#", "$iothub/methods/POST/#"]);
            return session;
        }

        private sealed class Device : IMqttLink
        {
            public List<string> Topics { get; } = [];

            public bool IsHeld => true;

            public void Accept(int afterMilliseconds)
            {
            }

            public void Refuse(byte returnCode, int afterMilliseconds) => Assert.Fail($"Refused with {returnCode}.");

            public void Acknowledge(ushort packetId, int afterMilliseconds)
            {
            }

            public void Deliver(string topic, byte[] payload, int afterMilliseconds) => Topics.Add(topic);

            public void Drop(int afterMilliseconds)
            {
            }
        }
    }
}
