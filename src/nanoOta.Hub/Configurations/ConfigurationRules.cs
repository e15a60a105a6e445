using System.Text.Json.Nodes;

namespace nanoOta.Hub
{
    /// <summary>What a configuration may look like.</summary>
    internal static class ConfigurationRules
    {
        public const int Most = 100;
        private const int MaxId = 128;
        private const int MaxMetrics = 5;
        private const string Prefix = "properties.desired";

        /// <summary>Checks an id and a body.</summary>
        /// <exception cref="HubError">Something is not as it must be.</exception>
        public static void Check(string id, JsonObject body)
        {
            if (id.Length is 0 or > MaxId || id.Any(c => !(char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || "-+%_*!'".Contains(c))))
            {
                throw HubError.Argument($"Configuration id '{id}': 1 to {MaxId} lower-case letters, digits and -+%_*!'.");
            }

            if (HubText.Text(body, "id") is { } inner && inner != id)
            {
                throw HubError.Argument($"The body is of configuration '{inner}', the URL of '{id}'.");
            }

            CheckContent(HubText.Member(body, "content") ?? throw InvalidContent("content is required in every PUT."));
            HubText.Number(body, "priority");
            HubText.Text(body, "schemaVersion");
            HubText.Member(body, "labels");
            string condition = HubText.Text(body, "targetCondition") ?? "";
            if (condition != "*" && ConditionError(condition) is { } error)
            {
                throw new HubError(400, "InvalidConfigurationTargetCondition", 0, error);
            }

            if (HubText.Member(body, "metrics") is { } metrics && HubText.Member(metrics, "queries") is { } queries)
            {
                CheckMetrics(queries);
            }
        }

        /// <summary>What is wrong with a condition; null: nothing.</summary>
        public static string? ConditionError(string condition)
        {
            try
            {
                QueryParser.Condition(WithoutSource(condition), out IReadOnlyList<string[]> paths);
                string[]? other = paths.FirstOrDefault(path => path[0] is not ("deviceId" or "tags") && !(path[0] == "properties" && path.Length > 2 && path[1] == "reported")
                    && !(condition != WithoutSource(condition) && path[0] == "moduleId"));
                return other == null ? null : $"a target condition is over deviceId, tags and properties.reported, not {string.Join('.', other)}";
            }
            catch (QueryException e)
            {
                return $"the target condition '{condition}' is not understood: {e.Message}";
            }
        }

        /// <summary>What is wrong with a metric query; null: nothing.</summary>
        public static string? MetricError(string query)
        {
            try
            {
                QueryParser.Query(query);
                return null;
            }
            catch (QueryException e)
            {
                return e.Message;
            }
        }

        /// <summary>A condition without <c>from devices.modules where</c>, which one for modules begins with.</summary>
        public static string WithoutSource(string condition)
        {
            string trimmed = condition.TrimStart();
            const string Modules = "from devices.modules where ";
            return trimmed.StartsWith(Modules, StringComparison.OrdinalIgnoreCase) ? trimmed[Modules.Length..] : condition;
        }

        private static void CheckContent(JsonObject content)
        {
            string[] kinds = [.. new[] { "deviceContent", "moduleContent", "modulesContent" }.Where(kind => content[kind] is JsonObject { Count: > 0 })];
            if (kinds.Length != 1)
            {
                throw InvalidContent("exactly one of deviceContent, moduleContent and modulesContent is required.");
            }

            if (kinds[0] != "deviceContent")
            {
                return;
            }

            foreach ((string path, JsonNode? value) in (JsonObject)content[kinds[0]]!)
            {
                if (!path.StartsWith($"{Prefix}.", StringComparison.Ordinal) || path.Split('.').Any(name => name.Length == 0))
                {
                    throw InvalidContent($"'{path}' does not begin with {Prefix}.");
                }

                CheckValue(path, value);
            }
        }

        // What it would write into an empty twin must be a twin.
        private static void CheckValue(string path, JsonNode? value)
        {
            JsonObject patch = [];
            ConfigurationPatch.Add(patch, [], path.Split('.')[2..], value);
            try
            {
                TwinRules.CheckAll(patch, TwinRules.MaxProperties, "desired properties");
            }
            catch (HubError error)
            {
                throw InvalidContent(error.Message);
            }
        }

        private static void CheckMetrics(JsonObject queries)
        {
            if (queries.Count > MaxMetrics)
            {
                throw HubError.Argument($"{queries.Count} metrics: {MaxMetrics} are allowed.");
            }

            foreach ((string name, JsonNode? query) in queries)
            {
                if (query is not JsonValue value || !value.TryGetValue(out string? text) || MetricError(text) is not null)
                {
                    throw HubError.Argument($"The query of metric '{name}' is not understood.");
                }
            }
        }

        private static HubError InvalidContent(string sentence) => new(400, "InvalidConfigurationContent", 0, $"The configuration's content: {sentence}");
    }
}
