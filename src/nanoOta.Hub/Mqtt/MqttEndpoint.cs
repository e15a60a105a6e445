using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using MQTTnet.Server;

namespace nanoOta.Hub
{
    /// <summary>The hub's devices over MQTT 3.1.1, as IoT Hub speaks it. The wire is MQTTnet's; what topics mean is <see cref="IotHub"/>'s.</summary>
    public sealed class MqttEndpoint : IDisposable
    {
        /// <summary>The port that devices connect to.</summary>
        public const int DevicePort = 8883;

        private const int MostTries = 10;

        private readonly IotHub _hub;
        private readonly MqttServer _server;

        // By the client's id, because the server hands a kept session the items of its first connection.
        private readonly ConcurrentDictionary<string, Connection> _connections = new();

        /// <summary>Starts to listen.</summary>
        /// <param name="hub">The hub.</param>
        /// <param name="address">Where it listens.</param>
        /// <param name="port">The TCP port; 0: any free one.</param>
        /// <param name="certificate">The server's certificate with its key; null: without TLS, which no device of today speaks.</param>
        /// <exception cref="SocketException">The port is taken.</exception>
        public MqttEndpoint(IotHub hub, IPAddress address, int port, X509Certificate2? certificate)
        {
            _hub = hub;
            for (int left = port == 0 ? MostTries : 1; _server == null; left--)
            {
                Port = port == 0 ? FreePort(address) : port;
                MqttServer server = Make(address, certificate);
                try
                {
                    server.StartAsync().GetAwaiter().GetResult();
                    _server = server;
                }
                catch (SocketException) when (left > 1)
                {
                    // Somebody else took the port meanwhile.
                    server.Dispose();
                }
            }
        }

        /// <summary>The TCP port.</summary>
        public int Port { get; }

        /// <inheritdoc/>
        public void Dispose()
        {
            _server.StopAsync(new MqttServerStopOptions()).GetAwaiter().GetResult();
            _server.Dispose();
        }

        // The server can be told port 0, but not asked which one that was.
        private static int FreePort(IPAddress address)
        {
            using var listener = new TcpListener(address, 0);
            listener.Start();
            return ((IPEndPoint)listener.LocalEndpoint).Port;
        }

        private MqttServer Make(IPAddress address, X509Certificate2? certificate)
        {
            MqttServerOptionsBuilder options = new MqttServerOptionsBuilder().WithoutDefaultEndpoint().WithConnectionBacklog(1000).WithPersistentSessions();
            if (certificate == null)
            {
                options = options.WithDefaultEndpoint().WithDefaultEndpointPort(Port).WithDefaultEndpointBoundIPAddress(address).WithDefaultEndpointBoundIPV6Address(IPAddress.None);
            }
            else
            {
                // Client certificates are looked at when CONNECT is judged: a device may have one or a signature.
                options = options.WithEncryptedEndpoint().WithEncryptedEndpointPort(Port).WithEncryptedEndpointBoundIPAddress(address).WithEncryptedEndpointBoundIPV6Address(IPAddress.None)
                    .WithEncryptionCertificate(certificate).WithEncryptionSslProtocol(SslProtocols.Tls12 | SslProtocols.Tls13).WithClientCertificate((_, _, _, _) => true);
            }

            MqttServer server = new MqttServerFactory().CreateMqttServer(options.Build());
            server.ValidatingConnectionAsync += args => OnConnect(server, args);
            server.ClientDisconnectedAsync += OnDisconnected;
            server.InterceptingSubscriptionAsync += OnSubscribe;
            server.InterceptingUnsubscriptionAsync += OnUnsubscribe;
            server.InterceptingPublishAsync += OnPublish;
            return server;
        }

        private Task OnConnect(MqttServer server, ValidatingConnectionEventArgs args)
        {
            if (args.ProtocolVersion == MqttProtocolVersion.V500)
            {
                args.ReasonCode = MqttConnectReasonCode.UnsupportedProtocolVersion;
                return Task.CompletedTask;
            }

            string? password = string.IsNullOrEmpty(args.Password) ? null : args.Password;
            var link = new Link(server, args.ClientId);
            byte code = _hub.Connect(new DeviceConnect(args.ClientId, args.UserName ?? "", password, args.ClientCertificate?.Thumbprint, args.CleanSession == false), link, out DeviceSession? session);
            args.ReasonCode = code switch
            {
                0 => MqttConnectReasonCode.Success,
                3 => MqttConnectReasonCode.ServerUnavailable,
                _ => MqttConnectReasonCode.NotAuthorized,
            };
            if (session != null)
            {
                _connections[args.ClientId] = new Connection(session, args.RemoteEndPoint);
            }

            return Task.CompletedTask;
        }

        private Task OnDisconnected(ClientDisconnectedEventArgs args)
        {
            // Not the one that has taken its place already.
            if (_connections.TryGetValue(args.ClientId, out Connection? connection) && Equals(connection.Peer, args.RemoteEndPoint))
            {
                _connections.TryRemove(KeyValuePair.Create(args.ClientId, connection));
                _hub.Disconnected(connection.Session);
            }

            return Task.CompletedTask;
        }

        private Task OnSubscribe(InterceptingSubscriptionEventArgs args)
        {
            bool isTaken = _connections.TryGetValue(args.ClientId, out Connection? connection) && _hub.Subscribe(connection.Session, args.TopicFilter.Topic);

            // QoS 2 is granted as 1. The server would send messages of its own by its subscriptions: it has none to send.
            args.Response.ReasonCode = !isTaken ? MqttSubscribeReasonCode.UnspecifiedError
                : args.TopicFilter.QualityOfServiceLevel == MqttQualityOfServiceLevel.AtMostOnce ? MqttSubscribeReasonCode.GrantedQoS0 : MqttSubscribeReasonCode.GrantedQoS1;
            args.ProcessSubscription = isTaken;
            return Task.CompletedTask;
        }

        private Task OnUnsubscribe(InterceptingUnsubscriptionEventArgs args)
        {
            if (_connections.TryGetValue(args.ClientId, out Connection? connection))
            {
                _hub.Unsubscribe(connection.Session, args.Topic);
            }

            return Task.CompletedTask;
        }

        private Task OnPublish(InterceptingPublishEventArgs args)
        {
            args.ProcessPublish = false;
            MqttApplicationMessage message = args.ApplicationMessage;
            args.CloseConnection = !_connections.TryGetValue(args.ClientId, out Connection? connection)
                || !_hub.Publish(connection.Session, message.Topic, message.Payload.ToArray(), (int)message.QualityOfServiceLevel);
            return Task.CompletedTask;
        }

        private sealed record Connection(DeviceSession Session, EndPoint? Peer);

        // Topics carry no device's id, so a message goes to one session and not through the server's subscriptions.
        private sealed class Link(MqttServer server, string clientId) : IDeviceLink
        {
            private MqttSessionStatus? _session;
            private bool _isReplaced;

            public void Deliver(string topic, byte[] payload)
            {
                try
                {
                    _session ??= server.GetSessionAsync(clientId).GetAwaiter().GetResult();
                    _session.TryEnqueueApplicationMessage(new MqttApplicationMessage { Topic = topic, PayloadSegment = payload }, out _);
                }
                catch (InvalidOperationException)
                {
                    // The session has just ended; so its messages are lost, as in every clean session.
                }
            }

            // The server itself closes the socket of a client whose id comes again.
            public void Replaced() => _isReplaced = true;

            public void Close()
            {
                if (!_isReplaced)
                {
                    _ = Task.Run(CloseAsync);
                }
            }

            private async Task CloseAsync()
            {
                try
                {
                    await server.DisconnectClientAsync(clientId, new MqttServerClientDisconnectOptions());
                }
                catch (InvalidOperationException)
                {
                    // It is gone already, or the server is.
                }
            }
        }
    }
}
