extern alias StandIns;

using System.Buffers;
using System.Net;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using MQTTnet;
using MQTTnet.Exceptions;
using MQTTnet.Formatter;
using MQTTnet.Protocol;
using StandIns::nanoOta.StandIns;
using nanoOta.VirtualDevice;
using SocketException = StandIns::System.Net.Sockets.SocketException;

namespace nanoOta.Hub
{
    /// <summary>
    /// The way of one virtual device's MQTT client to a hub over TCP, with TLS: what the stand-in of nanoFramework's client sends
    /// goes over the wire as MQTT 3.1.1, and what comes arrives on the device's own thread.
    /// </summary>
    /// <param name="host">The name or address that the device connects to.</param>
    /// <param name="port">The TCP port; devices of their own always take 8883.</param>
    /// <param name="clock">The device's time.</param>
    /// <param name="authority">The root certificate that the hub is verified with; null: no TLS.</param>
    public sealed class MqttNetwork(string host, int port, VirtualClock clock, X509Certificate2? authority) : IMqttHub
    {
        private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);

        /// <inheritdoc/>
        public bool Resolves(string name) => name == host;

        /// <inheritdoc/>
        public IMqttSession Connect(MqttConnect connect, IMqttLink link)
        {
            var session = new Session(clock, link);
            MqttClientOptionsBuilder options = new MqttClientOptionsBuilder()
                .WithProtocolVersion(MqttProtocolVersion.V311)
                .WithTcpServer(host, port)
                .WithTimeout(_patience)
                .WithClientId(connect.ClientId)
                .WithCredentials(connect.UserName, connect.Password)
                .WithKeepAlivePeriod(TimeSpan.FromSeconds(connect.KeepAliveSeconds))
                .WithCleanSession();
            if (authority != null)
            {
                options = options.WithTlsOptions(tls => tls.UseTls().WithSslProtocols(SslProtocols.Tls12 | SslProtocols.Tls13)
                    .WithTrustChain([authority]).WithRevocationMode(X509RevocationMode.NoCheck));
            }

            try
            {
                session.Open(options.Build());
            }
            catch (Exception e) when (e is MqttCommunicationException or AuthenticationException or OperationCanceledException or MqttProtocolViolationException)
            {
                throw new SocketException(System.Net.Sockets.SocketError.ConnectionRefused);
            }

            return session;
        }

        private sealed class Session : IMqttSession
        {
            private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();
            private readonly VirtualClock _clock;
            private readonly IMqttLink _link;
            private Task _last = Task.CompletedTask;
            private volatile bool _isEnded;

            public Session(VirtualClock clock, IMqttLink link)
            {
                _clock = clock;
                _link = link;
                _client.ApplicationMessageReceivedAsync += OnMessage;
                _client.DisconnectedAsync += OnDisconnected;
            }

            public void Open(MqttClientOptions options)
            {
                MqttClientConnectResult result = _client.ConnectAsync(options).GetAwaiter().GetResult();
                if (result.ResultCode == MqttClientConnectResultCode.Success)
                {
                    _link.Accept(0);
                    return;
                }

                _isEnded = true;
                _link.Refuse(result.ResultCode switch
                {
                    MqttClientConnectResultCode.UnsupportedProtocolVersion => 1,
                    MqttClientConnectResultCode.ClientIdentifierNotValid => 2,
                    MqttClientConnectResultCode.ServerUnavailable => 3,
                    MqttClientConnectResultCode.BadUserNameOrPassword => 4,
                    _ => 5,
                }, 0);
                _client.Dispose();
            }

            public void Subscribe(string[] filters)
            {
                var options = new MqttClientSubscribeOptions();
                foreach (string filter in filters)
                {
                    options.TopicFilters.Add(new MQTTnet.Packets.MqttTopicFilter { Topic = filter, QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce });
                }

                Then(() => _client.SubscribeAsync(options));
            }

            public void Unsubscribe(string[] filters)
            {
                var options = new MqttClientUnsubscribeOptions();
                options.TopicFilters.AddRange(filters);
                Then(() => _client.UnsubscribeAsync(options));
            }

            public void Publish(MqttPublish packet)
            {
                var message = new MqttApplicationMessage { Topic = packet.Topic, PayloadSegment = packet.Payload, QualityOfServiceLevel = (MqttQualityOfServiceLevel)packet.QoS };
                Then(async () =>
                {
                    await _client.PublishAsync(message);
                    if (packet.QoS > 0)
                    {
                        _clock.Post(() => _link.Acknowledge(packet.PacketId, 0));
                    }
                });
            }

            public void Disconnect()
            {
                _isEnded = true;
                Then(() => _client.DisconnectAsync());
            }

            public void Close()
            {
                _isEnded = true;
                Then(() =>
                {
                    _client.Dispose();
                    return Task.CompletedTask;
                });
            }

            // One after the other, as they were sent.
            private void Then(Func<Task> work)
            {
                _last = RunAsync(_last, work);
            }

            private static async Task RunAsync(Task before, Func<Task> work)
            {
                await before.ConfigureAwait(false);
                try
                {
                    await Task.Run(work).ConfigureAwait(false);
                }
                catch (Exception e) when (e is MqttCommunicationException or OperationCanceledException or MqttProtocolViolationException or ObjectDisposedException or InvalidOperationException
                    or MqttClientDisconnectedException or MqttClientUnexpectedDisconnectReceivedException)
                {
                    // The connection is gone; the device hears that by itself.
                }
            }

            private Task OnMessage(MqttApplicationMessageReceivedEventArgs args)
            {
                string topic = args.ApplicationMessage.Topic;
                byte[] payload = args.ApplicationMessage.Payload.ToArray();
                _clock.Post(() => _link.Deliver(topic, payload, 0));
                return Task.CompletedTask;
            }

            private Task OnDisconnected(MqttClientDisconnectedEventArgs args)
            {
                if (!_isEnded)
                {
                    _isEnded = true;
                    _clock.Post(() => _link.Drop(0));
                }

                return Task.CompletedTask;
            }
        }
    }
}
