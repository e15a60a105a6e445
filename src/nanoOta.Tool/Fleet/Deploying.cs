using System.Text.Json.Nodes;
using nanoOta.Tool.Publishing;
using nanoOta.Tool.Serving;

namespace nanoOta.Tool.Fleet
{
    /// <summary>Brings an update to devices: publishes it, then writes the update request.</summary>
    internal sealed class Deploying(IDeployable update, Output output)
    {
        private const int ConnectSeconds = 30;
        private const int MostRows = 10000;

        /// <summary>Whether nothing is to be changed.</summary>
        public bool IsDry { get; init; }

        /// <summary>Rolls out to a group.</summary>
        public async Task<ExitCode> ToGroupAsync(HubClient hub, Rollout rollout, int priority, IContainer container, Func<Task<string?>> token, bool mayBeEmpty, CancellationToken stop)
        {
            var rollouts = new Rollouts(hub);
            (Rollout? latest, IReadOnlyList<(Rollout Rollout, DeviceConfiguration Configuration)> all) = await rollouts.OfAsync(rollout.Group, stop).ConfigureAwait(false);
            RequireNewer(rollout.Group, latest);
            await RequireDevicesAsync(hub, rollout, mayBeEmpty, stop).ConfigureAwait(false);
            IReadOnlyList<string> good = await GoodVersions.BeforeAsync(hub, rollout.Group, latest, all.Count == 0 ? null : all[0].Configuration, rollout.Version, stop).ConfigureAwait(false);
            // Before anything is published: without it, devices could not read what is there.
            string? query = await token().ConfigureAwait(false);
            uint highest = Math.Max(latest?.Counter ?? 0, await AskedCounter.HighestAsync(hub, rollout.Group, stop).ConfigureAwait(false));
            uint? counter = await update.PublishAsync(container, highest, IsDry, output, stop).ConfigureAwait(false);
            Rollout next = rollout with
            {
                Counter = latest?.Counter > (counter ?? 0) ? latest.Counter : counter,
                Good = good,
                Retry = rollout.Retry ?? (latest?.Version == rollout.Version ? latest.Retry : null),
            };
            if (IsDry)
            {
                DeviceConfiguration would = (next with { Number = (latest?.Number ?? 0) + 1, Priority = Math.Max(priority, (latest?.Priority ?? 0) + 1) }).ToConfiguration(query == null ? null : "…");
                output.Line($"Would create configuration {would.Id}, priority {would.Priority}, for {would.Condition}:");
                output.Line("  " + would.Content.ToJsonString(Output.Readable));
                output.Json(new JsonObject { ["event"] = "wouldCreate", ["configuration"] = would.ToJson() });
                return ExitCode.Done;
            }

            Rollout written = await rollouts.WriteAsync(next, query, priority, latest?.Number ?? 0, stop).ConfigureAwait(false);
            output.Line($"Configuration {written.Id}, priority {written.Priority}: {written.Version} for {written.Group} at {written.Percent} %. The hub writes it into the twins within five minutes.");
            output.Line($"See how it goes: nanoota status {written.Group.Product} {written.Group.Group} --watch");
            output.Json(new JsonObject { ["event"] = "deployed", ["configuration"] = written.Id, ["version"] = written.Version, ["percent"] = written.Percent, ["priority"] = written.Priority, ["previous"] = written.Previous });
            return ExitCode.Done;
        }

        /// <summary>Asks one device.</summary>
        /// <param name="hub">The hub.</param>
        /// <param name="device">The device.</param>
        /// <param name="product">Its tag product, which must not be another one.</param>
        /// <param name="groupSaid">Its tag group, which must not be another one; null: any.</param>
        /// <param name="container">Where it fetches the update from.</param>
        /// <param name="token">The query that it reads with.</param>
        /// <param name="start">It waits until then; null: it does not.</param>
        /// <param name="window">The window of the day; null: any time.</param>
        /// <param name="retry">Another value makes it retry what failed for good; null: none is set.</param>
        /// <param name="byMethod">By the direct method instead of the twin.</param>
        /// <param name="stop">Ends it.</param>
        public async Task<ExitCode> ToDeviceAsync(HubClient hub, string device, string product, string? groupSaid, IContainer container, Func<Task<string?>> token, string? start, string? window, string? retry, bool byMethod, CancellationToken stop)
        {
            JsonObject twin = await hub.TwinAsync(device, stop).ConfigureAwait(false) ?? throw new Failure(ExitCode.NoTarget, $"{hub.Name} has no device '{device}'.");
            var group = new DeviceGroup(Tag(twin, DeviceGroup.ProductTag), Tag(twin, DeviceGroup.GroupTag));
            foreach ((string tag, string has, string? said) in new[] { (DeviceGroup.ProductTag, group.Product, product), (DeviceGroup.GroupTag, group.Group, groupSaid) })
            {
                if (said != null && has.Length > 0 && has != said)
                {
                    throw new Failure(ExitCode.NoTarget, $"{device} has the tag {tag} '{DeviceReport.Printable(has)}', not '{said}': another device, or another update?");
                }
            }

            if (!update.AllowsDowngrade && SemanticVersion.Parse(JsonMember.Text(twin, "properties", "reported", "ota", "current")!) is { } runs && update.Version.CompareTo(runs) < 0)
            {
                throw new Failure(ExitCode.NotNewer, $"{device} runs {runs.Text}, and {update.Version.Text} is not above it. Give the build a higher version, or go back with --allow-downgrade.");
            }

            (Rollout? latest, _) = await new Rollouts(hub).OfAsync(group, stop).ConfigureAwait(false);
            string? query = await token().ConfigureAwait(false);
            uint highest = Math.Max(latest?.Counter ?? 0, AskedCounter.Of(device, JsonMember.Of(twin, "tags", AskedCounter.Tag)));
            uint counter = await update.PublishAsync(container, highest, IsDry, output, stop).ConfigureAwait(false) ?? 0;
            JsonObject tags = counter > highest ? new JsonObject { [AskedCounter.Tag] = counter } : [];
            var desired = new JsonObject { ["updateVersion"] = update.Version.Text, ["updateUrl"] = container.Url, ["updateToken"] = IsDry && query != null ? "…" : query, ["updateAfter"] = start, ["updateShare"] = null, ["updateWindow"] = window, ["updateRetry"] = retry };
            if (IsDry)
            {
                output.Line($"Would ask {device} {(byMethod ? "by the direct method 'update'" : "in its twin")}: {desired.ToJsonString(Output.Readable)}");
                output.Json(new JsonObject { ["event"] = "wouldAsk", ["device"] = device, ["desired"] = desired });
                return ExitCode.Done;
            }

            if (byMethod)
            {
                if (tags.Count > 0)
                {
                    await hub.PatchTwinAsync(device, tags, null, stop).ConfigureAwait(false);
                }

                HubAnswer answer = await hub.CallAsync(device, "update", new JsonObject(desired.Where(pair => pair.Value != null).Select(pair => KeyValuePair.Create(pair.Key, pair.Value?.DeepClone()))), ConnectSeconds, stop).ConfigureAwait(false);
                if (answer.Error == "DeviceNotOnline" || answer.Message.Contains("404103", StringComparison.Ordinal))
                {
                    throw new Failure(ExitCode.NoTarget, $"{device} was not online within {ConnectSeconds} s. Ask again, or without --method: the twin waits for it.");
                }

                hub.Require(answer, $"call {device}");
            }
            else
            {
                await hub.PatchTwinAsync(device, tags, desired, stop).ConfigureAwait(false);
            }

            output.Line($"{device} is asked for {update.Version.Text}. A configuration for its group, if there is one, may ask for something else at its next evaluation.");
            output.Json(new JsonObject { ["event"] = "asked", ["device"] = device, ["version"] = update.Version.Text, ["method"] = byMethod });
            return ExitCode.Done;
        }

        // A tag that is no text is another one than any that is said.
        private static string Tag(JsonObject twin, string name) => JsonMember.Text(twin, "tags", name) ?? JsonMember.Of(twin, "tags", name)?.ToJsonString() ?? "";

        private void RequireNewer(DeviceGroup group, Rollout? latest)
        {
            if (update.AllowsDowngrade || latest == null || SemanticVersion.Parse(latest.Version) is not { } had)
            {
                return;
            }

            int order = update.Version.CompareTo(had);

            // What was cancelled may begin anew: no device that runs it is asked to go back.
            if (order < 0 || (order == 0 && latest.State != RolloutState.Cancelled))
            {
                string why = order == 0 ? "has had a rollout of that version: change it with 'nanoota rollout'" : $"had {had.Text}, and {update.Version.Text} is not above it: give the build a higher version, go back with 'nanoota rollback'";
                throw new Failure(ExitCode.NotNewer, $"{group} {why}, or deploy with --allow-downgrade.");
            }
        }

        private static async Task RequireDevicesAsync(HubClient hub, Rollout rollout, bool mayBeEmpty, CancellationToken stop)
        {
            DeviceGroup group = rollout.Group;
            bool hasPlan = rollout.Plan.Count > 0;
            if (mayBeEmpty && !hasPlan)
            {
                return;
            }

            IReadOnlyList<JsonObject> rows = await hub.QueryAsync($"SELECT {(hasPlan ? "" : "TOP 1 ")}deviceId FROM devices WHERE {group.Condition}", hasPlan ? MostRows : 1, stop).ConfigureAwait(false);
            string[] ids = [.. rows.Select(row => JsonMember.Text(row, "deviceId") ?? "")];
            if (ids.Length == 0 && !mayBeEmpty)
            {
                throw new Failure(ExitCode.NoTarget, $"no device at {hub.Name} has the tags {DeviceGroup.ProductTag} '{group.Product}' and {DeviceGroup.GroupTag} '{group.Group}'. Tag one (az iot hub device-twin update -n HUB -d DEVICE --tags '{{\"product\":\"{group.Product}\",\"group\":\"{group.Group}\"}}'), see 'nanoota doctor', or deploy with --empty for devices that get them later.");
            }

            if (hasPlan && ids.Length > 0 && !ids.Any(rollout.TakesIn))
            {
                throw new Failure(ExitCode.NoTarget, $"--canary {rollout.Percent} takes in none of the {ids.Length} devices of {group}, so nothing would be tried. Which ones is fixed by device id and version; the smallest percentage that takes in one is --canary {rollout.LeastPercent(ids)}.");
            }
        }
    }
}
