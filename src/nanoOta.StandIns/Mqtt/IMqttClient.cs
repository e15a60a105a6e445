using System.Collections;
using nanoFramework.M2Mqtt.Messages;

namespace nanoFramework.M2Mqtt
{
    /// <summary>What IoT Hub's client talks through: nanoFramework's MQTT client, or one of the application's own.</summary>
    public interface IMqttClient
    {
        /// <summary>Hears that the connection is gone.</summary>
        public delegate void ConnectionClosedEventHandler(object sender, EventArgs e);

        /// <summary>Hears what came.</summary>
        public delegate void MqttMsgPublishEventHandler(object sender, MqttMsgPublishEventArgs e);

        /// <summary>Hears what was acknowledged or given up.</summary>
        public delegate void MqttMsgPublishedEventHandler(object sender, MqttMsgPublishedEventArgs e);

        /// <summary>Hears of SUBACK.</summary>
        public delegate void MqttMsgSubscribedEventHandler(object sender, MqttMsgSubscribedEventArgs e);

        /// <summary>Hears of UNSUBACK.</summary>
        public delegate void MqttMsgUnsubscribedEventHandler(object sender, MqttMsgUnsubscribedEventArgs e);

        /// <summary>The connection is gone.</summary>
        event ConnectionClosedEventHandler? ConnectionClosed;

        /// <summary>A message came.</summary>
        event MqttMsgPublishEventHandler? MqttMsgPublishReceived;

        /// <summary>A message was acknowledged, or given up.</summary>
        event MqttMsgPublishedEventHandler? MqttMsgPublished;

        /// <summary>SUBACK came.</summary>
        event MqttMsgSubscribedEventHandler? MqttMsgSubscribed;

        /// <summary>UNSUBACK came.</summary>
        event MqttMsgUnsubscribedEventHandler? MqttMsgUnsubscribed;

        /// <summary>Whether there is a connection.</summary>
        bool IsConnected { get; }

        /// <summary>Says where to connect to.</summary>
        void Init(string brokerHostName, int brokerPort, bool secure, byte[]? caCert, byte[]? clientCert, MqttSslProtocols sslProtocol);

        /// <summary>Connects. Refused is a result and no exception.</summary>
        MqttReasonCode Connect(string clientId, string username, string? password, bool willRetain, MqttQoSLevel willQosLevel, bool willFlag, string willTopic, string willMessage, bool cleanSession, ushort keepAlivePeriod);

        /// <summary>Says goodbye.</summary>
        void Disconnect();

        /// <summary>Frees what the connection holds.</summary>
        void Close();

        /// <summary>Subscribes.</summary>
        /// <returns>The packet's number.</returns>
        ushort Subscribe(string[] topics, MqttQoSLevel[] qosLevels);

        /// <summary>Unsubscribes.</summary>
        /// <returns>The packet's number.</returns>
        ushort Unsubscribe(string[] topics);

        /// <summary>Sends a message once.</summary>
        /// <returns>The packet's number.</returns>
        ushort Publish(string topic, byte[] message);

        /// <summary>Sends a message once.</summary>
        /// <returns>The packet's number.</returns>
        ushort Publish(string topic, byte[] message, string? contentType);

        /// <summary>Sends a message.</summary>
        /// <returns>The packet's number.</returns>
        ushort Publish(string topic, byte[] message, string? contentType, ArrayList? userProperties, MqttQoSLevel qosLevel, bool retain);
    }

    /// <summary>The version of TLS.</summary>
    public enum MqttSslProtocols
    {
        /// <summary>No TLS.</summary>
        None = 0,

        /// <summary>SSL 3.</summary>
        SSLv3 = 1,

        /// <summary>TLS 1.0.</summary>
        TLSv1_0 = 2,

        /// <summary>TLS 1.1.</summary>
        TLSv1_1 = 3,

        /// <summary>TLS 1.2.</summary>
        TLSv1_2 = 4,

        /// <summary>TLS 1.3.</summary>
        TLSv1_3 = 5,
    }
}
