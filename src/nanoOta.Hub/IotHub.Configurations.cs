using System.Text.Json.Nodes;

namespace nanoOta.Hub
{
    /// <content>Automatic device management.</content>
    public sealed partial class IotHub
    {
        /// <summary>All configurations.</summary>
        public JsonArray ListConfigurations()
        {
            lock (_lock)
            {
                return [.. _configurations.Values.Select(configuration => configuration.Document())];
            }
        }

        /// <summary>A configuration.</summary>
        /// <exception cref="HubError">There is none.</exception>
        public HubDocument GetConfiguration(string id)
        {
            lock (_lock)
            {
                return Document(Configuration(id));
            }
        }

        /// <summary>Makes a configuration, or with a condition changes one. Changed content is not taken, and not refused.</summary>
        /// <param name="id">The configuration.</param>
        /// <param name="body">The configuration; its content is required.</param>
        /// <param name="ifMatch">The ETag in quotes, or *; null: there must be no such configuration.</param>
        /// <exception cref="HubError">The hub refuses it.</exception>
        public HubDocument PutConfiguration(string id, JsonObject body, string? ifMatch)
        {
            ConfigurationRules.Check(id, body);
            lock (_lock)
            {
                DateTime now = Clock.UtcNow;
                ConfigurationRecord? configuration = _configurations.GetValueOrDefault(id);
                if (ifMatch == null)
                {
                    if (configuration != null || _configurations.Count >= ConfigurationRules.Most)
                    {
                        throw configuration != null ? AlreadyExists(id) : new HubError(403, "ConfigurationCountLimitExceeded", 0, $"A hub has {ConfigurationRules.Most} configurations at the most.");
                    }

                    configuration = new ConfigurationRecord(id, body, now) { EvaluationDue = now + Options.FirstEvaluation };
                    _configurations[id] = configuration;
                }
                else
                {
                    CheckMatch(configuration ?? throw NotFound(id), ifMatch);
                    string before = configuration.TargetCondition;
                    configuration.Take(body, now);
                    configuration.EvaluationDue = configuration.TargetCondition == before ? configuration.EvaluationDue : now + Options.FirstEvaluation;
                }

                _unsaved.Add((ConfigurationKind, id));
                return Document(configuration);
            }
        }

        /// <summary>Deletes a configuration. The desired properties that it wrote stay.</summary>
        /// <exception cref="HubError">The hub refuses it.</exception>
        public void DeleteConfiguration(string id, string? ifMatch)
        {
            lock (_lock)
            {
                ConfigurationRecord configuration = Configuration(id);
                if (ifMatch != null)
                {
                    CheckMatch(configuration, ifMatch);
                }

                _configurations.Remove(id);
                _unsaved.Add((ConfigurationKind, id));
                foreach (DeviceRecord device in _devices.Values)
                {
                    if (device.Configurations.Remove(id))
                    {
                        Changed(device);
                    }
                }
            }
        }

        /// <summary>Says what is wrong with a condition and with metric queries; an empty object says nothing.</summary>
        public static JsonObject TestQueries(JsonObject body)
        {
            string condition = HubText.Text(body, "targetCondition") ?? "";
            string? error = condition.Length == 0 ? null : condition == "*" ? "the target condition '*' is not understood" : ConfigurationRules.ConditionError(condition);
            JsonObject errors = [];
            JsonObject queries = HubText.Member(body, "customMetricQueries") ?? [];
            foreach ((string name, _) in queries)
            {
                if (ConfigurationRules.MetricError(HubText.Text(queries, name) ?? "") is { } metricError)
                {
                    errors[name] = metricError;
                }
            }

            return new JsonObject { ["targetConditionError"] = error, ["customMetricQueryErrors"] = errors };
        }

        private void EvaluateDue(DateTime now)
        {
            List<ConfigurationRecord> due = [.. _configurations.Values.Where(configuration => configuration.EvaluationDue <= now)];
            if (due.Count == 0)
            {
                return;
            }

            foreach (ConfigurationRecord configuration in due)
            {
                configuration.EvaluationDue = now + Options.Evaluation;
                _unsaved.Add((ConfigurationKind, configuration.Id));
            }

            Dictionary<ConfigurationRecord, HashSet<DeviceRecord>> targeted = due.ToDictionary(configuration => configuration, Targets);
            foreach (DeviceRecord device in _devices.Values)
            {
                Apply(device, targeted);
            }

            foreach (ConfigurationRecord configuration in due)
            {
                Count(configuration);
            }
        }

        private HashSet<DeviceRecord> Targets(ConfigurationRecord configuration)
        {
            string condition = configuration.TargetCondition;
            if (condition == "*")
            {
                return [.. _devices.Values];
            }

            if (condition.Length == 0 || ConfigurationRules.WithoutSource(condition) != condition)
            {
                return [];
            }

            if (ConfigurationRules.ConditionError(condition) != null)
            {
                // From the state of an earlier version of the hub, which understood it.
                return [];
            }

            QueryExpression where = QueryParser.Condition(condition, out _);
            return [.. _devices.Values.Where(device => where(QueryRow.Of(device)) is true)];
        }

        // The configurations that are due take hold or let go; those that are not, count as they are when priorities are compared.
        private void Apply(DeviceRecord device, Dictionary<ConfigurationRecord, HashSet<DeviceRecord>> targeted)
        {
            bool isTouched = false;
            foreach ((ConfigurationRecord configuration, HashSet<DeviceRecord> devices) in targeted)
            {
                bool has = device.Configurations.ContainsKey(configuration.Id);
                isTouched |= has || devices.Contains(device);
                if (!devices.Contains(device) && has)
                {
                    device.Configurations.Remove(configuration.Id);
                    Changed(device);
                }
                else if (devices.Contains(device) && !has)
                {
                    device.Configurations[configuration.Id] = "Targeted";
                    Changed(device);
                }
            }

            if (!isTouched)
            {
                return;
            }

            var taken = new List<string[]>();
            JsonObject patch = [];
            foreach (ConfigurationRecord configuration in device.Configurations.Keys.Select(id => _configurations[id]).OrderByDescending(c => c.Priority).ThenByDescending(c => c.Created))
            {
                List<(string[] Path, JsonNode? Value)> content = [.. configuration.DeviceContent.Where(item => !taken.Any(path => Overlap(path, item.Path)))];
                string status = content.Count == configuration.DeviceContent.Count() ? "Applied" : "Targeted";
                if (device.Configurations[configuration.Id] != status)
                {
                    device.Configurations[configuration.Id] = status;
                    Changed(device);
                }

                foreach ((string[] path, JsonNode? value) in content)
                {
                    taken.Add(path);
                    ConfigurationPatch.Add(patch, device.Desired.Values, path, value);
                }
            }

            if (patch.Count > 0)
            {
                WriteDesired(device, patch, replaces: false);
                device.TwinCounter++;
                device.Version++;
                Changed(device);
            }
        }

        private void Count(ConfigurationRecord configuration)
        {
            int targeted = _devices.Values.Count(device => device.Configurations.ContainsKey(configuration.Id));
            int applied = _devices.Values.Count(device => device.Configurations.GetValueOrDefault(configuration.Id) == "Applied");
            JsonObject results = [];
            foreach ((string name, string query) in configuration.Metrics.Where(metric => ConfigurationRules.MetricError(metric.Query) == null))
            {
                Query read = QueryParser.Query(query);
                results[name] = read.IsSummary ? read.Run(Rows(read.Source)).Count() : read.Matches(Rows(read.Source)).Count();
            }

            configuration.SetResults(targeted, applied, results);
        }

        private static bool Overlap(string[] a, string[] b) => a.AsSpan(0, Math.Min(a.Length, b.Length)).SequenceEqual(b.AsSpan(0, Math.Min(a.Length, b.Length)));

        private static void CheckMatch(ConfigurationRecord configuration, string ifMatch)
        {
            if (ifMatch == configuration.ETag)
            {
                // The unquoted form of the right ETag is misunderstood by IoT Hub, with a misleading answer.
                throw AlreadyExists(configuration.Id);
            }

            if (!ifMatch.StartsWith('"') && !ETags.IsAny(ifMatch))
            {
                throw AlreadyExists(configuration.Id);
            }

            ETags.RequireQuoted(ifMatch, configuration.ETag);
        }

        private ConfigurationRecord Configuration(string id) => _configurations.GetValueOrDefault(id) ?? throw NotFound(id);

        private static HubError NotFound(string id) => new(404, "ConfigurationNotFound", 0, $"Configuration {id} not found.");

        private static HubError AlreadyExists(string id) => new(409, "ConfigurationAlreadyExists", 0, $"A configuration with ID '{id}' already exists.");

        private static HubDocument Document(ConfigurationRecord configuration) => new(configuration.Document(), configuration.ETag);
    }
}
