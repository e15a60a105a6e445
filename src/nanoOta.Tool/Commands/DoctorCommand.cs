using System.CommandLine;
using System.Text.Json.Nodes;
using nanoOta.Tool.Devices;
using nanoOta.Tool.Fleet;

namespace nanoOta.Tool.Commands
{
    /// <summary><c>nanoota doctor</c>.</summary>
    internal static class DoctorCommand
    {
        private const int MostConfigurations = 100;
        private const int MostRows = 1000;

        public static Command Create(CommandLine line)
        {
            var hubs = new HubOptions();
            var command = new Command("doctor", """
                Look for what keeps updates from devices: credentials and clock, missing tags, signatures that expire, devices that never reported or cannot read their twin, configurations that get in each other's way.

                Exits with 0 when nothing is wrong, 4 when something is.

                Example: nanoota doctor
                """);
            hubs.AddTo(command);
            return line.On(command, async (result, output, stop) =>
            {
                using HubClient hub = hubs.Open(result, line.SettingsOf(result), output);
                var found = new List<(bool Ok, string Name, string Sentence)>();
                IReadOnlyList<DeviceConfiguration> configurations = await hub.ConfigurationsAsync(stop);
                found.Add((true, "Hub", $"{hub.Name} answers, and the key and this computer's clock are accepted."));
                found.Add((configurations.Count < MostConfigurations * 9 / 10, "Configurations", $"{configurations.Count} of {MostConfigurations} that a hub has{(configurations.Count < MostConfigurations * 9 / 10 ? "." : ": delete those that are not needed any more.")}"));
                string untagged = $"NOT IS_DEFINED(tags.{DeviceGroup.ProductTag}) OR NOT IS_DEFINED(tags.{DeviceGroup.GroupTag})";
                Add(found, "Tags", await NamesAsync(hub, untagged, stop), "Every device has the tags product and group.", $"have no tag {DeviceGroup.ProductTag} or {DeviceGroup.GroupTag}, so that no rollout reaches them");
                Add(found, "Reports", await NamesAsync(hub, "NOT IS_DEFINED(properties.reported.ota)", stop), "Every device has reported.", "have never reported: not switched on yet, without nanoOta, or with a twin channel that cannot connect");
                Add(found, "Twins", await NamesAsync(hub, "properties.reported.ota.last.code = 107", stop), "Every device can read its twin.", $"cannot read their twin. {Advice.For(ResultCode.TwinUnreadable)} Until then: deploy --device ID --method");
                Add(found, "Requests", await FaultsAsync(hub, stop), "Every device can read its update request.", "cannot read the update request in their desired properties");
                (IReadOnlyList<(Rollout Rollout, DeviceConfiguration Configuration)> rollouts, IReadOnlyList<DamagedRollout> damaged) = await new Rollouts(hub).ListAsync(stop);
                found.AddRange(damaged.Select(one => (false, "Rollout", one.Failure.Message)));
                foreach ((Rollout rollout, DeviceConfiguration configuration) in rollouts.DistinctBy(pair => pair.Rollout.Group))
                {
                    await RolloutAsync(hub, found, rollout, configuration, configurations, stop);
                }

                foreach ((bool ok, string name, string sentence) in found.OrderBy(check => check.Ok))
                {
                    output.Line($"  {(ok ? '✓' : '✗')} {name}: {sentence}");
                    output.Json(new JsonObject { ["name"] = name, ["ok"] = ok, ["sentence"] = sentence });
                }

                return found.All(check => check.Ok) ? ExitCode.Done : ExitCode.Unsound;
            });
        }

        private static async Task RolloutAsync(HubClient hub, List<(bool Ok, string Name, string Sentence)> found, Rollout rollout, DeviceConfiguration configuration, IReadOnlyList<DeviceConfiguration> all, CancellationToken stop)
        {
            string name = $"Rollout to {rollout.Group}";
            string token = JsonMember.Text(configuration.Content, "properties.desired.updateToken") ?? "";
            string? end = token.Split('&').FirstOrDefault(part => part.StartsWith("se=", StringComparison.Ordinal));
            DateTimeOffset? expiry = end != null && DateTimeOffset.TryParse(Uri.UnescapeDataString(end[3..]), null, System.Globalization.DateTimeStyles.AssumeUniversal, out DateTimeOffset time) ? time : null;
            string renew = $"nanoota rollout {rollout.Group.Product} {rollout.Group.Group} --renew";
            if (rollout.State == RolloutState.Active && expiry != null)
            {
                double days = (expiry.Value - hub.Clock.GetUtcNow()).TotalDays;
                found.Add((days >= 1, name, days < 0 ? $"the signature for the storage expired {-days:F1} days ago: devices get AccessDenied. {renew}" : days < 1 ? $"the signature for the storage expires in {days * 24:F0} hours: {renew}" : $"the signature for the storage lasts {days:F0} days more."));
            }

            FleetReport report = await FleetReport.ReadAsync(hub, rollout, configuration, stop);
            found.Add((report.Targeted > 0 && report.Bad == 0, name, report.Targeted == 0 ? "no device has these tags." : report.Bad == 0 ? $"{report.Of(DeviceProgress.Applied)} of {report.Targeted} devices run {rollout.Version}, and none failed." : $"{report.Bad} of {report.Targeted} devices failed: nanoota status {rollout.Group.Product} {rollout.Group.Group}"));
            DeviceConfiguration[] rivals = [.. all.Where(other => other.Id != rollout.Id && other.Priority >= rollout.Priority && other.Content.Any(pair => pair.Key.StartsWith("properties.desired.update", StringComparison.Ordinal)) && (other.Condition == rollout.Group.Condition || other.Condition == "*"))];
            if (rivals.Length > 0)
            {
                found.Add((false, name, $"configuration {rivals[0].Id} has priority {rivals[0].Priority} and wins over {rollout.Id} with {rollout.Priority}. Delete it, or deploy with a higher --priority."));
            }
        }

        private static async Task<string[]> NamesAsync(HubClient hub, string condition, CancellationToken stop)
        {
            IReadOnlyList<JsonObject> rows = await hub.QueryAsync($"SELECT deviceId FROM devices WHERE {condition}", MostRows, stop);
            return [.. rows.Select(DeviceRow.IdOf)];
        }

        // A device reports a code; which property it means is seen from its twin.
        private static async Task<string[]> FaultsAsync(HubClient hub, CancellationToken stop)
        {
            const string Query = "SELECT deviceId, properties.desired FROM devices WHERE properties.reported.ota.last.code >= 100 AND properties.reported.ota.last.code <= 104";
            IReadOnlyList<JsonObject> rows = await hub.QueryAsync(Query, MostRows, stop);
            return [.. rows.Select(row => (Id: DeviceRow.IdOf(row), Faults: RequestFaults.Of(row["desired"]?.ToJsonString() ?? "{}").ToArray())).Where(row => row.Faults.Length > 0)
                .Select(row => $"{row.Id} ({string.Join(' ', row.Faults)})")];
        }

        private static void Add(List<(bool Ok, string Name, string Sentence)> found, string name, string[] devices, string well, string ill)
        {
            string who = devices.Length <= 5 ? string.Join(", ", devices) : $"{string.Join(", ", devices.Take(5))} and {devices.Length - 5}{(devices.Length >= MostRows ? " or more" : "")} others";
            found.Add((devices.Length == 0, name, devices.Length == 0 ? well : $"{who} {ill}."));
        }
    }
}
