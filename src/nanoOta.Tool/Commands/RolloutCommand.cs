using System.CommandLine;
using System.Text.Json.Nodes;
using nanoOta.Tool.DeviceUpdates;
using nanoOta.Tool.Fleet;
using nanoOta.Tool.Publishing;
using nanoOta.Tool.Serving;

namespace nanoOta.Tool.Commands
{
    /// <summary><c>nanoota rollout</c>, <c>pause</c> and <c>cancel</c>: the next step of a rollout.</summary>
    internal static class RolloutCommand
    {
        private const string Off = "off";

        public static Command Create(CommandLine line)
        {
            var percent = new Option<int?>("--percent") { Description = "How many devices of a hundred may update. More only ever adds devices; less takes none back." };
            var version = new Option<string?>("--version") { Description = "On the LAN: the version; the one that is requested, or the newest of the folder, when not given." };
            var resume = new Option<bool>("--resume") { Description = "Go on after a pause. With a plan, it is watched again." };
            var watched = new Option<bool>("--watch") { Description = "Watch a rollout that has a plan (deploy --canary), widen and pause it, as 'deploy' does." };
            var renew = new Option<bool>("--renew") { Description = "Give devices a new signature for the storage, for --days from now." };
            var retry = new Option<bool>("--retry") { Description = "Devices on which it failed for good try again." };
            var pauseAt = new Option<string?>("--pause-on-failure") { Description = "Another limit for the watching, such as 2 or 2%; \"off\": none." };
            var canary = new Option<int?>("--canary") { Description = "On the LAN: begin with so many per cent; 'nanoota serve' widens and pauses by what devices report." };
            var widen = new Option<string?>("--widen") { Description = "On the LAN, with --canary: the percentages that follow, such as 25,100; 100 when not given." };
            var minutes = new Option<double>("--step-minutes") { Description = "On the LAN, with --canary: how long a step lasts at the least, so that every device asks in between.", DefaultValueFactory = _ => LanPlan.DefaultMinutes };
            var group = new GroupArguments();
            var hubs = new HubOptions();
            var container = new ContainerOptions();
            var watch = new WatchOptions();
            var services = new InstanceOptions("With --retry, for the last deployment by Device Update, where PRODUCT is the update's name");
            var command = new Command("rollout", """
                Widen a rollout, go on after a pause, or watch one that has a plan.

                On the LAN it writes the offer.json of a folder that 'nanoota serve' serves: nanoota rollout ./firmware --percent 5, or --canary 5 --pause-on-failure 2

                Example: nanoota rollout washer field_test --percent 50
                """) { percent, version, resume, watched, renew, retry, pauseAt, canary, widen, minutes };
            group.AddTo(command);
            hubs.AddTo(command);
            container.AddTo(command);
            watch.AddTo(command);
            services.AddTo(command);
            return line.On(command, async (result, output, stop) =>
            {
                Settings settings = line.SettingsOf(result);
                using DeviceUpdateClient? service = services.Open(result, settings, output, "--percent", "--version", "--resume", "--watch", "--renew", "--pause-on-failure");
                if (service != null)
                {
                    (string name, string of) = group.ReadUpdate(result);
                    return result.GetValue(retry) ? await new GroupDeployment(service, output, of, name).RetryAsync(stop)
                        : throw new Failure(ExitCode.Usage, $"{services.Name} goes with --retry: Device Update has no percentage and no pause.");
                }

                if (group.ReadFolder(result) is { } folder)
                {
                    GivenOptions.Refuse(result, "is for a hub, and not for a folder that is served.", ["--watch", "--renew", "--hub", "--container", "--url", "--token", "--days", "--poll", "--step-hours"]);
                    return await OnTheLanAsync(folder);
                }

                GivenOptions.Refuse(result, "is for a folder that is served on the LAN; at a hub it is an option of 'nanoota deploy'.", "--canary", "--widen");
                GivenOptions.Refuse(result, "is for a folder that is served on the LAN.", "--version", "--step-minutes");
                DeviceGroup devices = group.Read(result);
                using HubClient hub = hubs.Open(result, settings, output);
                var rollouts = new Rollouts(hub);
                (Rollout rollout, string? token) = await rollouts.RequireAsync(devices, stop);
                bool isResumed = result.GetValue(resume);
                if (rollout.State == RolloutState.Cancelled || (rollout.State == RolloutState.Paused && !isResumed))
                {
                    throw rollout.NotActive();
                }

                int? wanted = result.GetValue(percent) is { } number ? Percent(number) : null;
                string? limit = result.GetValue(pauseAt) is { } text && text != Off ? FailureLimit.Of(text) : result.GetValue(pauseAt);
                bool isChanged = (isResumed && rollout.State == RolloutState.Paused) || wanted != null || result.GetValue(renew) || result.GetValue(retry) || limit != null;
                if (isChanged)
                {
                    if ((token == null && rollout.NeedsToken) || result.GetValue(renew))
                    {
                        // A pause takes the signature out of the twins, too.
                        token = await container.TokenAsync(result, settings, container.OpenAt(result, settings, rollout.Container), stop);
                    }

                    Rollout written = await rollouts.WriteAsync(rollout with
                    {
                        State = RolloutState.Active,
                        Percent = wanted ?? rollout.Percent,
                        PauseAt = limit == Off ? null : limit ?? rollout.PauseAt,
                        Retry = result.GetValue(retry) ? RetryMark() : rollout.Retry,
                    }, token, rollout.Priority + 1, rollout.Number, stop);
                    Say(output, written, "rollout", $"{written.Version} for {devices} at {written.Percent} %");
                }

                bool watches = result.GetValue(watched) || (isResumed && rollout.Plan.Count > 0);
                if (isResumed && !isChanged)
                {
                    output.Line($"The rollout of {rollout.Version} to {devices} goes on already.");
                }

                return watches ? await watch.RunAsync(result, hub, devices, output, stop)
                    : isChanged || isResumed ? ExitCode.Done : throw new Failure(ExitCode.Usage, "nothing to do: give --percent N, --resume, --watch, --renew or --retry.");

                Task<ExitCode> OnTheLanAsync(string folder)
                {
                    int? first = result.GetValue(percent) is { } of ? Percent(of) : null;
                    string? limit = result.GetValue(pauseAt) is { } text && text != Off ? FailureLimit.Of(text) : null;
                    LanPlan? plan = null;
                    if (result.GetValue(canary) is { } part)
                    {
                        GivenOptions.Refuse(result, "does not go with --canary, which says where to begin.", "--percent");
                        double least = result.GetValue(minutes);
                        plan = new LanPlan(DeployCommand.Plan(part, result.GetValue(widen), 100), limit, least is >= 0 and <= LanPlan.MostMinutes ? least : throw new Failure(ExitCode.Usage, $"--step-minutes is from 0 to {LanPlan.MostMinutes}."), DateTimeOffset.UtcNow);
                        first = part;
                    }
                    else
                    {
                        GivenOptions.Refuse(result, "goes with --canary.", "--widen", "--step-minutes");
                    }

                    return LanRollout.RollAsync(output, folder, result.GetValue(version), first, result.GetValue(resume), result.GetValue(retry) ? RetryMark() : null, plan, result.GetValue(pauseAt) != null, limit, stop);
                }
            });
        }

        public static Command CreatePause(CommandLine line)
        {
            return CreateEnd(line, RolloutState.Paused, null, "pause", """
                Stop a rollout for now: the request is taken out of the twins, so that no further device begins and a download under way is given up. Devices that run the version keep it.

                Example: nanoota pause washer field_test
                """, "Go on with 'nanoota rollout {0} --resume', or take it back with 'nanoota rollback {0}'.");
        }

        public static Command CreateCancel(CommandLine line)
        {
            return CreateEnd(line, RolloutState.Cancelled, new InstanceOptions("The last deployment by Device Update, where PRODUCT is the update's name"), "cancel", """
                End a rollout: as pause, and for good. Devices that run the version keep it.

                Example: nanoota cancel washer field_test
                """, "Take it back with 'nanoota rollback {0}'.");
        }

        /// <summary>A value of updateRetry that was not used before.</summary>
        internal static string RetryMark() => DateTime.UtcNow.ToString("yyyyMMddHHmmss", System.Globalization.CultureInfo.InvariantCulture);

        internal static int Percent(int percent)
        {
            return percent is >= 0 and <= 100 ? percent : throw new Failure(ExitCode.Usage, $"a percentage is from 0 to 100, not {percent}.");
        }

        internal static void Say(Output output, Rollout written, string what, string sentence)
        {
            output.Line($"{sentence}: configuration {written.Id}, priority {written.Priority}. The hub writes it into the twins within five minutes.");
            output.Json(new JsonObject { ["event"] = what, ["configuration"] = written.Id, ["version"] = written.Version, ["state"] = written.State.ToString().ToLowerInvariant(), ["percent"] = written.Percent });
        }

        private static Command CreateEnd(CommandLine line, RolloutState state, InstanceOptions? services, string name, string description, string advice)
        {
            var group = new GroupArguments();
            var hubs = new HubOptions();
            var command = new Command(name, description);
            group.AddTo(command);
            hubs.AddTo(command);
            services?.AddTo(command);
            return line.On(command, async (result, output, stop) =>
            {
                using DeviceUpdateClient? service = services?.Open(result, line.SettingsOf(result), output);
                if (service != null)
                {
                    (string update, string of) = group.ReadUpdate(result);
                    return await new GroupDeployment(service, output, of, update).CancelAsync(stop);
                }

                if (group.ReadFolder(result) is { } folder)
                {
                    return state == RolloutState.Cancelled ? LanRollout.Cancel(output, folder) : LanRollout.Pause(output, folder);
                }

                DeviceGroup devices = group.Read(result);
                using HubClient hub = hubs.Open(result, line.SettingsOf(result), output);
                var rollouts = new Rollouts(hub);
                (Rollout rollout, _) = await rollouts.RequireAsync(devices, stop);
                if (rollout.State == state || rollout.State == RolloutState.Cancelled)
                {
                    output.Line($"The rollout of {rollout.Version} to {devices} is {rollout.State.ToString().ToLowerInvariant()} already.");
                    return ExitCode.Done;
                }

                Rollout written = await rollouts.WriteAsync(rollout with { State = state, IsGood = rollout.IsGood && state == RolloutState.Cancelled }, null, rollout.Priority + 1, rollout.Number, stop);
                Say(output, written, name, $"{written.Version} for {devices} is {state.ToString().ToLowerInvariant()}");
                output.Line(string.Format(System.Globalization.CultureInfo.InvariantCulture, advice, $"{devices.Product} {devices.Group}"));
                return ExitCode.Done;
            });
        }
    }
}
