using System.Text.Json.Nodes;

namespace nanoOta.Tool.Fleet
{
    /// <summary>An automatic device configuration: what IoT Hub writes into the twins of every device that a condition takes in.</summary>
    /// <param name="Id">Its id: lower-case letters, digits and some signs, at most 128.</param>
    /// <param name="Content">Desired properties by dotted path. Nothing of it can be changed later: a PUT with other content is answered 200 and not taken.</param>
    /// <param name="Condition">Which devices.</param>
    /// <param name="Priority">The highest wins.</param>
    internal sealed record DeviceConfiguration(string Id, JsonObject Content, string Condition, int Priority)
    {
        // More than a hub has devices; sums of it overflow nowhere.
        private const long MostDevices = 1_000_000_000;

        /// <summary>What the tool keeps there.</summary>
        public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

        /// <summary>Metric queries by name, at most five.</summary>
        public IReadOnlyDictionary<string, string> Metrics { get; init; } = new Dictionary<string, string>();

        /// <summary>What the hub counted last by the metrics and its own; empty until the first evaluation.</summary>
        public IReadOnlyDictionary<string, long> Results { get; init; } = new Dictionary<string, long>();

        /// <summary>The state that was read, quoted; null: none was.</summary>
        public string? ETag { get; init; }

        /// <summary>Reads one as the hub sends it. A priority that is no whole number is -1; labels and queries that are no texts are read as their JSON.</summary>
        /// <exception cref="Failure">It has no id.</exception>
        public static DeviceConfiguration Read(JsonObject json, string? etag)
        {
            string id = JsonMember.Text(json, "id") ?? throw new Failure(ExitCode.Unreachable, "the hub sent a configuration without an id. Check HostName in the connection string, and whether a proxy stands in between.");
            int priority = json["priority"] == null ? 0 : json["priority"] is JsonValue value && value.TryGetValue(out int number) ? number : -1;
            return new DeviceConfiguration(id, JsonMember.Of(json, "content", "deviceContent")?.DeepClone() as JsonObject ?? [], JsonMember.Text(json, "targetCondition") ?? "", priority)
            {
                Labels = Texts(json["labels"]),
                Metrics = Texts(JsonMember.Of(json, "metrics", "queries")),
                Results = Numbers(JsonMember.Of(json, "systemMetrics", "results")).Concat(Numbers(JsonMember.Of(json, "metrics", "results"))).DistinctBy(pair => pair.Key).ToDictionary(),
                ETag = etag ?? (JsonMember.Text(json, "etag") is { } tag ? $"\"{tag}\"" : null),
            };
        }

        /// <summary>The body of a PUT.</summary>
        public JsonObject ToJson()
        {
            return new JsonObject
            {
                ["id"] = Id,
                ["schemaVersion"] = "2.0",
                ["labels"] = Object(Labels),
                ["content"] = new JsonObject { ["deviceContent"] = Content.DeepClone() },
                ["targetCondition"] = Condition,
                ["priority"] = Priority,
                ["metrics"] = new JsonObject { ["queries"] = Object(Metrics), ["results"] = new JsonObject() },
            };
        }

        private static JsonObject Object(IReadOnlyDictionary<string, string> texts)
        {
            return new JsonObject(texts.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)));
        }

        private static Dictionary<string, string> Texts(JsonNode? node)
        {
            return node is JsonObject json ? json.Where(pair => pair.Value != null).ToDictionary(pair => pair.Key, pair => JsonMember.Text(pair.Value) ?? pair.Value!.ToJsonString()) : [];
        }

        private static Dictionary<string, long> Numbers(JsonNode? node)
        {
            return node is JsonObject json ? json.Where(pair => pair.Value is JsonValue value && value.TryGetValue(out long _)).ToDictionary(pair => pair.Key, pair => Math.Clamp((long)pair.Value!, 0, MostDevices)) : [];
        }
    }
}
