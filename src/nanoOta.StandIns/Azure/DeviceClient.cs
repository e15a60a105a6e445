using System.Security.Cryptography.X509Certificates;
using System.Text;
using nanoFramework.Azure.Devices.Shared;
using nanoFramework.M2Mqtt;
using nanoFramework.M2Mqtt.Messages;
using nanoOta.StandIns;

namespace nanoFramework.Azure.Devices.Client
{
    /// <summary>
    /// IoT Hub's client for devices, with the device's behaviour: the conversation with the hub goes through
    /// <see cref="DeviceCloud.Hub"/>, or an MQTT client of the application's own, and takes the time of <see cref="DeviceClock.Current"/>.
    /// </summary>
    public class DeviceClient : IDisposable
    {
        private const int SettleTime = 1_000;
        private static readonly TimeSpan _tokenLife = TimeSpan.FromHours(24);
        private static readonly TimeSpan _renewAfter = new(23, 50, 0);

        private readonly DeviceSchedule _schedule = DeviceClock.Current.Schedule;
        private readonly string _hub;
        private readonly string _deviceId;
        private readonly string? _sasKey;
        private readonly string[] _filters;
        private readonly string _events;
        private readonly IoTHubStatus _status = new() { Status = Status.Disconnected, Message = string.Empty };
        private readonly List<MethodCallback> _methods = [];
        private readonly HashSet<ushort> _confirmed = [];
        private readonly HashSet<ushort> _awaited = [];
        private readonly IMqttClient? _given;
        private IMqttClient? _mqtt;
        private object? _renewal;
        private bool _isTwinReceived;
        private bool _isClosed = true;
        private bool _isDisposed;

        /// <summary>A client that signs with a key.</summary>
        public DeviceClient(string iotHubName, string deviceId, string sasKey, MqttQoSLevel qosLevel = MqttQoSLevel.AtLeastOnce, X509Certificate? azureCert = null, string? modelId = null)
            : this(iotHubName, deviceId, string.Empty, sasKey, qosLevel, azureCert, modelId)
        {
        }

        /// <summary>A client of a module that signs with a key.</summary>
        public DeviceClient(string iotHubName, string deviceId, string moduleId, string sasKey, MqttQoSLevel qosLevel = MqttQoSLevel.AtLeastOnce, X509Certificate? azureCert = null, string? modelId = null)
            : this(iotHubName, deviceId, moduleId, qosLevel, modelId)
        {
            _sasKey = sasKey;
        }

        /// <summary>A client with a certificate; null: the one of the device's store.</summary>
        public DeviceClient(string iotHubName, string deviceId, X509Certificate2? clientCert, MqttQoSLevel qosLevel = MqttQoSLevel.AtMostOnce, X509Certificate? azureCert = null, string? modelId = null)
            : this(iotHubName, deviceId, string.Empty, clientCert, qosLevel, azureCert, modelId)
        {
        }

        /// <summary>A client of a module with a certificate; null: the one of the device's store.</summary>
        public DeviceClient(string iotHubName, string deviceId, string moduleId, X509Certificate2? clientCert, MqttQoSLevel qosLevel = MqttQoSLevel.AtMostOnce, X509Certificate? azureCert = null, string? modelId = null)
            : this(iotHubName, deviceId, moduleId, qosLevel, modelId)
        {
            // Which certificate it is plays no part: there is no handshake here.
        }

        /// <summary>A client that signs with a key and talks through an MQTT client: the FullyManaged package's.</summary>
        public DeviceClient(IMqttClient mqttc, string iotHubName, string deviceId, string sasKey, MqttQoSLevel qosLevel = MqttQoSLevel.AtLeastOnce, byte[]? azureCert = null, string? modelId = null)
            : this(iotHubName, deviceId, string.Empty, qosLevel, modelId)
        {
            _sasKey = sasKey;
            _given = mqttc ?? throw new ArgumentNullException(nameof(mqttc));
        }

        private DeviceClient(string iotHubName, string deviceId, string moduleId, MqttQoSLevel qosLevel, string? modelId)
        {
            _hub = iotHubName;
            _deviceId = string.IsNullOrEmpty(moduleId) ? deviceId : $"{deviceId}/{moduleId}";
            _events = string.IsNullOrEmpty(moduleId) ? $"devices/{deviceId}/messages/events/" : $"devices/{deviceId}/modules/{moduleId}/messages/events/";
            _filters = [$"{MessagesTopic}#", "$iothub/twin/#", "$iothub/methods/POST/#"];
            ModuleId = moduleId;
            ModelId = modelId;
            QosLevel = qosLevel;
        }

        /// <summary>A desired patch came. With a subscriber it is parsed, and with none it is not.</summary>
        public event TwinUpdated? TwinUpdated;

        /// <summary>Something happened; on the dispatch thread, but for Connected and TwinUpdated.</summary>
        public event StatusUpdated? StatusUpdated;

        /// <summary>A message to the device came.</summary>
        public event CloudToDeviceMessage? CloudToDeviceMessage;

        /// <summary>A copy of the last status.</summary>
        public IoTHubStatus IoTHubStatus => new(_status);

        /// <summary>Whether there is a connection.</summary>
        public bool IsConnected => _mqtt is { IsConnected: true };

        /// <summary>The twin as last fetched; patches do not change it.</summary>
        public Twin? LastTwin { get; private set; }

        /// <summary>The Plug and Play model.</summary>
        public string? ModelId { get; }

        /// <summary>The module.</summary>
        public string ModuleId { get; }

        /// <summary>For messages; twins and methods use 1.</summary>
        public MqttQoSLevel QosLevel { get; set; }

        private string MessagesTopic => $"devices/{_deviceId}/messages/devicebound/";

        /// <summary>Connects, subscribes and raises Connected, all before it returns.</summary>
        /// <returns>False when the hub refuses.</returns>
        /// <exception cref="System.Net.Sockets.SocketException">The host has no address.</exception>
        /// <exception cref="M2Mqtt.Exceptions.MqttConnectionException">No TLS session.</exception>
        /// <exception cref="M2Mqtt.Exceptions.MqttCommunicationException">No answer in 30 s.</exception>
        public bool Open()
        {
            IMqttClient mqtt = _given ?? new MqttConnection();
            mqtt.Init(_hub, 8883, true, null, null, MqttSslProtocols.TLSv1_2);
            _mqtt = mqtt;
            mqtt.MqttMsgPublishReceived += OnReceived;
            mqtt.MqttMsgPublished += OnPublished;
            mqtt.ConnectionClosed += OnClosed;
            string user = $"{_hub}/{_deviceId}/?api-version=2021-04-12"
                + (string.IsNullOrEmpty(ModelId) ? "" : $"&model-id={System.Net.WebUtility.UrlEncode(ModelId)}")
                + $"&DeviceClientType={System.Net.WebUtility.UrlEncode("nano;azrsdk;stand-in")}";
            string? password = _sasKey is null ? null
                : SharedAccess.Sign(_sasKey, $"{_hub}/devices/{_deviceId}", DeviceClock.Current.UtcNow + _tokenLife);
            mqtt.Connect(_deviceId, user, password, false, MqttQoSLevel.ExactlyOnce, false, "$iothub/twin/GET/?$rid=999", "Disconnected", true, 60);
            if (mqtt.IsConnected)
            {
                mqtt.Subscribe(_filters, [MqttQoSLevel.AtLeastOnce, MqttQoSLevel.AtLeastOnce, MqttQoSLevel.AtLeastOnce]);
                Raise(Status.Connected);
                _renewal = _schedule.Add((long)_renewAfter.TotalMilliseconds, _schedule.Timers, Reconnect);
            }

            _isClosed = !mqtt.IsConnected;
            return mqtt.IsConnected;
        }

        /// <summary>Closes and opens; also what the timer does 23 h 50 min after opening.</summary>
        /// <exception cref="Exception">What <see cref="Close"/> and <see cref="Open"/> throw; after a drop always, before opening.</exception>
        public void Reconnect()
        {
            Close();
            Open();
        }

        /// <summary>Says goodbye and frees the TLS session.</summary>
        /// <exception cref="M2Mqtt.Exceptions.MqttCommunicationException">The connection was dropped before; then every time.</exception>
        public void Close()
        {
            if (_isClosed)
            {
                return;
            }

            if (_mqtt is { } mqtt)
            {
                if (mqtt.IsConnected)
                {
                    mqtt.Unsubscribe(_filters);
                }

                mqtt.Disconnect();
                try
                {
                    mqtt.Close();
                }
                catch (Exception e) when (e is not DeviceHangException)
                {
                    // On the device nobody hears of it either.
                }

                _schedule.Run(SettleTime);
            }

            _schedule.Remove(_renewal);
            _isClosed = true;
        }

        /// <summary>Closes for good.</summary>
        /// <exception cref="M2Mqtt.Exceptions.MqttCommunicationException">As with <see cref="Close"/>; the second time nothing happens.</exception>
        public void Dispose()
        {
            if (_isDisposed)
            {
                return;
            }

            _isDisposed = true;
            if (_mqtt is { } mqtt)
            {
                mqtt.MqttMsgPublishReceived -= OnReceived;
                mqtt.MqttMsgPublished -= OnPublished;
                mqtt.ConnectionClosed -= OnClosed;
                Close();
                Poll(() => !mqtt.IsConnected, default, nameof(Dispose));
                _mqtt = null;
            }

            GC.SuppressFinalize(this);
        }

        /// <summary>Asks for the twin and waits for an answer that looks like one.</summary>
        /// <param name="cancellationToken">Ends the wait; without one it has no end.</param>
        /// <returns>The twin, an empty one from another answer with a body, or null.</returns>
        /// <exception cref="NullReferenceException">Never opened, or disposed of.</exception>
        public Twin? GetTwin(CancellationToken cancellationToken = default)
        {
            _isTwinReceived = false;
            Send($"$iothub/twin/GET/?$rid={Guid.NewGuid()}", "");
            Poll(() => _isTwinReceived, cancellationToken, nameof(GetTwin));
            return _isTwinReceived ? LastTwin : null;
        }

        /// <summary>Sends a report.</summary>
        /// <param name="cancellationToken">Ends the wait for a PUBACK; without one there is no wait.</param>
        /// <returns>Whether the client's MQTT half is done with it: acknowledged or given up. Nothing about its acceptance.</returns>
        /// <exception cref="NullReferenceException">Never opened, or disposed of.</exception>
        public bool UpdateReportedProperties(TwinCollection reported, CancellationToken cancellationToken = default)
        {
            ushort id = Send($"$iothub/twin/PATCH/properties/reported/?$rid={Guid.NewGuid()}", reported.ToJson());
            _awaited.Add(id);
            Raise(Status.TwinUpdated);
            return IsConfirmed(id, cancellationToken, nameof(UpdateReportedProperties));
        }

        /// <summary>Has a method called by its C# name.</summary>
        public void AddMethodCallback(MethodCallback methodCallback) => _methods.Add(methodCallback);

        /// <summary>Has it called no more.</summary>
        public void RemoveMethodCallback(MethodCallback methodCallback) => _methods.Remove(methodCallback);

        /// <summary>Sends a message; as with reports.</summary>
        public bool SendMessage(string message, CancellationToken cancellationToken = default, string dtdlComponentname = "")
        {
            ushort id = Send(_events, message, QosLevel);
            _awaited.Add(id);
            return IsConfirmed(id, cancellationToken, nameof(SendMessage));
        }

        private ushort Send(string topic, string text, MqttQoSLevel qosLevel = MqttQoSLevel.AtLeastOnce)
        {
            return _mqtt!.Publish(topic, Encoding.UTF8.GetBytes(text), null, [], qosLevel, false);
        }

        private void Poll(Func<bool> isSo, CancellationToken token, string what)
        {
            _schedule.Poll(isSo, token, what, (_mqtt as MqttConnection)?.DispatchThread);
        }

        private bool IsConfirmed(ushort id, CancellationToken token, string what)
        {
            if (token.CanBeCanceled)
            {
                Poll(() => _confirmed.Contains(id), token, what);
            }

            _awaited.Remove(id);
            return _confirmed.Remove(id);
        }

        private void OnPublished(object sender, MqttMsgPublishedEventArgs e)
        {
            if (_awaited.Contains(e.MessageId))
            {
                _confirmed.Add(e.MessageId);
            }
        }

        private void OnClosed(object sender, EventArgs e) => Raise(Status.Disconnected);

        private void OnReceived(object sender, MqttMsgPublishEventArgs message)
        {
            try
            {
                // The device's strings end at a NUL.
                string text = Encoding.UTF8.GetString(message.Message);
                Handle(message.Topic, text.IndexOf('\0') is >= 0 and int end ? text[..end] : text);
            }
            catch (Exception e) when (e is not DeviceHangException)
            {
                Raise(Status.InternalError, e.ToString());
            }
        }

        private void Handle(string topic, string text)
        {
            if (topic.StartsWith("$iothub/twin/res/204", StringComparison.Ordinal))
            {
                Raise(Status.TwinUpdateReceived);
            }
            else if (topic.StartsWith("$iothub/twin/", StringComparison.Ordinal))
            {
                HandleTwin(topic, text);
            }
            else if (topic.StartsWith("$iothub/methods/POST/", StringComparison.Ordinal))
            {
                HandleMethod(topic["$iothub/methods/POST/".Length..], text);
            }
            else if (topic.StartsWith(MessagesTopic, StringComparison.Ordinal))
            {
                string properties = topic[MessagesTopic.Length..];
                Raise(Status.MessageReceived, $"{properties}/{text}");
                CloudToDeviceMessage?.Invoke(this, new CloudToDeviceMessageEventArgs(text, properties));
            }
        }

        private void HandleTwin(string topic, string text)
        {
            string[] errors = ["res/400/", "res/404/", "res/500/"];
            if (errors.Any(code => topic.Contains(code, StringComparison.Ordinal)))
            {
                Raise(Status.TwinUpdateError);
            }
            else if (topic.StartsWith("$iothub/twin/PATCH/properties/desired/", StringComparison.Ordinal))
            {
                TwinUpdated?.Invoke(this, new TwinUpdateEventArgs(new TwinCollection(text)));
                Raise(Status.TwinUpdateReceived);
            }
            else if (text.Length > 0 && !_isTwinReceived)
            {
                try
                {
                    LastTwin = new Twin(_deviceId, text);
                    _isTwinReceived = true;
                    Raise(Status.TwinReceived, text);
                }
                catch (Exception e) when (e is not DeviceHangException)
                {
                    Raise(Status.InternalError, e.ToString());
                }
            }
        }

        private void HandleMethod(string call, string payload)
        {
            string name = call[..call.IndexOf('/', StringComparison.Ordinal)];
            int rid = Convert.ToInt32(call[(call.IndexOf('=', StringComparison.Ordinal) + 1)..], 16);
            Raise(Status.DirectMethodCalled, $"{call}/{payload}");
            foreach (MethodCallback method in _methods.Where(method => MethodName.Of(method) == name))
            {
                try
                {
                    Send($"$iothub/methods/res/200/?$rid={rid:X}", method(rid, payload));
                }
                catch (Exception e) when (e is not DeviceHangException)
                {
                    // Not JSON: the exception's text is not escaped.
                    Send($"$iothub/methods/res/504/?$rid={rid:X}", $"{{\"Exception:\":\"{e}\"}}");
                }
            }
        }

        private void Raise(Status status, string message = "")
        {
            _status.Status = status;
            _status.Message = message;
            StatusUpdated?.Invoke(this, new StatusUpdatedEventArgs(_status));
        }
    }
}
