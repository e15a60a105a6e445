using System.Collections;
using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using nanoFramework.M2Mqtt.Messages;
using nanoOta.StandIns;

namespace nanoFramework.Azure.Devices.Provisioning.Client
{
    /// <summary>
    /// The client of the Device Provisioning Service, with the device's behaviour: the conversation goes through
    /// <see cref="DeviceCloud.Hub"/>.
    /// </summary>
    public class ProvisioningDeviceClient : IDisposable
    {
        private const string Answers = "$dps/registrations/res/";
        private const int PollMilliseconds = 200;

        private readonly DeviceSchedule _schedule = DeviceClock.Current.Schedule;
        private readonly string _registrationId;
        private readonly MqttConnection _client = new();
        private readonly long _requestId;
        private MqttConnection? _mqtt;
        private ProvisioningRegistrationStatusType _status = ProvisioningRegistrationStatusType.Unassigned;
        private int _retry = -1;
        private DateTime _askAgainAt;
        private string? _operation;
        private Hashtable? _answer;
        private DeviceRegistrationResult? _failure;
        private bool _isDisposed;

        private ProvisioningDeviceClient(string endpoint, string idScope, string registrationId, string? key)
        {
            _registrationId = registrationId;
            _mqtt = _client;
            _client.Init(endpoint, 8883, true, null, null, M2Mqtt.MqttSslProtocols.TLSv1_2);
            _client.MqttMsgPublishReceived += OnReceived;
            string user = $"{idScope}/registrations/{registrationId}/api-version=2019-03-31"
                + $"&DeviceClientType={System.Net.WebUtility.UrlEncode("nano;azrsdk;stand-in")}";

            // Without a key the device gives an empty password, not none; for hubs here, a certificate is what comes without one.
            string? password = key is null ? null
                : SharedAccess.Sign(key, $"{idScope}/registrations/{registrationId}", DeviceClock.Current.UtcNow + TimeSpan.FromHours(24));
            _client.Connect(registrationId, user, password, false, MqttQoSLevel.ExactlyOnce, false, "", "Disconnected", true, 60);
            if (_client.IsConnected)
            {
                _client.Subscribe([Answers + "#"], [MqttQoSLevel.AtLeastOnce]);
                _requestId = new DateTimeOffset(DeviceClock.Current.UtcNow, TimeSpan.Zero).ToUnixTimeSeconds();
            }
        }

        /// <summary>Makes a client that signs with a key, and connects.</summary>
        /// <exception cref="System.Net.Sockets.SocketException">The endpoint has no address.</exception>
        /// <exception cref="M2Mqtt.Exceptions.MqttConnectionException">No TLS session.</exception>
        /// <exception cref="M2Mqtt.Exceptions.MqttCommunicationException">No answer in 30 s.</exception>
        public static ProvisioningDeviceClient Create(string globalDeviceEndpoint, string idScope, string registrationId, string securityProvider, X509Certificate? azureCert = null)
        {
            return new ProvisioningDeviceClient(globalDeviceEndpoint, idScope, registrationId, securityProvider);
        }

        /// <summary>Makes a client with a certificate, and connects.</summary>
        /// <exception cref="System.Net.Sockets.SocketException">The endpoint has no address.</exception>
        /// <exception cref="M2Mqtt.Exceptions.MqttConnectionException">No TLS session.</exception>
        /// <exception cref="M2Mqtt.Exceptions.MqttCommunicationException">No answer in 30 s.</exception>
        public static ProvisioningDeviceClient Create(string globalDeviceEndpoint, string idScope, string registrationId, X509Certificate securityProvider, X509Certificate? azureCert = null)
        {
            // Which certificate it is plays no part: there is no handshake here.
            return new ProvisioningDeviceClient(globalDeviceEndpoint, idScope, registrationId, null);
        }

        /// <inheritdoc cref="Register(ProvisioningRegistrationAdditionalData, CancellationToken)"/>
        public DeviceRegistrationResult Register(CancellationToken cancellationToken) => Register(null!, cancellationToken);

        /// <summary>
        /// Registers, and waits until a hub is assigned, the request is refused, or the token expires; also after the service said that it
        /// assigns none.
        /// </summary>
        /// <param name="data">Sent along; null: nothing.</param>
        /// <param name="cancellationToken">Ends the wait; without one it may have no end.</param>
        /// <exception cref="M2Mqtt.Exceptions.MqttCommunicationException">The connection was dropped meanwhile.</exception>
        /// <exception cref="NullReferenceException">The service's last word has no registration in it.</exception>
        public DeviceRegistrationResult Register(ProvisioningRegistrationAdditionalData data, CancellationToken cancellationToken)
        {
            if (!_mqtt!.IsConnected)
            {
                return Result(ProvisioningRegistrationStatusType.Failed, -1, "MQTT Client is not open");
            }

            string payload = string.IsNullOrEmpty(data?.JsonData) ? "" : $",\"payload\":{data.JsonData}";
            Publish($"PUT/iotdps-register/?$rid={_requestId}", $"{{\"registrationId\":\"{_registrationId}\"{payload}}}");
            while (!cancellationToken.IsCancellationRequested && _status != ProvisioningRegistrationStatusType.Assigned)
            {
                _schedule.Run(PollMilliseconds);
                if (_retry > 0 && _answer is null && _askAgainAt < DeviceClock.Current.UtcNow)
                {
                    Publish($"GET/iotdps-get-operationstatus/?$rid={_requestId}&operationId={_operation}", "");
                    _askAgainAt = DeviceClock.Current.UtcNow.AddSeconds(_retry);
                }
            }

            Close();
            return _answer is null
                ? _failure ?? Result(_status, -1, $"Unknown error, cancellation requested: {cancellationToken.IsCancellationRequested}")
                : ToResult(_answer);
        }

        /// <summary>Closes the connection.</summary>
        /// <exception cref="M2Mqtt.Exceptions.MqttCommunicationException">It was refused or dropped before.</exception>
        public void Dispose()
        {
            if (!_isDisposed)
            {
                _isDisposed = true;
                if (_mqtt is not null)
                {
                    Close();
                }
            }

            GC.SuppressFinalize(this);
        }

        private void Publish(string topic, string text) => _client.Publish("$dps/registrations/" + topic, Encoding.UTF8.GetBytes(text));

        private void Close()
        {
            _client.MqttMsgPublishReceived -= OnReceived;
            _client.Unsubscribe([Answers + "#"]);
            _client.Disconnect();
            _schedule.Poll(() => !_client.IsConnected, default, nameof(Close), _client.DispatchThread);
            _mqtt = null;
        }

        // On the dispatch thread. What it does not understand it passes over.
        private void OnReceived(object sender, MqttMsgPublishEventArgs e)
        {
            try
            {
                Hashtable body = DeviceJson.ReadTable(Encoding.UTF8.GetString(e.Message));
                if (e.Topic.StartsWith($"{Answers}202/?$rid={_requestId}", StringComparison.Ordinal))
                {
                    _operation = (string?)body["operationId"];
                    _retry = Convert.ToInt32(e.Topic[(e.Topic.LastIndexOf('=') + 1)..], CultureInfo.InvariantCulture);
                    _askAgainAt = DeviceClock.Current.UtcNow.AddSeconds(_retry);
                    _status = StatusOf(body);
                }
                else if (e.Topic.StartsWith($"{Answers}200/?$rid={_requestId}", StringComparison.Ordinal) && _answer is null)
                {
                    _answer = body;
                    _status = StatusOf(body);
                }
                else if (_answer is null)
                {
                    _failure = Result(ProvisioningRegistrationStatusType.Failed, (int)body["errorCode"]!, (string?)body["message"]);
                    _status = ProvisioningRegistrationStatusType.Assigned;
                }
            }
            catch (Exception failure) when (failure is not DeviceHangException)
            {
                // As the device does.
            }
        }

        private static ProvisioningRegistrationStatusType StatusOf(Hashtable body) => (string?)body["status"] switch
        {
            "assigned" => ProvisioningRegistrationStatusType.Assigned,
            "assigning" => ProvisioningRegistrationStatusType.Assigning,
            "unassigned" => ProvisioningRegistrationStatusType.Unassigned,
            "disabled" => ProvisioningRegistrationStatusType.Disabled,
            _ => ProvisioningRegistrationStatusType.Failed,
        };

        private DeviceRegistrationResult Result(ProvisioningRegistrationStatusType status, int code, string? message)
        {
            return new DeviceRegistrationResult(_registrationId, DeviceClock.Current.UtcNow, "", "", status, "", DeviceClock.Current.UtcNow, code, message, "");
        }

        private static DeviceRegistrationResult ToResult(Hashtable answer)
        {
            var state = (Hashtable)answer["registrationState"]!;
            return new DeviceRegistrationResult(
                (string?)state["registrationId"], state["createdDateTimeUtc"] is DateTime made ? made : default, (string?)state["assignedHub"],
                (string?)state["deviceId"], StatusOf(answer), "", state["lastUpdatedDateTimeUtc"] is DateTime changed ? changed : default,
                state["errorCode"] is int code ? code : 0, (string?)state["errorMessage"], (string?)state["etag"]);
        }
    }
}
