using System.Text.Json.Nodes;

namespace nanoOta.Hub
{
    /// <summary>A device's identity and twin as services see them.</summary>
    internal static class Documents
    {
        /// <summary>The identity, keys included.</summary>
        public static JsonObject Identity(DeviceRecord device)
        {
            return new JsonObject
            {
                ["deviceId"] = device.Id,
                ["generationId"] = device.Generation,
                ["etag"] = device.IdentityETag,
                ["connectionState"] = Connection(device),
                ["status"] = Status(device),
                ["statusReason"] = device.StatusReason,
                ["connectionStateUpdatedTime"] = HubClock.Text(device.LastActivity),
                ["statusUpdatedTime"] = HubClock.Text(device.StatusTime),
                ["lastActivityTime"] = HubClock.Text(device.LastActivity),
                ["cloudToDeviceMessageCount"] = 0,
                ["authentication"] = new JsonObject
                {
                    ["symmetricKey"] = new JsonObject { ["primaryKey"] = device.PrimaryKey, ["secondaryKey"] = device.SecondaryKey },
                    ["x509Thumbprint"] = new JsonObject { ["primaryThumbprint"] = device.PrimaryThumbprint, ["secondaryThumbprint"] = device.SecondaryThumbprint },
                    ["type"] = device.AuthenticationType,
                },
                ["capabilities"] = new JsonObject { ["iotEdge"] = false },
            };
        }

        /// <summary>The twin.</summary>
        public static JsonObject Twin(DeviceRecord device)
        {
            var json = new JsonObject();
            foreach (string name in Names)
            {
                if (Find(device, name) is { } value)
                {
                    json[name] = value.Parent == null ? value : value.DeepClone();
                }
            }

            json["properties"] = new JsonObject { ["desired"] = device.Desired.ForService(), ["reported"] = device.Reported.ForService() };
            json["capabilities"] = new JsonObject { ["iotEdge"] = false };
            return json;
        }

        /// <summary>A member of the twin document for queries, without the halves and their metadata.</summary>
        public static JsonNode? Find(DeviceRecord device, string name)
        {
            return name switch
            {
                "deviceId" => device.Id,
                "etag" => device.TwinETag,
                "deviceEtag" => device.IdentityETag,
                "status" => Status(device),
                "statusReason" => device.StatusReason,
                "statusUpdateTime" => HubClock.Text(device.StatusTime),
                "connectionState" => Connection(device),
                "lastActivityTime" => HubClock.Text(device.LastActivity),
                "cloudToDeviceMessageCount" => 0,
                "authenticationType" => device.AuthenticationType,
                "x509Thumbprint" => new JsonObject { ["primaryThumbprint"] = device.PrimaryThumbprint, ["secondaryThumbprint"] = device.SecondaryThumbprint },
                "modelId" => device.Session?.ModelId ?? "",
                "version" => device.Version,
                "tags" => device.Tags,
                "configurations" when device.Configurations.Count > 0 => Configurations(device),
                _ => null,
            };
        }

        private static readonly string[] Names =
        [
            "deviceId", "etag", "deviceEtag", "status", "statusReason", "statusUpdateTime", "connectionState", "lastActivityTime", "cloudToDeviceMessageCount",
            "authenticationType", "x509Thumbprint", "modelId", "version", "tags", "configurations",
        ];

        private static JsonObject Configurations(DeviceRecord device)
        {
            var json = new JsonObject();
            foreach ((string name, string status) in device.Configurations)
            {
                json[name] = new JsonObject { ["status"] = status };
            }

            return json;
        }

        private static string Connection(DeviceRecord device) => device.Session == null ? "Disconnected" : "Connected";

        private static string Status(DeviceRecord device) => device.IsEnabled ? "enabled" : "disabled";
    }
}
