extern alias StandIns;

using System.Text;
using System.Text.Json.Nodes;
using StandIns::nanoOta.StandIns;

namespace nanoOta.VirtualDevice.Cloud
{
    /// <summary>What a provisioning service says in the end.</summary>
    public enum ProvisioningOutcome
    {
        /// <summary>It assigns the hub.</summary>
        Assigned,

        /// <summary>It finds no hub for the device.</summary>
        Failed,

        /// <summary>The device's enrollment is disabled.</summary>
        Disabled,

        /// <summary>It does not take the request: 401.</summary>
        Unauthorized,

        /// <summary>It is choosing, and never says more.</summary>
        Silent,
    }

    /// <summary>
    /// As much of a Device Provisioning Service as one device sees: its registration, as topics and payloads. Set
    /// <see cref="DeviceCloud.Hub"/> to it, or to a <see cref="CloudHosts"/> with it.
    /// </summary>
    /// <param name="idScope">The service's id scope.</param>
    /// <param name="registrationId">The device that it knows.</param>
    /// <param name="key">Base64; what the device signs with. Null: it comes with a certificate.</param>
    /// <param name="hub">The host name of the hub that it assigns.</param>
    public sealed class LocalProvisioning(string idScope, string registrationId, string? key, string hub) : IMqttHub
    {
        /// <summary>The service's host name.</summary>
        public const string Host = "global.azure-devices-provisioning.net";

        private const string Topic = "$dps/registrations/";
        private const int RetryAfter = 3;

        /// <summary>What it says in the end.</summary>
        public ProvisioningOutcome Outcome { get; set; }

        /// <summary>How often the service answers "assigning" before that.</summary>
        public int Polls { get; set; } = 1;

        /// <summary>How long a packet is under way, in milliseconds.</summary>
        public int Latency { get; set; } = 50;

        /// <summary>Whether no TLS session comes about.</summary>
        public bool IsUnreachable { get; set; }

        /// <summary>Registrations that were begun.</summary>
        public int Registrations { get; private set; }

        /// <inheritdoc/>
        public bool Resolves(string name) => name == Host;

        /// <inheritdoc/>
        public IMqttSession Connect(MqttConnect connect, IMqttLink link)
        {
            if (IsUnreachable)
            {
                throw new StandIns::System.Net.Sockets.SocketException(System.Net.Sockets.SocketError.ConnectionRefused);
            }

            bool isKnown = connect.ClientId == registrationId
                && connect.UserName.StartsWith($"{idScope}/registrations/{registrationId}/api-version=", StringComparison.Ordinal)
                && HubToken.Expiry(connect, $"{idScope}/registrations/{registrationId}", key) > DeviceClock.Current.UtcNow;
            if (isKnown)
            {
                link.Accept(Latency);
            }
            else
            {
                link.Refuse(5, Latency);
            }

            return new Session(this, link);
        }

        private void Answer(IMqttLink link, MqttPublish packet, ref int asked)
        {
            string rid = packet.Topic.Split("$rid=")[1].Split('&')[0];
            bool isRequest = packet.Topic.StartsWith(Topic + "PUT/iotdps-register/", StringComparison.Ordinal);
            if (isRequest)
            {
                Registrations++;
                asked = 0;
            }

            if (Outcome == ProvisioningOutcome.Unauthorized)
            {
                Say(link, 401, rid, "", new JsonObject { ["errorCode"] = 401002, ["trackingId"] = "0", ["message"] = "Unauthorized", ["timestampUtc"] = Now() });
            }
            else if (asked++ < Polls || Outcome == ProvisioningOutcome.Silent)
            {
                Say(link, 202, rid, $"&retry-after={RetryAfter}", new JsonObject { ["operationId"] = "4.0", ["status"] = "assigning" });
            }
            else
            {
                Say(link, 200, rid, "", Outcome switch
                {
                    ProvisioningOutcome.Assigned => Registration("assigned", new JsonObject { ["assignedHub"] = hub, ["deviceId"] = registrationId, ["substatus"] = "initialAssignment" }),
                    ProvisioningOutcome.Failed => Registration("failed", new JsonObject { ["errorCode"] = 400207, ["errorMessage"] = "Custom allocation failed" }),
                    _ => Registration("disabled", []),
                });
            }
        }

        private JsonObject Registration(string status, JsonObject state)
        {
            state["registrationId"] = registrationId;
            state["createdDateTimeUtc"] = Now();
            state["lastUpdatedDateTimeUtc"] = Now();
            state["status"] = status;
            state["etag"] = "IjAi";
            return new JsonObject { ["operationId"] = status == "disabled" ? "" : "4.0", ["status"] = status, ["registrationState"] = state };
        }

        private void Say(IMqttLink link, int status, string rid, string more, JsonObject body)
        {
            link.Deliver($"{Topic}res/{status}/?$rid={rid}{more}", Encoding.UTF8.GetBytes(body.ToJsonString()), Latency);
        }

        private static string Now() => DeviceClock.Current.UtcNow.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", System.Globalization.CultureInfo.InvariantCulture);

        private sealed class Session(LocalProvisioning service, IMqttLink link) : IMqttSession
        {
            private int _asked;

            public void Subscribe(string[] filters)
            {
            }

            public void Unsubscribe(string[] filters)
            {
            }

            public void Publish(MqttPublish packet)
            {
                if (packet.Topic.StartsWith(Topic, StringComparison.Ordinal))
                {
                    service.Answer(link, packet, ref _asked);
                }
            }

            public void Disconnect()
            {
            }

            public void Close()
            {
            }
        }
    }
}
