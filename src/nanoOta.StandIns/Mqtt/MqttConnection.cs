using System.Net.Sockets;
using nanoFramework.M2Mqtt.Exceptions;

namespace nanoOta.StandIns
{
    /// <summary>
    /// One connection as nanoFramework's MqttClient keeps it: a thread that hands out what was received, retries without an
    /// acknowledgement, and the ways in which all that ends.
    /// </summary>
    internal sealed class MqttConnection : IMqttLink
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
        private readonly string _host;
        private readonly int _port;
        private IMqttSession? _session;
        private byte? _connectAnswer;
        private bool _isLost;
        private bool _isRunning;
        private bool _isClosing;
        private bool _isInClose;
        private bool _dispatches;
        private ushort _lastPacketId;

        /// <param name="host">The hub.</param>
        /// <param name="port">Its port.</param>
        /// <exception cref="SocketException">The host has no address.</exception>
        internal MqttConnection(string host, int port)
        {
            _host = host;
            _port = port;
            if (DeviceCloud.Hub?.Resolves(host) != true)
            {
                throw new SocketException(SocketError.HostNotFound);
            }
        }

        /// <summary>A message came; on the dispatch thread.</summary>
        internal event Action<string, byte[]>? Received;

        /// <summary>A message was acknowledged, or given up; on the dispatch thread.</summary>
        internal event Action<ushort>? Published;

        /// <summary>The connection is gone; on the dispatch thread.</summary>
        internal event Action? Closed;

        internal bool IsConnected { get; private set; }

        /// <summary>Whether this very code runs on the thread that would bring the answers.</summary>
        internal bool IsOnDispatchThread => DeviceThread.Current == _dispatch;

        public bool IsHeld => _session is not null && IsOfThisBoot;

        // Of a connection that a reboot cut off nothing is left on the device.
        private bool IsOfThisBoot => _restarts == _schedule.Restarts;

        /// <summary>Connects. Refused is not an exception: then <see cref="IsConnected"/> stays false, and a thread stays behind.</summary>
        /// <exception cref="MqttConnectionException">No TLS session.</exception>
        /// <exception cref="MqttCommunicationException">No answer within 30 s, or the connection broke; the session stays held.</exception>
        internal void Connect(string clientId, string userName, string? password, bool hasCertificate, int keepAliveSeconds)
        {
            try
            {
                _session = DeviceCloud.Hub!.Connect(
                    new MqttConnect(_host, _port, clientId, userName, password, hasCertificate, keepAliveSeconds), this);
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
        }

        internal void Subscribe(string[] filters) => Send(session => session.Subscribe(filters));

        internal void Unsubscribe(string[] filters) => Send(session => session.Unsubscribe(filters));

        /// <summary>Sends a message; on a connection that is no more it is queued and lost without a word.</summary>
        /// <returns>Its number.</returns>
        internal ushort Publish(string topic, byte[] payload, int qos)
        {
            ushort id = _lastPacketId = (ushort)((_lastPacketId % ushort.MaxValue) + 1);
            if (qos > 0)
            {
                _unacknowledged.Add(id);
            }

            Send(new MqttPublish(id, topic, payload, qos, false), 1);
            return id;
        }

        /// <summary>Says goodbye.</summary>
        /// <exception cref="MqttCommunicationException">The connection is broken or closed.</exception>
        internal void Disconnect()
        {
            if (_session is null || _isLost)
            {
                throw new MqttCommunicationException(new NullReferenceException());
            }

            _session.Disconnect();
            StartClosing();
        }

        /// <summary>Stops the threads and frees the TLS session.</summary>
        internal void Close()
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

        /// <summary>Sleeps as device code does.</summary>
        internal void Sleep(int milliseconds) => _schedule.Run(milliseconds);

        /// <summary>Waits as device code does that asks a flag time and again.</summary>
        /// <param name="isSo">The flag.</param>
        /// <param name="token">Ends the wait.</param>
        /// <param name="what">Who waits, for messages.</param>
        /// <exception cref="DeviceHangException">Nothing will ever end the wait.</exception>
        internal void Poll(Func<bool> isSo, CancellationToken token, string what)
        {
            const int Step = 200;
            long giveUp = DeviceClock.Current.Uptime + (24 * 3600 * 1000L);
            while (!isSo() && !token.IsCancellationRequested)
            {
                if (!token.CanBeCanceled && IsOnDispatchThread)
                {
                    throw _schedule.Hang($"{what} waits on the {_dispatch.Name} for an answer that this thread alone brings, and has no token that ends it.");
                }

                if (DeviceClock.Current.Uptime > giveUp)
                {
                    throw _schedule.Hang($"{what} has waited for a day, and nothing ends it.");
                }

                _schedule.RunUntil(() => token.IsCancellationRequested, Step);
            }
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
                    Raise(() => Published?.Invoke(packetId));
                }
            });
        }

        public void Deliver(string topic, byte[] payload, int afterMilliseconds)
        {
            Arrive(afterMilliseconds, () => Raise(() => Received?.Invoke(topic, payload)));
        }

        public void Drop(int afterMilliseconds)
        {
            Arrive(afterMilliseconds, () =>
            {
                _isLost = true;
                StartClosing();
            });
        }

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
                    Raise(() => Published?.Invoke(packet.PacketId));
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
                        Closed?.Invoke();
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
