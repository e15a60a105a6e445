using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace nanoOta.Hub
{
    /// <content>Devices' connections: topics and payloads, whatever carries them.</content>
    public sealed partial class IotHub
    {
        private const string TwinGet = "$iothub/twin/GET/?$rid=";
        private const string TwinPatch = "$iothub/twin/PATCH/properties/reported/?$rid=";
        private const string MethodAnswer = "$iothub/methods/res/";
        private const int LongestMessage = 256 * 1024;

        /// <summary>Judges CONNECT.</summary>
        /// <param name="connect">The packet.</param>
        /// <param name="link">The way back, should it be accepted.</param>
        /// <param name="session">The connection; null when it is refused.</param>
        /// <returns>The code of CONNACK.</returns>
        public byte Connect(DeviceConnect connect, IDeviceLink link, out DeviceSession? session)
        {
            session = null;
            if (!TryReadUser(connect, out string model))
            {
                return 5;
            }

            lock (_lock)
            {
                if (!_devices.TryGetValue(connect.ClientId, out DeviceRecord? device) || Expiry(device, connect) is not { } expires)
                {
                    return 5;
                }

                if (!device.IsEnabled)
                {
                    return Options.DisabledDeviceCode;
                }

                // One connection a device: the second one ends the first.
                device.Session?.Link.Replaced();
                device.KeptFilters = connect.KeepsSession ? device.Session?.Filters ?? device.KeptFilters ?? [] : null;
                session = new DeviceSession(device, link, expires, model, device.KeptFilters ?? []);
                device.Session = session;
                device.LastActivity = Clock.UtcNow;
                Changed(device);
                return 0;
            }
        }

        /// <summary>The connection is gone.</summary>
        public void Disconnected(DeviceSession session)
        {
            lock (_lock)
            {
                if (session.Device.Session == session)
                {
                    session.Device.Session = null;
                    session.Device.LastActivity = Clock.UtcNow;
                    Changed(session.Device);
                }
            }
        }

        /// <summary>SUBSCRIBE.</summary>
        /// <returns>Whether the filter is one of IoT Hub's, and there is room for it.</returns>
        public bool Subscribe(DeviceSession session, string filter)
        {
            bool isKnown = filter == $"devices/{session.DeviceId}/messages/devicebound/#"
                || filter is "$iothub/twin/#" or "$iothub/twin/res/#" or "$iothub/twin/PATCH/properties/desired/#" or "$iothub/methods/POST/#";
            lock (_lock)
            {
                bool isTaken = isKnown && session.HasRoom(filter);
                if (isTaken)
                {
                    session.Subscribe(filter);
                }

                return isTaken;
            }
        }

        /// <summary>UNSUBSCRIBE.</summary>
        public void Unsubscribe(DeviceSession session, string filter)
        {
            lock (_lock)
            {
                session.Unsubscribe(filter);
            }
        }

        /// <summary>PUBLISH.</summary>
        /// <param name="session">The connection.</param>
        /// <param name="topic">The topic.</param>
        /// <param name="payload">The content.</param>
        /// <param name="qos">0 to 2.</param>
        /// <returns>Whether the message is taken; false: the connection is to be closed.</returns>
        public bool Publish(DeviceSession session, string topic, byte[] payload, int qos)
        {
            if (qos > 1 || payload.Length > LongestMessage)
            {
                return false;
            }

            lock (_lock)
            {
                if (session.Device.Session != session)
                {
                    return false;
                }

                if (topic.StartsWith(TwinGet, StringComparison.Ordinal))
                {
                    return AnswerTwin(session, topic[TwinGet.Length..]);
                }

                if (topic.StartsWith(TwinPatch, StringComparison.Ordinal))
                {
                    return TakeReport(session, topic[TwinPatch.Length..], payload);
                }

                if (topic.StartsWith(MethodAnswer, StringComparison.Ordinal))
                {
                    return TakeAnswer(session, topic[MethodAnswer.Length..], payload);
                }

                if (topic.StartsWith($"devices/{session.DeviceId}/messages/events", StringComparison.Ordinal))
                {
                    session.Telemetry++;
                    return true;
                }

                return !Options.ClosesOnUnknownTopic;
            }
        }

        // {host}/{device}/?api-version=…, the last part with or without its question mark.
        private bool TryReadUser(DeviceConnect connect, out string model)
        {
            model = "";
            string[] parts = connect.UserName.Split('/', 3);
            if (parts.Length != 3 || !_gatekeeper.IsHost(parts[0]) || parts[1] != connect.ClientId)
            {
                return false;
            }

            string[] fields = parts[2].TrimStart('?').Split('&');
            model = WebUtility.UrlDecode(fields.FirstOrDefault(field => field.StartsWith("model-id=", StringComparison.Ordinal))?["model-id=".Length..] ?? "");
            return fields.Any(field => field.StartsWith("api-version=", StringComparison.Ordinal));
        }

        private DateTime? Expiry(DeviceRecord device, DeviceConnect connect)
        {
            bool isTheirs = device.AuthenticationType == "selfSigned" && connect.Thumbprint is { } thumbprint
                && (thumbprint.Equals(device.PrimaryThumbprint, StringComparison.OrdinalIgnoreCase) || thumbprint.Equals(device.SecondaryThumbprint, StringComparison.OrdinalIgnoreCase));
            return isTheirs ? DateTime.MaxValue : _gatekeeper.DeviceExpiry(connect.Password, device.Id, device.Keys);
        }

        private static bool AnswerTwin(DeviceSession session, string rid)
        {
            var json = new JsonObject { ["desired"] = session.Device.Desired.ForDevice(), ["reported"] = session.Device.Reported.ForDevice() };
            session.Send($"$iothub/twin/res/200/?$rid={rid}", json.ToJsonString(HubText.Options));
            return true;
        }

        private bool TakeReport(DeviceSession session, string rid, byte[] payload)
        {
            DeviceRecord device = session.Device;
            try
            {
                JsonObject patch = HubText.Object(payload, "report");
                TwinRules.CheckPatch(device.Reported.Values, patch, TwinRules.MaxProperties, "reported properties");
                device.Reported.Merge(patch, Clock.UtcNow);
            }
            catch (HubError error)
            {
                var body = new JsonObject { ["errorCode"] = error.Number, ["trackingId"] = $"{Guid.NewGuid():N}", ["message"] = error.Message, ["timestampUtc"] = HubClock.Text(Clock.UtcNow) };
                session.Send($"$iothub/twin/res/{error.Status}/?$rid={rid}", Options.SendsErrorBodies ? body.ToJsonString(HubText.Options) : "");
                return true;
            }

            device.Version++;
            device.LastActivity = Clock.UtcNow;
            Changed(device);
            session.Send($"$iothub/twin/res/204/?$rid={rid}&$version={device.Reported.Version}", "");
            return true;
        }

        // {status}/?$rid={rid}. One that comes late, or was never asked for, is dropped.
        private bool TakeAnswer(DeviceSession session, string rest, byte[] payload)
        {
            string[] parts = rest.Split("/?$rid=", 2);
            if (parts.Length == 2 && int.TryParse(parts[0], out int status)
                && int.TryParse(parts[1], System.Globalization.NumberStyles.HexNumber, System.Globalization.CultureInfo.InvariantCulture, out int number)
                && session.Device.Calls.TryGetValue(number, out MethodCall? call) && (!Options.ComparesMethodIdsAsText || parts[1] == call.Rid))
            {
                session.Device.Calls.Remove(number);
                call.Answer.TrySetResult((status, payload));
            }

            return true;
        }

        private void EndSession(DeviceRecord device)
        {
            device.Session?.Link.Close();
            device.Session = null;
        }

        private void EndExpiredSessions()
        {
            DateTime real = Clock.Real;
            foreach (DeviceRecord device in _devices.Values)
            {
                if (device.Session is { } session && session.Expires < real && session.Expires + Options.TokenGrace < real)
                {
                    EndSession(device);
                    Changed(device);
                }
            }
        }

    }
}
