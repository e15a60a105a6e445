using System.Text.Json.Nodes;

namespace nanoOta.Tool.Fleet
{
    /// <summary>What became of a rollout: totals, failures, versions.</summary>
    internal sealed class FleetReport
    {
        // Ten pages: as many as fit the queries of half a minute on S1.
        private const int MostRows = 10000;

        private FleetReport(Rollout rollout, IReadOnlyList<DeviceRow> rows, long targeted, IReadOnlyDictionary<string, long> counts)
        {
            Rollout = rollout;
            Rows = rows;
            Targeted = targeted;
            Counts = counts;
        }

        /// <summary>The rollout.</summary>
        public Rollout Rollout { get; }

        /// <summary>The devices that were read: all, or in a large fleet those that failed.</summary>
        public IReadOnlyList<DeviceRow> Rows { get; }

        /// <summary>The devices of the group.</summary>
        public long Targeted { get; }

        /// <summary>How many are where: names of <see cref="DeviceProgress"/>.</summary>
        public IReadOnlyDictionary<string, long> Counts { get; }

        /// <summary>Whether the counts are the hub's metrics, up to five minutes old, because the fleet is large.</summary>
        public bool IsByMetrics => Rows.Count < Targeted;

        /// <summary>Those that failed or rolled back.</summary>
        public long Bad => Of(DeviceProgress.Failed) + Of(DeviceProgress.RolledBack);

        /// <summary>Those that have decided.</summary>
        public long Decided => Of(DeviceProgress.Applied) + Bad;

        /// <summary>Reads a rollout's state from the hub.</summary>
        public static async Task<FleetReport> ReadAsync(HubClient hub, Rollout rollout, DeviceConfiguration? configuration, CancellationToken stop)
        {
            long known = configuration?.Results.GetValueOrDefault("targetedCount") ?? 0;
            string condition = rollout.Group.Condition;
            if (known <= MostRows)
            {
                IReadOnlyList<JsonObject> rows = await hub.QueryAsync(DeviceRow.Query(condition), MostRows, stop).ConfigureAwait(false);
                if (rows.Count < MostRows)
                {
                    DeviceRow[] devices = [.. rows.Select(row => DeviceRow.Read(row, rollout.Version))];
                    return new FleetReport(rollout, devices, devices.Length, Enum.GetValues<DeviceProgress>().ToDictionary(progress => progress.ToString(), progress => devices.LongCount(device => device.Progress == progress)));
                }

                // There are more, and the hub has not counted them for this configuration yet: nobody is known to have decided.
                known = rows.Count + 1;
            }

            IReadOnlyDictionary<string, long> results = configuration?.Results ?? new Dictionary<string, long>();
            var counts = new Dictionary<string, long>
            {
                [nameof(DeviceProgress.Applied)] = results.GetValueOrDefault("applied"),
                [nameof(DeviceProgress.Downloading)] = results.GetValueOrDefault("downloading"),
                [nameof(DeviceProgress.Waiting)] = results.GetValueOrDefault("waiting"),
                [nameof(DeviceProgress.RolledBack)] = results.GetValueOrDefault("rolledBack"),
                [nameof(DeviceProgress.Failed)] = results.GetValueOrDefault("failed"),
            };
            counts[nameof(DeviceProgress.Open)] = Math.Max(0, known - counts.Values.Sum());
            IReadOnlyList<JsonObject> failed = await hub.QueryAsync(
                DeviceRow.Query($"{condition} AND properties.reported.ota.last.version = '{rollout.Version}' AND properties.reported.ota.last.code >= 100"), MostRows, stop).ConfigureAwait(false);
            return new FleetReport(rollout, [.. failed.Select(row => DeviceRow.Read(row, rollout.Version))], known, counts);
        }

        /// <summary>How many are there.</summary>
        public long Of(DeviceProgress progress) => Counts.GetValueOrDefault(progress.ToString());

        /// <summary>Totals first, then failures by code, then versions.</summary>
        public IEnumerable<string> Lines(int most)
        {
            string state = Rollout.State == RolloutState.Active ? Rollout.Plan.Count > 0 ? $"active, {string.Join(" % → ", Rollout.Plan)} %" : "active" : Rollout.State.ToString().ToLowerInvariant();
            yield return $"{Rollout.Group}: {Rollout.Version} at {Rollout.Percent} %, {state}, since {Rollout.Previous ?? "nothing known"} (configuration {Rollout.Id}, priority {Rollout.Priority})";
            yield return $"  {Targeted} devices: {Of(DeviceProgress.Failed)} failed, {Of(DeviceProgress.RolledBack)} rolled back, {Of(DeviceProgress.Applied)} applied, {Of(DeviceProgress.Downloading)} downloading, {Of(DeviceProgress.Waiting)} waiting, {Of(DeviceProgress.Open)} not begun, {Of(DeviceProgress.Silent)} never heard of"
                + (IsByMetrics ? ". Counted by the hub, up to five minutes ago." : "");
            if (Targeted == 0)
            {
                yield return $"  No device has these tags. Tag one: az iot hub device-twin update -n HUB -d DEVICE --tags '{{\"{DeviceGroup.ProductTag}\":\"{Rollout.Group.Product}\",\"{DeviceGroup.GroupTag}\":\"{Rollout.Group.Group}\"}}'";
            }

            foreach (IGrouping<ResultCode, DeviceRow> failure in Rows.Where(row => row.IsBad).GroupBy(row => row.Last).OrderByDescending(group => group.Count()))
            {
                yield return $"  {ResultText.Name(failure.Key)} ({(int)failure.Key}), {Devices(failure.Count())}: {ResultText.Sentence(failure.Key)} {Advice.For(failure.Key)}";
                foreach (DeviceRow row in failure.Take(most))
                {
                    yield return $"    {row.Id}  runs {row.Current ?? "?"}{(row.Time == null ? "" : $", {row.Time}")}{(row.Reason == null ? "" : $", reason '{row.Reason}'")}";
                }

                if (failure.Count() > most)
                {
                    yield return $"    and {failure.Count() - most} more: --all shows them";
                }
            }

            foreach (IGrouping<ResultCode, DeviceRow> waiting in Rows.Where(row => row.Progress == DeviceProgress.Waiting && row.Waiting != ResultCode.None).GroupBy(row => row.Waiting).OrderByDescending(group => group.Count()))
            {
                yield return $"  waiting, {ResultText.Name(waiting.Key)} ({(int)waiting.Key}), {Devices(waiting.Count())}: {ResultText.Sentence(waiting.Key)}";
            }

            if (!IsByMetrics && Rows.Count > 0)
            {
                yield return "  versions: " + string.Join(", ", Rows.GroupBy(row => row.Current ?? "unknown").OrderByDescending(group => group.Count()).Select(group => $"{group.Key} on {group.Count()}"));
            }
        }

        /// <summary>The same for programs.</summary>
        public JsonObject ToJson(bool withDevices)
        {
            var json = new JsonObject
            {
                ["product"] = Rollout.Group.Product,
                ["group"] = Rollout.Group.Group,
                ["version"] = Rollout.Version,
                ["state"] = Rollout.State.ToString().ToLowerInvariant(),
                ["percent"] = Rollout.Percent,
                ["previous"] = Rollout.Previous,
                ["configuration"] = Rollout.Id,
                ["devices"] = Targeted,
                ["byMetrics"] = IsByMetrics,
                ["counts"] = new JsonObject(Counts.Select(pair => KeyValuePair.Create(char.ToLowerInvariant(pair.Key[0]) + pair.Key[1..], (JsonNode?)pair.Value))),
                ["failures"] = new JsonArray([.. Rows.Where(row => row.IsBad).Select(row => (JsonNode)new JsonObject { ["device"] = row.Id, ["code"] = (int)row.Last, ["name"] = ResultText.Name(row.Last), ["reason"] = row.Reason, ["time"] = row.Time, ["current"] = row.Current })]),
            };
            if (withDevices)
            {
                json["rows"] = new JsonArray([.. Rows.Select(row => (JsonNode)new JsonObject { ["device"] = row.Id, ["progress"] = row.Progress.ToString(), ["current"] = row.Current, ["state"] = row.State })]);
            }

            return json;
        }

        private static string Devices(int count) => count == 1 ? "1 device" : $"{count} devices";
    }
}
