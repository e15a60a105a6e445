extern alias StandIns;

using System.Collections.Concurrent;
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

        // Properties are not kept for a device, neither here nor at IoT Hub: it requests its twin when it connects.
        private const string DesiredPatch = "$iothub/twin/PATCH/";

        private Session? _session;

        /// <summary>Called when the hub has something for the device while it sleeps. The hub may be locked: note it and return.</summary>
        public required Action Woken { get; init; }

        /// <summary>Messages that came while the device slept; it gets them once, after it subscribed.</summary>
        public required ConcurrentQueue<(string Topic, byte[] Payload)> Kept { get; init; }

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
        public void Sleep() => _session?.Sleep();

        /// <summary>The device's power goes off: the hub sees it disconnected.</summary>
        public void PowerOff() => _session?.Close();

        private sealed class Session(ProcessNetwork network, IMqttLink link) : IMqttSession, IDeviceLink
        {
            // What is on its way to the device.
            private readonly List<(string Topic, byte[] Payload)> _underway = [];
            private bool _isAsleep;

            public DeviceSession? Opened { get; set; }

            public void Sleep()
            {
                lock (_underway)
                {
                    _isAsleep = true;
                    _underway.ForEach(Miss);
                    _underway.Clear();
                }
            }

            public void Subscribe(string[] filters)
            {
                foreach (string filter in filters)
                {
                    network.Hub.Subscribe(Opened!, filter);
                }

                while (network.Kept.TryDequeue(out (string Topic, byte[] Payload) message))
                {
                    Deliver(message.Topic, message.Payload);
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
                (string, byte[]) message = (topic, payload);
                lock (_underway)
                {
                    if (_isAsleep)
                    {
                        Miss(message);
                        return;
                    }

                    _underway.Add(message);
                }

                network.Clock.Post(() => network.Clock.Schedule.Add(Latency, null, () => Arrive(message)));
            }

            public void Replaced() => network.Clock.Post(() => link.Drop(Latency));

            void IDeviceLink.Close()
            {
                lock (_underway)
                {
                    if (_isAsleep)
                    {
                        network.Woken();
                        return;
                    }
                }

                network.Clock.Post(() => link.Drop(Latency));
            }

            // On the device's thread. Until then a device that falls asleep has missed the message.
            private void Arrive((string Topic, byte[] Payload) message)
            {
                lock (_underway)
                {
                    if (!_underway.Remove(message))
                    {
                        return;
                    }
                }

                link.Deliver(message.Topic, message.Payload, 0);
            }

            private void Miss((string Topic, byte[] Payload) message)
            {
                if (!message.Topic.StartsWith(DesiredPatch, StringComparison.Ordinal))
                {
                    network.Kept.Enqueue(message);
                }

                network.Woken();
            }
        }

        private IotHub Hub => hub;

        private VirtualClock Clock => clock;
    }
}
