using System.CommandLine;
using nanoOta.Tool.Fleet;
using nanoOta.Tool.Publishing;
using nanoOta.Tool.Serving;

namespace nanoOta.Tool.Commands
{
    /// <summary><c>nanoota rollback</c> and <c>nanoota withdraw</c>: taking a version back.</summary>
    internal static class RollbackCommand
    {
        public static Command Create(CommandLine line)
        {
            var to = new Option<string?>("--to") { Description = "The version to go back to; the last one that proved good on the group when not given." };
            var key = new Option<string?>("--key") { Description = "Sign the manifest that goes back; needed when the version was signed." };
            var kid = new Option<string?>("--kid") { Description = "The id that devices know the key by; its own when not given." };
            var group = new GroupArguments();
            var hubs = new HubOptions();
            var container = new ContainerOptions();
            var command = new Command("rollback", """
                Bring a group back to the last version that proved good there, or to another one that was published: publishes a manifest of the old images that allows the downgrade, with a counter above all, and rolls it out to the whole group. Devices that did not update yet keep what they run.

                Example: nanoota rollback washer field_test
                """) { to, key, kid };
            group.AddTo(command);
            hubs.AddTo(command);
            container.AddTo(command);
            return line.On(command, async (result, output, stop) =>
            {
                if (group.ReadFolder(result) is { } served)
                {
                    return await LanRollout.BackAsync(output, served, result.GetValue(to), result.GetValue(key), result.GetValue(kid), stop);
                }

                Settings settings = line.SettingsOf(result);
                DeviceGroup devices = group.Read(result);
                using HubClient hub = hubs.Open(result, settings, output);
                var rollouts = new Rollouts(hub);
                (Rollout rollout, _) = await rollouts.RequireAsync(devices, stop);
                SemanticVersion version = SemanticVersion.Parse(result.GetValue(to) ?? rollout.Previous ?? "")
                    ?? throw new Failure(ExitCode.Usage, result.GetValue(to) == null ? $"which version before {rollout.Version} was good on {devices} is not known: name one by --to VERSION." : $"'{result.GetValue(to)}' is no semantic version.");
                IContainer from = container.OpenAt(result, settings, rollout.Container);
                string? token = await container.TokenAsync(result, settings, from, stop);
                uint highest = Math.Max(rollout.Counter ?? 0, await AskedCounter.HighestAsync(hub, devices, stop));
                (uint counter, string folder) = await BackManifest.PublishAsync(from, version, highest, result.GetValue(key), result.GetValue(kid), output, stop);
                Rollout back = rollout with
                {
                    Version = version.Text,
                    Container = $"{from.Url!.TrimEnd('/')}/{folder}",
                    State = RolloutState.Active,
                    Percent = 100,
                    Plan = [],
                    PauseAt = null,
                    Good = GoodVersions.Before(rollout.Good, version.Text),
                    IsGood = true,
                    Start = null,
                    Counter = counter,
                    Retry = null,
                };
                Rollout written = await WriteAsync(rollouts, back, token, rollout, stop);
                RolloutCommand.Say(output, written, "rollback", $"{devices} goes back from {rollout.Version} to {written.Version}, with counter {counter}");
                output.Line($"So that nobody deploys {rollout.Version} again: nanoota withdraw {rollout.Version} {devices.Product}");
                return ExitCode.Done;
            });
        }

        // Run again after it was written, a rollback goes one version further back.
        internal static async Task<Rollout> WriteAsync(Rollouts rollouts, Rollout back, string? token, Rollout from, CancellationToken stop)
        {
            try
            {
                return await rollouts.WriteAsync(back, token, from.Priority + 1, from.Number, stop);
            }
            catch (Exception e) when (e is OperationCanceledException || (e is Failure failure && Breaks.Pass(failure)))
            {
                throw new Failure((e as Failure)?.Code ?? ExitCode.Interrupted, $"{(e as Failure)?.Message ?? "ended by Ctrl+C. Run the command again."} Add --to {back.Version} then: this rollback may have been written, and without it the next one goes to the version before.");
            }
        }

        public static Command CreateWithdraw(CommandLine line)
        {
            var version = new Argument<string>("VERSION") { Description = "The version." };
            var product = new Argument<string>("PRODUCT") { Description = "The tag \"product\" of the devices." };
            var hubs = new HubOptions();
            var container = new ContainerOptions();
            var command = new Command("withdraw", """
                Take a version out of the world: cancels its rollouts to every group of the product, removes its manifests from the container, those that lead back to it included, and leaves a mark there, so that it is not published again. Its images stay. Devices that run it keep it: see rollback.

                Example: nanoota withdraw 1.2.0 washer --container firmware
                """) { version, product };
            hubs.AddTo(command);
            container.AddTo(command);
            return line.On(command, async (result, output, stop) =>
            {
                Settings settings = line.SettingsOf(result);
                SemanticVersion withdrawn = SemanticVersion.Parse(result.GetRequiredValue(version)) ?? throw new Failure(ExitCode.Usage, $"'{result.GetValue(version)}' is no semantic version.");
                IContainer from = container.Open(result, settings);
                using HubClient hub = hubs.Open(result, settings, output);
                var rollouts = new Rollouts(hub);
                string of = result.GetRequiredValue(product);
                bool isMarked = await from.ReadAsync(Publisher.WithdrawnMark(withdrawn), stop) != null;
                string[] manifests = [.. (await from.ListAsync(stop)).Where(name => Path.GetFileName(name) is { } file && (file == withdrawn.FileStem + ".jws" || file == withdrawn.FileStem + ".json"))];
                if (!isMarked && manifests.Length == 0)
                {
                    throw new Failure(ExitCode.NoTarget, $"{from.Name} does not hold {withdrawn.Text}, so nothing is withdrawn there: check the container and the version.");
                }

                (IReadOnlyList<(Rollout Rollout, DeviceConfiguration)> all, IReadOnlyList<DamagedRollout> damaged) = await rollouts.ListAsync(stop);
                if (damaged.FirstOrDefault(one => one.Concerns(of, null)) is { } bad)
                {
                    throw bad.Failure;
                }

                Rollout[] latest = [.. all.Select(pair => pair.Rollout).DistinctBy(rollout => rollout.Group)];
                if (latest.All(rollout => rollout.Group.Product != of) && latest.FirstOrDefault(rollout => rollout.Version == withdrawn.Text || IsFrom(rollout, from.Url)) is { } another)
                {
                    throw new Failure(ExitCode.NoTarget, $"product {of} has no rollout, and {another.Group.Product} has one of {(another.Version == withdrawn.Text ? withdrawn.Text : $"{another.Version} from this container")}: is that the product that is meant? Nothing is withdrawn.");
                }

                int cancelled = 0;
                foreach (Rollout rollout in latest.Where(rollout => rollout.Group.Product == of))
                {
                    if (rollout.Version == withdrawn.Text && rollout.State != RolloutState.Cancelled)
                    {
                        Rollout written = await rollouts.WriteAsync(rollout with { State = RolloutState.Cancelled, IsGood = false }, null, rollout.Priority + 1, rollout.Number, stop);
                        RolloutCommand.Say(output, written, "cancel", $"{written.Version} for {rollout.Group} is cancelled");
                        cancelled++;
                    }
                }

                await from.CreateAsync(Publisher.WithdrawnMark(withdrawn), System.Text.Encoding.UTF8.GetBytes($"{withdrawn.Text} was withdrawn. Publish the mended build under a new version.\n"), new Nobody(), stop);
                foreach (string name in manifests)
                {
                    await from.DeleteAsync(name, stop);
                }

                output.Line($"{withdrawn.Text} is withdrawn from {from.Name}; rollouts cancelled: {cancelled}.");
                output.Json(new System.Text.Json.Nodes.JsonObject { ["event"] = "withdrawn", ["version"] = withdrawn.Text, ["container"] = from.Name, ["cancelled"] = cancelled });
                return ExitCode.Done;
            });
        }

        private static bool IsFrom(Rollout rollout, string? url) => url != null && $"{rollout.Container}/".StartsWith(url.TrimEnd('/') + "/", StringComparison.Ordinal);

        private sealed class Nobody : IProgress<long>
        {
            public void Report(long value)
            {
            }
        }
    }
}
