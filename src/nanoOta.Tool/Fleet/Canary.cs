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
        private long _began;
        private int? _step;
        private string _said = "";
        private string? _pausedWhy;

        /// <summary>The time between two looks.</summary>
        public TimeSpan Poll { get; init; } = TimeSpan.FromSeconds(10);

        /// <summary>How long a step lasts at the most, once a device took the version: devices that are switched off never decide.</summary>
        public TimeSpan Longest { get; init; } = TimeSpan.FromHours(24);

        /// <summary>Goes on until everybody has decided at the last step, also over breaks of the network.</summary>
        /// <returns><see cref="ExitCode.Done"/>, or <see cref="ExitCode.Paused"/> when it paused.</returns>
        public async Task<ExitCode> RunAsync(DeviceGroup group, CancellationToken stop)
        {
            var breaks = new Breaks(hub.Name, hub.Delay, output, Poll);
            while (true)
            {
                Failure? broken = null;
                try
                {
                    if (await LookAsync(group, stop).ConfigureAwait(false) is { } end)
                    {
                        return end;
                    }
                }
                catch (Failure failure) when (Breaks.Pass(failure))
                {
                    broken = failure;
                }

                await breaks.WaitAsync(broken, stop).ConfigureAwait(false);
            }
        }

        // One look: null while there is something to wait for.
        private async Task<ExitCode?> LookAsync(DeviceGroup group, CancellationToken stop)
        {
            (Rollout rollout, string? token) = await _rollouts.RequireAsync(group, stop).ConfigureAwait(false);
            if (rollout.State != RolloutState.Active && (_pausedWhy == null || rollout.State != RolloutState.Paused))
            {
                throw rollout.NotActive();
            }

            DeviceConfiguration? configuration = await hub.ConfigurationAsync(rollout.Id, stop).ConfigureAwait(false);
            FleetReport report = await FleetReport.ReadAsync(hub, rollout, configuration, stop).ConfigureAwait(false);
            if (rollout.State == RolloutState.Paused)
            {
                // Written by the look before, whose answer was lost.
                return await PauseAsync(report, _pausedWhy!).ConfigureAwait(false);
            }

            if (rollout.Percent != _step)
            {
                // Somebody else may have widened it; so may this one, in a step whose answer was lost.
                _step = rollout.Percent;
                _began = hub.Clock.GetTimestamp();
            }

            _said = Say(report, _said);
            if (FailureLimit.IsReached(rollout.PauseAt, report.Bad, report.Decided))
            {
                return await PauseAsync(report, $"{report.Bad} devices of {report.Decided} that decided failed; the limit is {rollout.PauseAt}").ConfigureAwait(false);
            }

            DeviceRow[] taken = [.. report.Rows.Where(row => rollout.TakesIn(row.Id))];
            long applied = report.IsByMetrics ? report.Of(DeviceProgress.Applied) : taken.LongCount(row => row.Progress == DeviceProgress.Applied);
            if (!IsSettled(report, taken, applied, hub.Clock.GetElapsedTime(_began)))
            {
                return null;
            }

            if (applied == 0)
            {
                return await PauseAsync(report, $"none of the {report.Decided} devices that decided took {rollout.Version}").ConfigureAwait(false);
            }

            int? next = rollout.Plan.Where(step => step > rollout.Percent).Cast<int?>().FirstOrDefault();
            if (next == null)
            {
                await _rollouts.MarkGoodAsync(rollout, configuration, stop).ConfigureAwait(false);
                Tell($"{rollout.Version} is rolled out to {group}: {report.Of(DeviceProgress.Applied)} of {report.Targeted} devices run it, {report.Bad} failed.", "finished", rollout);
                return ExitCode.Done;
            }

            Rollout wider = await _rollouts.WriteAsync(rollout with { Percent = next.Value }, token, rollout.Priority + 1, rollout.Number, stop).ConfigureAwait(false);
            Tell($"{report.Of(DeviceProgress.Applied)} devices took {rollout.Version}: widened from {rollout.Percent} to {wider.Percent} %.", "widened", wider);
            return null;
        }

        // Not given up halfway: devices that go on installing are what the pause is for.
        private async Task<ExitCode> PauseAsync(FleetReport report, string why)
        {
            Rollout rollout = report.Rollout;
            _pausedWhy = why;
            Rollout paused = rollout.State == RolloutState.Paused ? rollout
                : await _rollouts.WriteAsync(rollout with { State = RolloutState.Paused, IsGood = false }, null, rollout.Priority + 1, rollout.Number, CancellationToken.None).ConfigureAwait(false);
            foreach (string line in report.Lines(5))
            {
                output.Line(line);
            }

            output.Json(report.ToJson(withDevices: false));
            string group = $"{rollout.Group.Product} {rollout.Group.Group}";
            Tell($"PAUSED: {why}. The request is taken from the twins; those that run {rollout.Version} keep it.", "paused", paused);
            Tell($"Take it back with 'nanoota rollback {group}', or go on with 'nanoota rollout {group} --resume', which pauses again unless a higher --pause-on-failure goes with it.", "advice", paused);
            return ExitCode.Paused;
        }

        private bool IsSettled(FleetReport report, DeviceRow[] taken, long applied, TimeSpan lasted)
        {
            bool isLong = lasted >= Longest && applied > 0;
            if (report.IsByMetrics)
            {
                // A percentage of the devices, give or take four standard deviations: which ones is decided by their ids.
                double part = report.Rollout.Percent / 100.0;
                double expected = (report.Targeted * part) - (4 * Math.Sqrt(report.Targeted * part * (1 - part)));
                return report.Targeted > 0 && (isLong || report.Decided >= Math.Max(1, expected));
            }

            return taken.Length > 0 && (isLong || taken.All(row => row.IsDecided));
        }

        private string Say(FleetReport report, string said)
        {
            string line = report.Lines(0).ElementAt(1).Trim();
            Rollout rollout = report.Rollout;
            if (!report.IsByMetrics && report.Rows.Count > 0 && !report.Rows.Any(row => rollout.TakesIn(row.Id)))
            {
                line += $". {rollout.Percent} % takes in none of them, and nothing widens until a device took the version: nanoota rollout {rollout.Group.Product} {rollout.Group.Group} --percent {rollout.LeastPercent(report.Rows.Select(row => row.Id))} --watch";
            }

            if (line != said)
            {
                Tell($"{rollout.Percent} %: {line}", "progress", rollout, report);
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
