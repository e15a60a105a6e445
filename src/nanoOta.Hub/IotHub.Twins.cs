using System.Text.Json.Nodes;

namespace nanoOta.Hub
{
    /// <content>Twins.</content>
    public sealed partial class IotHub
    {
        /// <summary>A device's twin.</summary>
        /// <exception cref="HubError">There is no such device.</exception>
        public HubDocument GetTwin(string id)
        {
            lock (_lock)
            {
                return Twin(Device(id));
            }
        }

        /// <summary>Merges tags and desired properties; null removes.</summary>
        /// <param name="id">The device.</param>
        /// <param name="body"><c>tags</c> and <c>properties.desired</c>, either or both.</param>
        /// <param name="ifMatch">The twin's ETag in quotes, or *; null: any.</param>
        /// <exception cref="HubError">The hub refuses it.</exception>
        public HubDocument PatchTwin(string id, JsonObject body, string? ifMatch) => WriteTwin(id, body, ifMatch, replaces: false);

        /// <summary>Replaces tags and desired properties.</summary>
        /// <inheritdoc cref="PatchTwin"/>
        public HubDocument PutTwin(string id, JsonObject body, string? ifMatch) => WriteTwin(id, body, ifMatch, replaces: true);

        private HubDocument WriteTwin(string id, JsonObject body, string? ifMatch, bool replaces)
        {
            lock (_lock)
            {
                DeviceRecord device = Device(id);
                ETags.RequireQuoted(ifMatch, device.TwinETag);
                CheckTwin(device, body, replaces, out JsonObject? tags, out JsonObject? desired);
                if (tags != null)
                {
                    JsonObject target = replaces ? [] : device.Tags;
                    TwinRules.Merge(target, tags);
                    device.Tags = target;
                }

                if (desired != null)
                {
                    WriteDesired(device, desired, replaces);
                }

                if (tags != null || desired != null)
                {
                    device.TwinCounter++;
                    device.Version++;
                    Changed(device);
                }

                return Twin(device);
            }
        }

        // Reads what is written, and checks it against the twin as it is.
        private static void CheckTwin(DeviceRecord device, JsonObject body, bool replaces, out JsonObject? tags, out JsonObject? desired)
        {
            tags = HubText.Member(body, "tags");
            desired = HubText.Member(body, "properties") is { } properties ? HubText.Member(properties, "desired") : null;
            if (replaces)
            {
                tags = (JsonObject?)tags?.DeepClone() ?? [];
                desired = (JsonObject?)desired?.DeepClone() ?? [];
                desired.Remove("$version");
                desired.Remove("$metadata");
                TwinRules.CheckAll(tags, TwinRules.MaxTags, "tags");
                TwinRules.CheckAll(desired, TwinRules.MaxProperties, "desired properties");
                return;
            }

            if (tags != null)
            {
                TwinRules.CheckPatch(device.Tags, tags, TwinRules.MaxTags, "tags");
            }

            if (desired != null)
            {
                TwinRules.CheckPatch(device.Desired.Values, desired, TwinRules.MaxProperties, "desired properties");
            }
        }

        // The device gets what was written: the patch with its nulls, or all of it.
        private void WriteDesired(DeviceRecord device, JsonObject desired, bool replaces)
        {
            JsonObject message;
            if (replaces)
            {
                device.Desired.Replace(desired, Clock.UtcNow);
                message = device.Desired.ForDevice();
            }
            else
            {
                device.Desired.Merge(desired, Clock.UtcNow);
                message = (JsonObject)desired.DeepClone();
                message["$version"] = device.Desired.Version;
            }

            if (device.Session?.Send($"$iothub/twin/PATCH/properties/desired/?$version={device.Desired.Version}", message.ToJsonString(HubText.Options)) != true)
            {
                DesiredChanged?.Invoke(device.Id);
            }
        }

        private static HubDocument Twin(DeviceRecord device) => new(Documents.Twin(device), device.TwinETag);
    }
}
