extern alias StandIns;

using StandIns::nanoOta.StandIns;
using nanoOta.VirtualDevice;

namespace nanoOta.Hub
{
    /// <summary>The way of one virtual device's MQTT client to a hub in the same process: topics and payloads as on the wire, without the wire.</summary>
    /// <param name="hub">The hub.</param>
    /// <param name="clock">The device's time.</param>
    internal sealed class ProcessNetwork(IotHub hub, VirtualClock clock) : IMqttHub
    {
        private const int Latency = 20;

        private Session? _session;

        /// <summary>Hears of what comes for the device while it sleeps.</summary>
        public required Action<(string Topic, byte[] Payload)> Missed { get; init; }

        /// <summary>What came while it slept.</summary>
        public required IReadOnlyCollection<(string Topic, byte[] Payload)> Kept { get; init; }

        public bool Resolves(string host) => hub.Options.HostNames.Contains(host);

        public IMqttSession Connect(MqttConnect connect, IMqttLink link)
        {
            var session = new Session(this, link);
            byte code = hub.Connect(new DeviceConnect(connect.ClientId, connect.UserName, connect.Password, null), session, out DeviceSession? opened);
            session.Opened = opened;
            _session = session;
            if (code == 0)
            {
                link.Accept(Latency);
            }
            else
            {
                link.Refuse(code, Latency);
            }

            return session;
        }

        /// <summary>The device stands still from now on. To the hub it stays connected.</summary>
        public void Sleep()
        {
            if (_session != null)
            {
                _session.IsAsleep = true;
            }
        }

        private sealed class Session(ProcessNetwork network, IMqttLink link) : IMqttSession, IDeviceLink
        {
            public DeviceSession? Opened { get; set; }

            public volatile bool IsAsleep;

            public void Subscribe(string[] filters)
            {
                foreach (string filter in filters)
                {
                    network.Hub.Subscribe(Opened!, filter);
                }

                foreach ((string topic, byte[] payload) in network.Kept)
                {
                    Deliver(topic, payload);
                }
            }

            public void Unsubscribe(string[] filters)
            {
                foreach (string filter in filters)
                {
                    network.Hub.Unsubscribe(Opened!, filter);
                }
            }

            public void Publish(MqttPublish packet)
            {
                if (!network.Hub.Publish(Opened!, packet.Topic, packet.Payload, packet.QoS))
                {
                    link.Drop(Latency);
                }
                else if (packet.QoS > 0)
                {
                    link.Acknowledge(packet.PacketId, Latency);
                }
            }

            public void Disconnect() => network.Hub.Disconnected(Opened!);

            public void Close()
            {
                if (Opened != null)
                {
                    network.Hub.Disconnected(Opened);
                }
            }

            public void Deliver(string topic, byte[] payload)
            {
                if (IsAsleep)
                {
                    network.Missed((topic, payload));
                }
                else
                {
                    network.Clock.Post(() => link.Deliver(topic, payload, Latency));
                }
            }

            public void Replaced() => network.Clock.Post(() => link.Drop(Latency));

            void IDeviceLink.Close() => network.Clock.Post(() => link.Drop(Latency));
        }

        private IotHub Hub => hub;

        private VirtualClock Clock => clock;
    }
}
