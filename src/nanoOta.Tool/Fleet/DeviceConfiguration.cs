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
        /// <summary>What the tool keeps there.</summary>
        public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

        /// <summary>Metric queries by name, at most five.</summary>
        public IReadOnlyDictionary<string, string> Metrics { get; init; } = new Dictionary<string, string>();

        /// <summary>What the hub counted last by the metrics and its own; empty until the first evaluation.</summary>
        public IReadOnlyDictionary<string, long> Results { get; init; } = new Dictionary<string, long>();

        /// <summary>The state that was read, quoted; null: none was.</summary>
        public string? ETag { get; init; }

        /// <summary>Reads one as the hub sends it.</summary>
        public static DeviceConfiguration Read(JsonObject json, string? etag)
        {
            return new DeviceConfiguration((string)json["id"]!, json["content"]?["deviceContent"]?.DeepClone() as JsonObject ?? [], (string?)json["targetCondition"] ?? "", (int?)json["priority"] ?? 0)
            {
                Labels = Texts(json["labels"]),
                Metrics = Texts(json["metrics"]?["queries"]),
                Results = Numbers(json["systemMetrics"]?["results"]).Concat(Numbers(json["metrics"]?["results"])).DistinctBy(pair => pair.Key).ToDictionary(),
                ETag = etag ?? ((string?)json["etag"] is { } tag ? $"\"{tag}\"" : null),
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
            return node is JsonObject json ? json.Where(pair => pair.Value is JsonValue value && value.TryGetValue(out string? _)).ToDictionary(pair => pair.Key, pair => (string)pair.Value!) : [];
        }

        private static Dictionary<string, long> Numbers(JsonNode? node)
        {
            return node is JsonObject json ? json.Where(pair => pair.Value is JsonValue value && value.TryGetValue(out long _)).ToDictionary(pair => pair.Key, pair => (long)pair.Value!) : [];
        }
    }
}
