extern alias StandIns;

using System.Text;
using System.Text.Json;
using StandIns::nanoOta.StandIns;

namespace nanoOta.VirtualDevice.Cloud
{
    /// <summary>
    /// As much of an IoT hub as one device sees: its twin, direct methods, answers and errors, as topics and payloads. Set
    /// <see cref="DeviceCloud.Hub"/> to it. It knows one device; a second connection of it ends the first, and what is sent
    /// while there is none is lost, as in a clean session.
    /// </summary>
    /// <param name="host">The host name it answers to.</param>
    /// <param name="deviceId">The device, or device/module.</param>
    /// <param name="key">Base64; what the device signs with. Null: it comes with a certificate.</param>
    public sealed class LocalHub(string host, string deviceId, string? key) : IMqttHub
    {
        private const int LargestReport = 32 * 1024;

        private readonly Dictionary<int, HubMethodCall> _calls = [];
        private readonly List<IMqttLink> _links = [];
        private readonly List<string> _reports = [];
        private LocalHubSession? _session;

        /// <summary>The twin. Change update requests with <see cref="PatchDesired"/>, or the device does not hear of it.</summary>
        public HubTwin Twin { get; } = new();

        /// <summary>What is wrong; nothing at first.</summary>
        public HubFaults Faults { get; } = new();

        /// <summary>
        /// The name of a transparent gateway that devices reach the hub through; null: there is none. With one, the hub's own name has no
        /// address for devices, and signatures for either name count, as with IoT Edge.
        /// </summary>
        public string? Gateway { get; set; }

        /// <summary>The messages that devices sent, in order.</summary>
        public List<string> Messages { get; } = [];

        /// <summary>How long a packet is under way, in milliseconds.</summary>
        public int Latency { get; set; } = 50;

        /// <summary>Whether the device is connected.</summary>
        public bool IsOnline => _session is not null;

        /// <summary>CONNECT packets, refused ones, too.</summary>
        public int Connects { get; private set; }

        /// <summary>How often the twin was asked for.</summary>
        public int TwinReads { get; private set; }

        /// <summary>Reports that were accepted, in order.</summary>
        public IReadOnlyList<string> Reports => _reports;

        /// <summary>Called with each report that is accepted.</summary>
        public Action<string>? OnReport { get; set; }

        /// <summary>TLS sessions that the device holds, in use or not.</summary>
        public int HeldSessions => _links.Count(link => link.IsHeld);

        /// <inheritdoc/>
        public bool Resolves(string name) => name == (Gateway ?? host) && !Faults.NoName;

        /// <inheritdoc/>
        public IMqttSession Connect(MqttConnect connect, IMqttLink link)
        {
            if (Faults.Unreachable || HeldSessions >= Faults.MostSessions)
            {
                throw new StandIns::System.Net.Sockets.SocketException(System.Net.Sockets.SocketError.ConnectionRefused);
            }

            Connects++;
            _links.RemoveAll(other => !other.IsHeld);
            _links.Add(link);
            LocalHubSession session = new(this, link);
            if (Faults.NoConnectAnswer)
            {
                return session;
            }

            DateTime now = DeviceClock.Current.UtcNow;
            DateTime? expires = HubToken.Expiry(connect, $"{host}/devices/{deviceId}", key)
                ?? (Gateway == null ? null : HubToken.Expiry(connect, $"{Gateway}/devices/{deviceId}", key));
            byte? refusal = Faults.RefuseWith ?? (connect.ClientId != deviceId ? (byte)2 : expires > now ? null : (byte)5);
            if (refusal is { } code)
            {
                link.Refuse(code, Latency);
                return session;
            }

            _session?.Break();
            _session = session;
            link.Accept(Latency);
            if (expires is { } end && end != DateTime.MaxValue)
            {
                DeviceClock.Current.Schedule.Add((long)(end - now).TotalMilliseconds, null, session.Break);
            }

            return session;
        }

        /// <summary>Changes update requests and tells the device, if it is there.</summary>
        /// <exception cref="JsonException">The patch is no object.</exception>
        public void PatchDesired(string patch) => Push(Twin.PatchDesired(patch));

        /// <summary>Replaces all update requests and tells the device, if it is there.</summary>
        /// <exception cref="JsonException">The text is no object.</exception>
        public void ReplaceDesired(string desired) => Push(Twin.ReplaceDesired(desired));

        /// <summary>Calls a direct method. Without a connection there is never an answer.</summary>
        /// <param name="name">The method.</param>
        /// <param name="payload">JSON text.</param>
        public HubMethodCall CallMethod(string name, string payload)
        {
            HubMethodCall call = new();
            int rid = _calls.Count + 1;
            _calls.Add(rid, call);
            Deliver($"$iothub/methods/POST/{name}/?$rid={rid:x}", payload);
            return call;
        }

        /// <summary>Sends any packet.</summary>
        /// <param name="topic">The topic.</param>
        /// <param name="payload">The content.</param>
        public void Deliver(string topic, string payload) => _session?.Deliver(topic, payload);

        /// <summary>Breaks the connection; the device notices at once.</summary>
        public void Drop() => _session?.Break();

        /// <summary>The way to the device is cut and nobody says so: after two minutes of silence the device gives up.</summary>
        public void GoSilent() => _session?.GoSilent();

        internal void OnPublish(LocalHubSession session, MqttPublish packet)
        {
            if (Faults.NoAcknowledgement)
            {
                return;
            }

            if (packet.QoS > 0)
            {
                session.Link.Acknowledge(packet.PacketId, Latency);
            }

            string text = Encoding.UTF8.GetString(packet.Payload);
            if (packet.Topic.Contains("/messages/events/", StringComparison.Ordinal))
            {
                Messages.Add(text);
                return;
            }

            string rid = packet.Topic[(packet.Topic.IndexOf("$rid=", StringComparison.Ordinal) + 5)..];
            if (packet.Topic.StartsWith("$iothub/twin/", StringComparison.Ordinal))
            {
                AnswerTwin(session, packet, text, rid);
            }
            else if (packet.Topic.StartsWith("$iothub/methods/res/", StringComparison.Ordinal)
                && _calls.TryGetValue(Convert.ToInt32(rid, 16), out HubMethodCall? call))
            {
                call.Status = int.Parse(packet.Topic.Split('/')[3], System.Globalization.CultureInfo.InvariantCulture);
                call.Payload = text;
            }
        }

        internal void OnEnd(LocalHubSession session)
        {
            if (_session == session)
            {
                _session = null;
            }
        }

        private void Push(string patch) => Deliver($"$iothub/twin/PATCH/properties/desired/?$version={Twin.DesiredVersion}", patch);

        private void AnswerTwin(LocalHubSession session, MqttPublish packet, string text, string rid)
        {
            bool isRead = packet.Topic.StartsWith("$iothub/twin/GET/", StringComparison.Ordinal);
            TwinReads += isRead ? 1 : 0;
            if (Faults.NoTwinAnswer)
            {
                return;
            }

            if (Faults.Codes.TryDequeue(out int code))
            {
                session.Deliver($"$iothub/twin/res/{code}/?$rid={rid}", ErrorBody(code));
            }
            else if (isRead)
            {
                session.Deliver($"$iothub/twin/res/200/?$rid={rid}", Twin.Text);
            }
            else if (TakeReport(packet, text) is var result && result == 204)
            {
                session.Deliver($"$iothub/twin/res/204/?$rid={rid}&$version={Twin.ReportedVersion}", "");
            }
            else
            {
                session.Deliver($"$iothub/twin/res/{result}/?$rid={rid}", ErrorBody(result));
            }
        }

        private int TakeReport(MqttPublish packet, string text)
        {
            if (Faults.OnReport?.Invoke() is { } code)
            {
                return code;
            }

            if (packet.Payload.Length > LargestReport)
            {
                return 413;
            }

            try
            {
                Twin.PatchReported(text);
            }
            catch (JsonException)
            {
                return 400;
            }

            _reports.Add(text);
            OnReport?.Invoke(text);
            return 204;
        }

        private static string ErrorBody(int code)
        {
            string time = DeviceClock.Current.UtcNow.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", System.Globalization.CultureInfo.InvariantCulture);
            return $"{{\"errorCode\":{code}001,\"trackingId\":\"0\",\"message\":\"Refused.\",\"timestampUtc\":\"{time}\"}}";
        }
    }
}
