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
            JsonObject? tags = HubText.Member(body, "tags");
            JsonObject? desired = HubText.Member(body, "properties") is { } properties ? HubText.Member(properties, "desired") : null;
            if (replaces)
            {
                tags = (JsonObject?)tags?.DeepClone() ?? [];
                desired = (JsonObject?)desired?.DeepClone() ?? [];
                desired.Remove("$version");
                desired.Remove("$metadata");
            }

            lock (_lock)
            {
                DeviceRecord device = Device(id);
                ETags.RequireQuoted(ifMatch, device.TwinETag);
                Check(device, tags, desired, replaces);
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

        private static void Check(DeviceRecord device, JsonObject? tags, JsonObject? desired, bool replaces)
        {
            if (replaces)
            {
                TwinRules.CheckAll(tags!, TwinRules.MaxTags, "tags");
                TwinRules.CheckAll(desired!, TwinRules.MaxProperties, "desired properties");
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

        // The device is told as it is written: the patch with its nulls, or all of it.
        private void WriteDesired(DeviceRecord device, JsonObject desired, bool replaces)
        {
            JsonObject told;
            if (replaces)
            {
                device.Desired.Replace(desired, Clock.UtcNow);
                told = device.Desired.ForDevice();
            }
            else
            {
                device.Desired.Merge(desired, Clock.UtcNow);
                told = (JsonObject)desired.DeepClone();
                told["$version"] = device.Desired.Version;
            }

            device.Session?.Send($"$iothub/twin/PATCH/properties/desired/?$version={device.Desired.Version}", told.ToJsonString(HubText.Options));
            DesiredChanged?.Invoke(device.Id);
        }

        private static HubDocument Twin(DeviceRecord device) => new(Documents.Twin(device), device.TwinETag);
    }
}
