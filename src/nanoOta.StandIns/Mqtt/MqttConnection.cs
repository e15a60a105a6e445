using System.Collections;
using System.Net.Sockets;
using nanoFramework.M2Mqtt;
using nanoFramework.M2Mqtt.Exceptions;
using nanoFramework.M2Mqtt.Messages;

namespace nanoOta.StandIns
{
    /// <summary>
    /// One connection as nanoFramework's MqttClient keeps it: a thread that hands out what was received, retries without an
    /// acknowledgement, and the ways in which all that ends.
    /// </summary>
    internal sealed class MqttConnection : IMqttClient, IMqttLink
    {
        private const int AnswerTimeout = 30_000;
        private const int RetryDelay = 1_000;
        private const int Attempts = 3;
        private const int CloseTime = 200;

        private readonly DeviceSchedule _schedule = DeviceClock.Current.Schedule;
        private readonly Queue<Action> _events = new();
        private readonly HashSet<ushort> _unacknowledged = [];
        private readonly DeviceThread _dispatch = new("dispatch thread of the MQTT client");
        private readonly int _restarts = DeviceClock.Current.Schedule.Restarts;
        private string _host = "";
        private int _port;
        private IMqttSession? _session;
        private byte? _connectAnswer;
        private bool _isLost;
        private bool _isRunning;
        private bool _isClosing;
        private bool _isInClose;
        private bool _dispatches;
        private ushort _lastPacketId;

        /// <summary>A message came; on the dispatch thread.</summary>
        public event IMqttClient.MqttMsgPublishEventHandler? MqttMsgPublishReceived;

        /// <summary>A message was acknowledged, or given up; on the dispatch thread.</summary>
        public event IMqttClient.MqttMsgPublishedEventHandler? MqttMsgPublished;

        /// <summary>The connection is gone; on the dispatch thread.</summary>
        public event IMqttClient.ConnectionClosedEventHandler? ConnectionClosed;

        // IoT Hub's client asks for neither.
        event IMqttClient.MqttMsgSubscribedEventHandler? IMqttClient.MqttMsgSubscribed
        {
            add { }
            remove { }
        }

        event IMqttClient.MqttMsgUnsubscribedEventHandler? IMqttClient.MqttMsgUnsubscribed
        {
            add { }
            remove { }
        }

        public bool IsConnected { get; private set; }

        /// <summary>The thread that brings the answers.</summary>
        internal DeviceThread DispatchThread => _dispatch;

        public bool IsHeld => _session is not null && IsOfThisBoot;

        // Of a connection that a reboot cut off nothing is left on the device.
        private bool IsOfThisBoot => _restarts == _schedule.Restarts;

        /// <exception cref="SocketException">The host has no address.</exception>
        public void Init(string brokerHostName, int brokerPort, bool secure, byte[]? caCert, byte[]? clientCert, MqttSslProtocols sslProtocol)
        {
            _host = brokerHostName;
            _port = brokerPort;
            if (DeviceCloud.Hub?.Resolves(_host) != true)
            {
                throw new SocketException(SocketError.HostNotFound);
            }
        }

        /// <summary>Connects. Refused is not an exception: then <see cref="IsConnected"/> stays false, and a thread stays behind.</summary>
        /// <exception cref="MqttConnectionException">No TLS session.</exception>
        /// <exception cref="MqttCommunicationException">No answer within 30 s, or the connection broke; the session stays held.</exception>
        public MqttReasonCode Connect(string clientId, string username, string? password, bool willRetain, MqttQoSLevel willQosLevel, bool willFlag, string willTopic, string willMessage, bool cleanSession, ushort keepAlivePeriod)
        {
            try
            {
                _session = DeviceCloud.Hub!.Connect(
                    new MqttConnect(_host, _port, clientId, username, password, password is null, keepAlivePeriod), this);
            }
            catch (SocketException e)
            {
                throw new MqttConnectionException($"No connection to the broker: {e.ErrorCode}", e);
            }

            _isRunning = true;
            if (!_schedule.RunUntil(() => _connectAnswer is not null || _isLost, AnswerTimeout) || _connectAnswer is null)
            {
                _schedule.LeakedThreads++;
                throw new MqttCommunicationException();
            }

            if (_connectAnswer != 0)
            {
                // The thread that receives reads the end of the stream over and over, and nobody is there to stop it.
                _schedule.LeakedThreads++;
            }
            else
            {
                _dispatches = true;
                IsConnected = !_isLost;
                WakeDispatch();
            }

            return (MqttReasonCode)_connectAnswer;
        }

        public ushort Subscribe(string[] topics, MqttQoSLevel[] qosLevels)
        {
            Send(session => session.Subscribe(topics));
            return NextId();
        }

        public ushort Unsubscribe(string[] topics)
        {
            Send(session => session.Unsubscribe(topics));
            return NextId();
        }

        public ushort Publish(string topic, byte[] message) => Publish(topic, message, null);

        public ushort Publish(string topic, byte[] message, string? contentType) => Publish(topic, message, contentType, null, MqttQoSLevel.AtMostOnce, false);

        /// <summary>Sends a message; on a connection that is no more it is queued and lost without a word.</summary>
        public ushort Publish(string topic, byte[] message, string? contentType, ArrayList? userProperties, MqttQoSLevel qosLevel, bool retain)
        {
            ushort id = NextId();
            if (qosLevel != MqttQoSLevel.AtMostOnce)
            {
                _unacknowledged.Add(id);
            }

            Send(new MqttPublish(id, topic, message, (int)qosLevel, false), 1);
            return id;
        }

        /// <summary>Says goodbye.</summary>
        /// <exception cref="MqttCommunicationException">The connection is broken or closed.</exception>
        public void Disconnect()
        {
            if (_session is null || _isLost)
            {
                throw new MqttCommunicationException(new NullReferenceException());
            }

            _session.Disconnect();
            StartClosing();
        }

        /// <summary>Stops the threads and frees the TLS session.</summary>
        public void Close()
        {
            if (_isInClose)
            {
                return;
            }

            _isInClose = true;
            _isRunning = false;
            _schedule.Run(CloseTime);
            _events.Clear();
            _unacknowledged.Clear();
            IMqttSession? session = _session;
            _session = null;
            session?.Close();
            IsConnected = false;
            _isInClose = false;
        }

        public void Accept(int afterMilliseconds) => Arrive(afterMilliseconds, () => _connectAnswer = 0);

        public void Refuse(byte returnCode, int afterMilliseconds)
        {
            Arrive(afterMilliseconds, () =>
            {
                _connectAnswer = returnCode;
                _isLost = true;
            });
        }

        public void Acknowledge(ushort packetId, int afterMilliseconds)
        {
            Arrive(afterMilliseconds, () =>
            {
                if (_unacknowledged.Remove(packetId))
                {
                    Raise(() => MqttMsgPublished?.Invoke(this, new MqttMsgPublishedEventArgs(packetId)));
                }
            });
        }

        public void Deliver(string topic, byte[] payload, int afterMilliseconds)
        {
            Arrive(afterMilliseconds, () => Raise(() => MqttMsgPublishReceived?.Invoke(this, new MqttMsgPublishEventArgs(topic, payload, false, MqttQoSLevel.AtLeastOnce, false))));
        }

        public void Drop(int afterMilliseconds)
        {
            Arrive(afterMilliseconds, () =>
            {
                _isLost = true;
                StartClosing();
            });
        }

        private ushort NextId() => _lastPacketId = (ushort)((_lastPacketId % ushort.MaxValue) + 1);

        // Packets come from outside of the device: whatever its threads do.
        private void Arrive(int afterMilliseconds, Action packet)
        {
            _schedule.Add(afterMilliseconds, null, () =>
            {
                if (_isRunning && !_isLost && IsOfThisBoot)
                {
                    packet();
                }
            });
        }

        private void Send(Action<IMqttSession> packet)
        {
            if (_isRunning && !_isLost && _session is not null)
            {
                packet(_session);
            }
        }

        private void Send(MqttPublish packet, int attempt)
        {
            Send(session => session.Publish(packet));
            if (packet.QoS == 0)
            {
                return;
            }

            _schedule.Add(RetryDelay, null, () =>
            {
                if (!_isRunning || _isLost || !IsOfThisBoot || !_unacknowledged.Contains(packet.PacketId))
                {
                    return;
                }

                if (attempt < Attempts)
                {
                    Send(packet with { IsDuplicate = true }, attempt + 1);
                }
                else
                {
                    // Given up, and told with the same event as an acknowledgement.
                    _unacknowledged.Remove(packet.PacketId);
                    Raise(() => MqttMsgPublished?.Invoke(this, new MqttMsgPublishedEventArgs(packet.PacketId, false)));
                }
            });
        }

        private void StartClosing()
        {
            if (!_isClosing)
            {
                _isClosing = true;
                IsConnected = false;
                WakeDispatch();
            }
        }

        private void Raise(Action occurrence)
        {
            _events.Enqueue(occurrence);
            WakeDispatch();
        }

        private void WakeDispatch()
        {
            if (_dispatches && !_dispatch.IsBusy)
            {
                _schedule.Add(0, _dispatch, Dispatch);
            }
        }

        private void Dispatch()
        {
            while (_isRunning && (_events.Count > 0 || _isClosing))
            {
                try
                {
                    if (_events.TryDequeue(out Action? occurrence))
                    {
                        occurrence();
                    }

                    if (_events.Count == 0 && _isClosing)
                    {
                        _dispatches = false;
                        Close();
                        ConnectionClosed?.Invoke(this, EventArgs.Empty);
                        return;
                    }
                }
                catch (Exception e) when (e is not DeviceHangException)
                {
                    StartClosing();
                }
            }
        }
    }
}
