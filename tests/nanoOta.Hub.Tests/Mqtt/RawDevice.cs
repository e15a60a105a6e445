using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace nanoOta.Hub.Tests
{
    /// <summary>An MQTT client that sends exactly what a test says.</summary>
    internal sealed class RawDevice : IDisposable
    {
        public static readonly string[] Filters = ["$iothub/twin/#", "$iothub/methods/POST/#"];
        private static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);

        private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();
        private readonly BlockingCollection<(string Topic, string Payload)> _received = [];
        private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        private RawDevice()
        {
            _client.ApplicationMessageReceivedAsync += args =>
            {
                _received.Add((args.ApplicationMessage.Topic, Encoding.UTF8.GetString(args.ApplicationMessage.Payload.ToArray())));
                return Task.CompletedTask;
            };
            _client.DisconnectedAsync += _ =>
            {
                _closed.TrySetResult();
                return Task.CompletedTask;
            };
        }

        public bool IsConnected => _client.IsConnected;

        /// <summary>What CONNACK said: the hub goes on with a session that it kept.</summary>
        public bool IsSessionPresent { get; private set; }

        /// <summary>CONNECT.</summary>
        /// <returns>The client, and the code of CONNACK as MQTT 3.1.1 numbers it.</returns>
        public static (RawDevice Device, int Code) Connect(int port, string clientId, string userName, string? password, MqttProtocolVersion version = MqttProtocolVersion.V311, bool keepsSession = false)
        {
            var device = new RawDevice();
            MqttClientConnectResult result = device._client.ConnectAsync(new MqttClientOptionsBuilder().WithProtocolVersion(version).WithTcpServer("127.0.0.1", port).WithTimeout(_patience)
                .WithClientId(clientId).WithCredentials(userName, password).WithCleanSession(!keepsSession).Build()).GetAwaiter().GetResult();
            device.IsSessionPresent = result.IsSessionPresent;
            return (device, result.ResultCode switch
            {
                MqttClientConnectResultCode.Success => 0,
                MqttClientConnectResultCode.UnsupportedProtocolVersion => 1,
                MqttClientConnectResultCode.ServerUnavailable => 3,
                MqttClientConnectResultCode.BadUserNameOrPassword => 4,
                MqttClientConnectResultCode.NotAuthorized => 5,
                _ => -1,
            });
        }

        public MqttClientSubscribeResult Subscribe(params (string Filter, int QoS)[] filters)
        {
            var options = new MqttClientSubscribeOptions();
            options.TopicFilters.AddRange(filters.Select(filter => new MqttTopicFilter { Topic = filter.Filter, QualityOfServiceLevel = (MqttQualityOfServiceLevel)filter.QoS }));
            return _client.SubscribeAsync(options).GetAwaiter().GetResult();
        }

        public void SubscribeAll() => Subscribe([.. Filters.Select(filter => (filter, 1))]);

        public void Publish(string topic, string payload = "", int qos = 1)
        {
            _client.PublishAsync(new MqttApplicationMessage { Topic = topic, PayloadSegment = Encoding.UTF8.GetBytes(payload), QualityOfServiceLevel = (MqttQualityOfServiceLevel)qos }).GetAwaiter().GetResult();
        }

        /// <summary>Publishes without waiting for an acknowledgement, which may never come.</summary>
        public void Send(string topic, string payload = "", int qos = 1) => _ = Task.Run(() => Publish(topic, payload, qos));

        /// <summary>The next message.</summary>
        public (string Topic, string Payload) Receive()
        {
            return _received.TryTake(out (string, string) message, _patience) ? message : throw new TimeoutException("No message came.");
        }

        /// <summary>Whether nothing has come, once everything that was sent before has been answered.</summary>
        public bool IsEmpty => _received.Count == 0;

        /// <summary>Waits until the hub closes the connection.</summary>
        public bool IsClosedByHub() => _closed.Task.Wait(_patience);

        public static int FreePort()
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            return ((IPEndPoint)listener.LocalEndpoint).Port;
        }

        public void Dispose() => _client.Dispose();
    }
}
