using System.Globalization;
using System.Text.Json.Nodes;

namespace nanoOta.Tool.Fleet
{
    /// <summary>
    /// Watches a rollout that has a plan, widens it when the devices so far took the version, and pauses it when too many did not.
    /// It keeps nothing: where the rollout is stands at the hub, so that it can be ended at any time and begun again anywhere.
    /// </summary>
    internal sealed class Canary(HubClient hub, Output output)
    {
        private readonly Rollouts _rollouts = new(hub);

        /// <summary>The time between two looks.</summary>
        public TimeSpan Poll { get; init; } = TimeSpan.FromSeconds(10);

        /// <summary>How long a step lasts at the most, once a device took the version: devices that are switched off never decide.</summary>
        public TimeSpan Longest { get; init; } = TimeSpan.FromHours(24);

        /// <summary>Whether so many failures pause a rollout.</summary>
        /// <param name="pauseAt">"2" devices, or "2%" of those that decided; null: none do.</param>
        /// <param name="bad">How many failed.</param>
        /// <param name="decided">How many decided.</param>
        public static bool IsTooMany(string? pauseAt, long bad, long decided)
        {
            return pauseAt != null && bad > 0 && (pauseAt.EndsWith('%') ? bad * 100.0 >= double.Parse(pauseAt[..^1], CultureInfo.InvariantCulture) * decided : bad >= long.Parse(pauseAt, CultureInfo.InvariantCulture));
        }

        /// <summary>Goes on until everybody has decided at the last step.</summary>
        /// <returns><see cref="ExitCode.Done"/>, or <see cref="ExitCode.Paused"/> when it paused.</returns>
        public async Task<ExitCode> RunAsync(DeviceGroup group, CancellationToken stop)
        {
            long began = hub.Clock.GetTimestamp();
            string said = "";
            while (true)
            {
                (Rollout rollout, string? token) = await _rollouts.RequireAsync(group, stop).ConfigureAwait(false);
                if (rollout.State != RolloutState.Active)
                {
                    throw new Failure(ExitCode.Paused, $"the rollout of {rollout.Version} to {group} is {rollout.State.ToString().ToLowerInvariant()}. Go on with: nanoota rollout {group.Product} {group.Group} --resume");
                }

                DeviceConfiguration? configuration = await hub.ConfigurationAsync(rollout.Id, stop).ConfigureAwait(false);
                FleetReport report = await FleetReport.ReadAsync(hub, rollout, configuration, stop).ConfigureAwait(false);
                said = Say(report, said);
                if (IsTooMany(rollout.PauseAt, report.Bad, report.Decided))
                {
                    return await PauseAsync(report, rollout).ConfigureAwait(false);
                }

                if (IsSettled(report, hub.Clock.GetElapsedTime(began)))
                {
                    int? next = rollout.Plan.Where(step => step > rollout.Percent).Cast<int?>().FirstOrDefault();
                    if (next == null)
                    {
                        Tell($"{rollout.Version} is rolled out to {group}: {report.Of(DeviceProgress.Applied)} of {report.Targeted} devices run it, {report.Bad} failed.", "finished", rollout);
                        return ExitCode.Done;
                    }

                    Rollout wider = await _rollouts.WriteAsync(rollout with { Percent = next.Value }, token, rollout.Priority + 1, rollout.Number, stop).ConfigureAwait(false);
                    Tell($"{report.Of(DeviceProgress.Applied)} devices took {rollout.Version}: widened from {rollout.Percent} to {wider.Percent} %.", "widened", wider);
                    began = hub.Clock.GetTimestamp();
                    continue;
                }

                await hub.Delay(Poll, stop).ConfigureAwait(false);
            }
        }

        // Not given up halfway: devices that go on installing are what the pause is for.
        private async Task<ExitCode> PauseAsync(FleetReport report, Rollout rollout)
        {
            Rollout paused = await _rollouts.WriteAsync(rollout with { State = RolloutState.Paused }, null, rollout.Priority + 1, rollout.Number, CancellationToken.None).ConfigureAwait(false);
            foreach (string line in report.Lines(5))
            {
                output.Line(line);
            }

            output.Json(report.ToJson(withDevices: false));
            Tell($"PAUSED: {report.Bad} devices of {report.Decided} that decided failed; the limit is {rollout.PauseAt}. The request is taken from the twins; those that run {rollout.Version} keep it.", "paused", paused);
            Tell($"Take it back with 'nanoota rollback {rollout.Group.Product} {rollout.Group.Group}', or go on with 'nanoota rollout {rollout.Group.Product} {rollout.Group.Group} --resume'.", "advice", paused);
            return ExitCode.Paused;
        }

        private bool IsSettled(FleetReport report, TimeSpan lasted)
        {
            if (report.IsByMetrics)
            {
                return report.Targeted > 0 && (report.Decided >= report.Targeted * report.Rollout.Percent / 100.0 || (lasted >= Longest && report.Of(DeviceProgress.Applied) > 0));
            }

            DeviceRow[] taken = [.. report.Rows.Where(row => report.Rollout.TakesIn(row.Id))];

            // A percentage of a small group can be nobody; that says nothing about the version, and does not keep the rollout.
            bool isNobody = taken.Length == 0 && report.Rows.Count > 0;
            return isNobody || (taken.Length > 0 && taken.All(row => row.IsDecided)) || (lasted >= Longest && taken.Any(row => row.Progress == DeviceProgress.Applied));
        }

        private string Say(FleetReport report, string said)
        {
            string line = report.Lines(0).ElementAt(1).Trim();
            if (line != said)
            {
                Tell($"{report.Rollout.Percent} %: {line}", "progress", report.Rollout, report);
            }

            return line;
        }

        private void Tell(string line, string what, Rollout rollout, FleetReport? report = null)
        {
            output.Line($"{hub.Clock.GetLocalNow():HH:mm:ss} {line}");
            JsonObject json = new() { ["event"] = what, ["version"] = rollout.Version, ["percent"] = rollout.Percent, ["configuration"] = rollout.Id };
            if (report != null)
            {
                json["counts"] = report.ToJson(withDevices: false)["counts"]!.DeepClone();
            }

            output.Json(json);
        }
    }
}
