using System.Text.Json.Nodes;

namespace nanoOta.Hub
{
    /// <summary>The desired or the reported half of a twin: values, when each was last changed, and a version.</summary>
    public sealed class TwinSection
    {
        private JsonObject _metadata;

        /// <summary>An empty half.</summary>
        public TwinSection(DateTime now)
            : this([], Stamp(now, 1), 1)
        {
        }

        private TwinSection(JsonObject values, JsonObject metadata, long version)
        {
            Values = values;
            _metadata = metadata;
            Version = version;
        }

        /// <summary>The values, without <c>$metadata</c> and <c>$version</c>.</summary>
        public JsonObject Values { get; private set; }

        /// <summary><c>$version</c>.</summary>
        public long Version { get; private set; }

        /// <summary>The values with <c>$version</c>, as devices get them.</summary>
        internal JsonObject ForDevice()
        {
            var json = (JsonObject)Values.DeepClone();
            json["$version"] = Version;
            return json;
        }

        /// <summary>The values with <c>$metadata</c> and <c>$version</c>, as services get them.</summary>
        internal JsonObject ForService()
        {
            var json = (JsonObject)Values.DeepClone();
            json["$metadata"] = _metadata.DeepClone();
            json["$version"] = Version;
            return json;
        }

        /// <summary>Merges: objects member by member, null removes, anything else replaces. The patch was checked before.</summary>
        internal void Merge(JsonObject patch, DateTime now)
        {
            Version++;
            Merge(Values, _metadata, patch, now);
        }

        /// <summary>Replaces everything.</summary>
        internal void Replace(JsonObject values, DateTime now)
        {
            Version++;
            Values = [];
            _metadata = [];
            Merge(Values, _metadata, values, now);
        }

        internal JsonObject Save() => new() { ["values"] = Values.DeepClone(), ["metadata"] = _metadata.DeepClone(), ["version"] = Version };

        internal static TwinSection Load(JsonObject saved)
        {
            return new TwinSection((JsonObject)saved["values"]!.DeepClone(), (JsonObject)saved["metadata"]!.DeepClone(), (long)saved["version"]!);
        }

        private static JsonObject Stamp(DateTime now, long version)
        {
            return new JsonObject { ["$lastUpdated"] = HubClock.Text(now), ["$lastUpdatedVersion"] = version };
        }

        private void Merge(JsonObject values, JsonObject metadata, JsonObject patch, DateTime now)
        {
            metadata["$lastUpdated"] = HubClock.Text(now);
            metadata["$lastUpdatedVersion"] = Version;
            foreach ((string name, JsonNode? value) in patch)
            {
                if (value == null)
                {
                    values.Remove(name);
                    metadata.Remove(name);
                }
                else if (value is JsonObject inner)
                {
                    JsonObject target = Child(values, name);
                    Merge(target, Child(metadata, name), inner, now);
                }
                else
                {
                    values[name] = value.DeepClone();
                    metadata[name] = Stamp(now, Version);
                }
            }
        }

        private static JsonObject Child(JsonObject parent, string name)
        {
            if (parent[name] is not JsonObject child)
            {
                child = [];
                parent[name] = child;
            }

            return child;
        }
    }
}
