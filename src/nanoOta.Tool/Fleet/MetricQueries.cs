namespace nanoOta.Tool.Fleet
{
    /// <summary>The five metrics of a configuration: what became of a version in a group. A hub evaluates them every five minutes.</summary>
    internal static class MetricQueries
    {
        private const string Ota = "properties.reported.ota";

        /// <summary>The queries by name.</summary>
        public static IReadOnlyDictionary<string, string> For(string condition, string version)
        {
            string from = $"SELECT deviceId FROM devices WHERE {condition} AND";
            string confirmed = string.Join(" AND ", DeviceRow.Unconfirmed.Select(state => $"{Ota}.state != '{state}'"));
            string unconfirmed = string.Join(", ", DeviceRow.Unconfirmed.Select(state => $"'{state}'"));
            return new Dictionary<string, string>
            {
                ["applied"] = $"{from} {Ota}.current = '{version}' AND {confirmed}",
                ["downloading"] = $"{from} ({Ota}.target = '{version}' AND {Ota}.state IN ['checking', 'downloading', 'verifying', 'activating', 'rebooting', 'trial', 'confirming'] OR {Ota}.current = '{version}' AND {Ota}.state IN [{unconfirmed}])",
                ["waiting"] = $"{from} {Ota}.target = '{version}' AND {Ota}.state = 'waiting'",
                ["rolledBack"] = $"{from} {Ota}.current != '{version}' AND {Ota}.last.version = '{version}' AND {Ota}.last.code >= 700 AND {Ota}.last.code < 800",
                ["failed"] = $"{from} {Ota}.current != '{version}' AND {Ota}.last.version = '{version}' AND ({Ota}.last.code >= 100 AND {Ota}.last.code < 700 OR {Ota}.last.code >= 800)",
            };
        }
    }
}
