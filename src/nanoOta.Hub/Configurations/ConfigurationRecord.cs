using System.Text.Json.Nodes;

namespace nanoOta.Hub
{
    /// <summary>A configuration of automatic device management, as it is kept.</summary>
    internal sealed class ConfigurationRecord
    {
        private readonly JsonObject _json;

        /// <summary>Makes a new one from a checked body.</summary>
        public ConfigurationRecord(string id, JsonObject body, DateTime now)
        {
            _json = new JsonObject
            {
                ["id"] = id,
                ["schemaVersion"] = null,
                ["labels"] = new JsonObject(),
                ["content"] = body["content"]!.DeepClone(),
                ["contentType"] = null,
                ["targetCondition"] = "",
                ["createdTimeUtc"] = HubClock.Text(now),
                ["lastUpdatedTimeUtc"] = null,
                ["priority"] = 0,
                ["systemMetrics"] = null,
                ["metrics"] = null,
            };
            Id = id;
            Created = now;
            Take(body, now);
        }

        private ConfigurationRecord(JsonObject saved)
        {
            _json = (JsonObject)saved["document"]!.DeepClone();
            Id = (string)_json["id"]!;
            Created = new DateTime((long)saved["created"]!, DateTimeKind.Utc);
            Counter = (long)saved["counter"]!;
            TargetCondition = (string)_json["targetCondition"]!;
        }

        public string Id { get; }

        public DateTime Created { get; }

        public long Counter { get; private set; }

        public string ETag => ETags.OfCounter(Counter);

        public int Priority => (int)_json["priority"]!;

        public string TargetCondition { get; private set; } = "";

        /// <summary>Dotted paths below the desired properties, with values; null removes.</summary>
        public IEnumerable<(string[] Path, JsonNode? Value)> DeviceContent
        {
            get
            {
                return _json["content"]?["deviceContent"] is not JsonObject content ? []
                    : content.Select(member => (member.Key.Split('.')[2..], member.Value));
            }
        }

        /// <summary>The metric queries of its owner, by name.</summary>
        public IEnumerable<(string Name, string Query)> Metrics
        {
            get
            {
                return _json["metrics"]?["queries"] is not JsonObject queries ? []
                    : queries.Select(query => (query.Key, (string)query.Value!));
            }
        }

        /// <summary>When it is evaluated next.</summary>
        public DateTime EvaluationDue { get; set; }

        public static ConfigurationRecord Load(JsonObject saved) => new(saved);

        public JsonObject Save() => new() { ["document"] = _json.DeepClone(), ["created"] = Created.Ticks, ["counter"] = Counter };

        /// <summary>The document, with its ETag.</summary>
        public JsonObject Document()
        {
            var json = (JsonObject)_json.DeepClone();
            json["etag"] = ETag;
            return json;
        }

        /// <summary>Takes what may change from a checked body. Its content is not looked at: it never changes.</summary>
        /// <exception cref="HubError">The body is not as it must be; the configuration has not changed.</exception>
        public void Take(JsonObject body, DateTime now)
        {
            string condition = HubText.Text(body, "targetCondition") ?? "";
            string? schema = HubText.Text(body, "schemaVersion");
            JsonNode labels = HubText.Member(body, "labels")?.DeepClone() ?? new JsonObject();
            int priority = HubText.Number(body, "priority") ?? 0;
            JsonNode queries = (HubText.Member(body, "metrics") is { } metrics ? HubText.Member(metrics, "queries") : null)?.DeepClone() ?? new JsonObject();
            if (condition != TargetCondition || Counter == 0)
            {
                TargetCondition = condition;
                SetSystemMetrics(new JsonObject());
            }

            Counter++;
            _json["targetCondition"] = condition;
            _json["schemaVersion"] = schema;
            _json["labels"] = labels;
            _json["priority"] = priority;
            _json["lastUpdatedTimeUtc"] = HubClock.Text(now);
            JsonNode? results = _json["metrics"]?["results"]?.DeepClone();
            _json["metrics"] = new JsonObject
            {
                ["results"] = results ?? new JsonObject(),
                ["queries"] = queries,
            };
        }

        /// <summary>Notes what the last evaluation counted.</summary>
        public void SetResults(int targeted, int applied, JsonObject metrics)
        {
            SetSystemMetrics(new JsonObject { ["targetedCount"] = targeted, ["appliedCount"] = applied });
            _json["metrics"]!["results"] = metrics;
        }

        private void SetSystemMetrics(JsonObject results)
        {
            string where = TargetCondition is "*" or "" ? "" : $" where {TargetCondition}";
            _json["systemMetrics"] = new JsonObject
            {
                ["results"] = results,
                ["queries"] = new JsonObject
                {
                    ["targetedCount"] = $"select deviceId from devices{where}",
                    ["appliedCount"] = $"select deviceId from devices where configurations.[[{Id}]].status = 'Applied'",
                },
            };
        }
    }
}
