extern alias StandIns;

using System.Text;
using StandIns::nanoOta.StandIns;

namespace nanoOta.Tests.Azure
{
    /// <summary>Counts the bytes of MQTT packets, as MQTT 3.1.1 lays them out, between a device and a hub. TLS and TCP come on top.</summary>
    internal sealed class CountingHub(IMqttHub hub) : IMqttHub
    {
        public long Bytes { get; private set; }

        public bool Resolves(string host) => hub.Resolves(host);

        public IMqttSession Connect(MqttConnect connect, IMqttLink link)
        {
            Count(10 + Text(connect.ClientId) + Text(connect.UserName) + (connect.Password is { } password ? Text(password) : 0));
            return new Session(this, hub.Connect(connect, new Link(this, link)));
        }

        private static int Text(string text) => 2 + Encoding.UTF8.GetByteCount(text);

        private void Count(int body) => Bytes += 1 + (body < 128 ? 1 : body < 16384 ? 2 : 3) + body;

        private sealed class Session(CountingHub meter, IMqttSession session) : IMqttSession
        {
            public void Subscribe(string[] filters)
            {
                meter.Count(2 + filters.Sum(filter => Text(filter) + 1));
                meter.Count(2 + filters.Length);
                session.Subscribe(filters);
            }

            public void Unsubscribe(string[] filters)
            {
                meter.Count(2 + filters.Sum(Text));
                meter.Count(2);
                session.Unsubscribe(filters);
            }

            public void Publish(MqttPublish packet)
            {
                meter.Count(Text(packet.Topic) + 2 + packet.Payload.Length);
                session.Publish(packet);
            }

            public void Disconnect()
            {
                meter.Count(0);
                session.Disconnect();
            }

            public void Close() => session.Close();
        }

        private sealed class Link(CountingHub meter, IMqttLink link) : IMqttLink
        {
            public bool IsHeld => link.IsHeld;

            public void Accept(int afterMilliseconds)
            {
                meter.Count(2);
                link.Accept(afterMilliseconds);
            }

            public void Refuse(byte returnCode, int afterMilliseconds)
            {
                meter.Count(2);
                link.Refuse(returnCode, afterMilliseconds);
            }

            public void Acknowledge(ushort packetId, int afterMilliseconds)
            {
                meter.Count(2);
                link.Acknowledge(packetId, afterMilliseconds);
            }

            public void Deliver(string topic, byte[] payload, int afterMilliseconds)
            {
                meter.Count(Text(topic) + 2 + payload.Length);
                link.Deliver(topic, payload, afterMilliseconds);
            }

            public void Drop(int afterMilliseconds) => link.Drop(afterMilliseconds);
        }
    }
}
