namespace nanoOta.StandIns
{
    /// <summary>What answers MQTT connections: topics and payloads are the bytes that a real hub gets and sends.</summary>
    public interface IMqttHub
    {
        /// <summary>Whether a name leads to an address.</summary>
        /// <param name="host">A host name.</param>
        bool Resolves(string host);

        /// <summary>
        /// A device has connected, with TLS, and sends CONNECT. The hub answers now or later through the link: accepts, refuses,
        /// drops, or never says anything.
        /// </summary>
        /// <param name="connect">The packet.</param>
        /// <param name="link">The way back to the device.</param>
        /// <returns>What takes the device's packets.</returns>
        /// <exception cref="System.Net.Sockets.SocketException">There is no connection.</exception>
        IMqttSession Connect(MqttConnect connect, IMqttLink link);
    }

    /// <summary>What a device says when it connects.</summary>
    /// <param name="Host">Where it connects to.</param>
    /// <param name="Port">The port.</param>
    /// <param name="ClientId">For IoT Hub the device's id.</param>
    /// <param name="UserName">For IoT Hub host, device, API version, and what the client is.</param>
    /// <param name="Password">A shared access signature; null with a client certificate.</param>
    /// <param name="HasCertificate">Whether it shows a client certificate.</param>
    /// <param name="KeepAliveSeconds">How often it makes itself heard at least.</param>
    public sealed record MqttConnect(
        string Host, int Port, string ClientId, string UserName, string? Password, bool HasCertificate, int KeepAliveSeconds);

    /// <summary>A PUBLISH of a device.</summary>
    /// <param name="PacketId">Its number, 1 to 65535.</param>
    /// <param name="Topic">The topic.</param>
    /// <param name="Payload">The content.</param>
    /// <param name="QoS">0 or 1; 1 wants a PUBACK.</param>
    /// <param name="IsDuplicate">Whether it was sent before and not acknowledged.</param>
    public sealed record MqttPublish(ushort PacketId, string Topic, byte[] Payload, int QoS, bool IsDuplicate);

    /// <summary>The hub's end of a connection.</summary>
    public interface IMqttSession
    {
        /// <summary>SUBSCRIBE.</summary>
        void Subscribe(string[] filters);

        /// <summary>UNSUBSCRIBE.</summary>
        void Unsubscribe(string[] filters);

        /// <summary>PUBLISH.</summary>
        void Publish(MqttPublish packet);

        /// <summary>DISCONNECT.</summary>
        void Disconnect();

        /// <summary>The device closed its socket.</summary>
        void Close();
    }

    /// <summary>The way from a hub to a device. Each packet arrives after a while; on a link that is no more nothing arrives.</summary>
    public interface IMqttLink
    {
        /// <summary>Whether the device holds the TLS session, with all the memory it takes.</summary>
        bool IsHeld { get; }

        /// <summary>CONNACK: accepted.</summary>
        /// <param name="afterMilliseconds">When it arrives.</param>
        void Accept(int afterMilliseconds);

        /// <summary>CONNACK: refused; the hub closes then.</summary>
        /// <param name="returnCode">1 to 5, as MQTT 3.1.1 has it.</param>
        /// <param name="afterMilliseconds">When it arrives.</param>
        void Refuse(byte returnCode, int afterMilliseconds);

        /// <summary>PUBACK.</summary>
        /// <param name="packetId">Of what.</param>
        /// <param name="afterMilliseconds">When it arrives.</param>
        void Acknowledge(ushort packetId, int afterMilliseconds);

        /// <summary>PUBLISH.</summary>
        /// <param name="topic">The topic.</param>
        /// <param name="payload">The content.</param>
        /// <param name="afterMilliseconds">When it arrives.</param>
        void Deliver(string topic, byte[] payload, int afterMilliseconds);

        /// <summary>The connection breaks.</summary>
        /// <param name="afterMilliseconds">When the device notices.</param>
        void Drop(int afterMilliseconds);
    }
}
