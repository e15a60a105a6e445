using System.CommandLine;
using System.Text.Json.Nodes;
using nanoOta.Tool.DeviceUpdates;
using nanoOta.Tool.Fleet;

namespace nanoOta.Tool.Commands
{
    /// <summary><c>nanoota status</c>.</summary>
    internal static class StatusCommand
    {
        private const int Shown = 10;

        public static Command Create(CommandLine line)
        {
            var product = new Argument<string?>("PRODUCT") { Description = "The tag \"product\"; every rollout when not given.", Arity = ArgumentArity.ZeroOrOne };
            var group = new Argument<string?>("GROUP") { Description = "The tag \"group\"; every group of the product when not given.", Arity = ArgumentArity.ZeroOrOne };
            var watch = new Option<bool>("--watch") { Description = "Look again and again, and say what has changed; ends when every device has decided." };
            var all = new Option<bool>("--all") { Description = "Name every device that failed." };
            var hubs = new HubOptions();
            var poll = new WatchOptions();
            var services = new InstanceOptions("What became of the last deployment by Device Update, where PRODUCT is the update's name");
            var command = new Command("status", """
                Show who runs what, who failed and why: totals first, then failures by code with what to do, then versions.

                Example: nanoota status washer field_test --watch
                """) { product, group, watch, all };
            hubs.AddTo(command);
            poll.AddTo(command, withSteps: false);
            services.AddTo(command);
            return line.On(command, async (result, output, stop) =>
            {
                using DeviceUpdateClient? service = services.Open(result, line.SettingsOf(result), output);
                if (service != null)
                {
                    string update = result.GetValue(product) ?? throw new Failure(ExitCode.Usage, $"PRODUCT and GROUP are needed with {services.Name}.");
                    var deployment = new GroupDeployment(service, output, result.GetValue(group) ?? throw new Failure(ExitCode.Usage, $"GROUP is needed with {services.Name}."), update);
                    return await WatchAsync(result.GetValue(watch), new Breaks(service.Name, service.Delay, output, poll.Poll(result)), said => deployment.StatusAsync(result.GetValue(all) ? int.MaxValue : Shown, said, stop), stop);
                }

                using HubClient hub = hubs.Open(result, line.SettingsOf(result), output);
                return await WatchAsync(result.GetValue(watch), new Breaks(hub.Name, hub.Delay, output, poll.Poll(result)), async said =>
                {
                    (IReadOnlyList<FleetReport> reports, DamagedRollout? damaged) = await ReportsAsync(hub, result.GetValue(product), result.GetValue(group), stop);
                    bool isSettled = reports.All(report => report.Rollout.State != RolloutState.Active || (report.Targeted > 0 && report.Decided >= report.Targeted));
                    string now = Say(output, reports, result.GetValue(all), said);
                    return damaged == null ? (now, isSettled) : throw damaged.Failure;
                }, stop);
            });
        }

        // Looks once, or until everything is settled. What a look takes is what the last one said.
        private static async Task<ExitCode> WatchAsync(bool watches, Breaks breaks, Func<string, Task<(string Said, bool IsSettled)>> look, CancellationToken stop)
        {
            for (string said = ""; ;)
            {
                Failure? broken = null;
                try
                {
                    (said, bool isSettled) = await look(said);
                    if (!watches || isSettled)
                    {
                        return ExitCode.Done;
                    }
                }
                catch (Failure failure) when (watches && said.Length > 0 && Breaks.Pass(failure))
                {
                    broken = failure;
                }

                await breaks.WaitAsync(broken, stop);
            }
        }

        private static string Say(Output output, IReadOnlyList<FleetReport> reports, bool all, string said)
        {
            string[] lines = [.. reports.SelectMany(report => report.Lines(all ? int.MaxValue : Shown))];
            string now = string.Join('\n', lines);
            if (now != said)
            {
                Array.ForEach(lines, output.Line);
                foreach (FleetReport report in reports)
                {
                    output.Json(report.ToJson(all));
                }
            }

            return now;
        }

        private static async Task<(IReadOnlyList<FleetReport> Reports, DamagedRollout? Damaged)> ReportsAsync(HubClient hub, string? product, string? group, CancellationToken stop)
        {
            List<FleetReport> reports = [];
            (IReadOnlyList<(Rollout Rollout, DeviceConfiguration Configuration)> all, IReadOnlyList<DamagedRollout> damaged) = await new Rollouts(hub).ListAsync(stop);
            foreach (IGrouping<DeviceGroup, (Rollout Rollout, DeviceConfiguration Configuration)> mine in all.GroupBy(pair => pair.Rollout.Group))
            {
                if ((product == null || mine.Key.Product == product) && (group == null || mine.Key.Group == group))
                {
                    (Rollout rollout, DeviceConfiguration configuration) = mine.First();
                    reports.Add(await FleetReport.ReadAsync(hub, rollout, configuration, stop));
                }
            }

            DamagedRollout? bad = damaged.FirstOrDefault(one => one.Concerns(product, group));
            return reports.Count > 0 || bad != null ? (reports, bad)
                : throw new Failure(ExitCode.NoTarget, product == null ? $"there is no rollout at {hub.Name}." : $"there is no rollout to {product}{(group == null ? "" : $" / {group}")} at {hub.Name}.");
        }
    }

    /// <summary><c>nanoota explain</c>.</summary>
    internal static class ExplainCommand
    {
        public static Command Create(CommandLine line)
        {
            var code = new Argument<string>("CODE") { Description = "A number or a name, as reports have it: 700 or SelfTestFailed." };
            return line.On(new Command("explain", """
                Say what a result code means and what to do about it.

                Example: nanoota explain 700
                """) { code }, (result, output) =>
            {
                string text = result.GetRequiredValue(code);
                if (!Enum.TryParse(text, ignoreCase: true, out ResultCode found) || !Enum.IsDefined(found))
                {
                    string near = RootHelp.Nearest(text, Enum.GetNames<ResultCode>()) is { } nearest ? $" Did you mean {nearest}?" : "";
                    throw new Failure(ExitCode.Usage, $"there is no code '{text}'.{near} 'nanoota codes' lists them.");
                }

                output.Line($"{ResultText.Name(found)} ({(int)found}): {ResultText.Sentence(found)}");
                output.Line(Advice.For(found));
                output.Json(new JsonObject { ["number"] = (int)found, ["name"] = ResultText.Name(found), ["sentence"] = ResultText.Sentence(found), ["advice"] = Advice.For(found) });
                return ExitCode.Done;
            });
        }
    }
}
