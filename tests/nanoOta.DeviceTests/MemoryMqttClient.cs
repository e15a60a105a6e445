// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;
using System.Collections;
using System.Text;
using nanoFramework.Azure.Devices.Client;
using nanoFramework.M2Mqtt;
using nanoFramework.M2Mqtt.Messages;

namespace nanoOta.DeviceTests
{
    /// <summary>
    /// The MQTT client of one connection to a <see cref="MemoryHub"/>. It has no thread: what the hub says comes within the call that it
    /// answers, on the caller's thread.
    /// </summary>
    internal sealed class MemoryMqttClient : IMqttClient
    {
        private readonly MemoryHub _hub;
        private ushort _lastId;

        internal MemoryMqttClient(MemoryHub hub)
        {
            _hub = hub;
        }

        public event IMqttClient.ConnectionClosedEventHandler ConnectionClosed;

        public event IMqttClient.MqttMsgPublishEventHandler MqttMsgPublishReceived;

        public event IMqttClient.MqttMsgPublishedEventHandler MqttMsgPublished;

        // The device's client does not ask for these.
        public event IMqttClient.MqttMsgSubscribedEventHandler MqttMsgSubscribed
        {
            add
            {
            }

            remove
            {
            }
        }

        public event IMqttClient.MqttMsgUnsubscribedEventHandler MqttMsgUnsubscribed
        {
            add
            {
            }

            remove
            {
            }
        }

        public bool IsConnected { get; private set; }

        public void Init(string brokerHostName, int brokerPort, bool secure, byte[] caCert, byte[] clientCert, MqttSslProtocols sslProtocol)
        {
        }

        public MqttReasonCode Connect(string clientId, string username, string password, bool willRetain, MqttQoSLevel willQosLevel, bool willFlag, string willTopic, string willMessage, bool cleanSession, ushort keepAlivePeriod)
        {
            MqttReasonCode answer = _hub.Connect(this);
            IsConnected = answer == MqttReasonCode.Success;
            return answer;
        }

        public void Disconnect()
        {
            if (!IsConnected)
            {
                // As the real one on a connection that was dropped.
                throw new InvalidOperationException();
            }

            IsConnected = false;
        }

        public void Close()
        {
        }

        public ushort Subscribe(string[] topics, MqttQoSLevel[] qosLevels)
        {
            return ++_lastId;
        }

        public ushort Unsubscribe(string[] topics)
        {
            return ++_lastId;
        }

        public ushort Publish(string topic, byte[] message)
        {
            return Publish(topic, message, null);
        }

        public ushort Publish(string topic, byte[] message, string contentType)
        {
            return Publish(topic, message, contentType, null, MqttQoSLevel.AtMostOnce, false);
        }

        public ushort Publish(string topic, byte[] message, string contentType, ArrayList userProperties, MqttQoSLevel qosLevel, bool retain)
        {
            // On a connection that is no more the real one loses it without a word, too.
            if (IsConnected)
            {
                _hub.Take(topic, Encoding.UTF8.GetString(message, 0, message.Length));
            }

            return ++_lastId;
        }

        /// <summary>The hub sends something.</summary>
        internal void Deliver(string topic, string text)
        {
            MqttMsgPublishReceived?.Invoke(this, new MqttMsgPublishEventArgs(topic, Encoding.UTF8.GetBytes(text), false, MqttQoSLevel.AtLeastOnce, false));
        }

        /// <summary>The connection breaks.</summary>
        internal void Drop()
        {
            IsConnected = false;
            ConnectionClosed?.Invoke(this, EventArgs.Empty);
        }

        /// <summary>
        /// For the client's StatusUpdated. Only when Publish has returned does the client note which packet it waits for, and then it
        /// raises this: the first moment at which an acknowledgement is heard.
        /// </summary>
        internal void Acknowledge(object sender, StatusUpdatedEventArgs e)
        {
            if (e.IoTHubStatus.Status == Status.TwinUpdated && IsConnected)
            {
                MqttMsgPublished?.Invoke(this, new MqttMsgPublishedEventArgs(_lastId, true));
            }
        }
    }
}
