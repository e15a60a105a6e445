using System.Text.Json.Nodes;
using nanoOta.Tool.Packing;
using nanoOta.Tool.Publishing;

namespace nanoOta.Tool.Fleet
{
    /// <summary>Brings one image to devices: publishes it, then writes the update request.</summary>
    internal sealed class Deploying(Output output)
    {
        private const int ConnectSeconds = 30;

        /// <summary>The image.</summary>
        public required PackedImage Image { get; init; }

        /// <summary>The version.</summary>
        public required SemanticVersion Version { get; init; }

        /// <summary>The firmware target.</summary>
        public required string Target { get; init; }

        /// <summary>What the manifest says besides.</summary>
        public required ManifestMembers Members { get; init; }

        /// <summary>The manifest's counter; null: the next one, when one is needed.</summary>
        public uint? Counter { get; init; }

        /// <summary>Whether a version that is not newer is meant.</summary>
        public bool AllowsDowngrade { get; init; }

        /// <summary>Signs; null: the manifest stays unsigned.</summary>
        public Func<Package, byte[]>? Sign { get; init; }

        /// <summary>Whether nothing is to be changed.</summary>
        public bool IsDry { get; init; }

        /// <summary>Rolls out to a group.</summary>
        public async Task<ExitCode> ToGroupAsync(HubClient hub, Rollout rollout, int priority, IContainer container, Func<Task<string?>> token, bool mayBeEmpty, CancellationToken stop)
        {
            var rollouts = new Rollouts(hub);
            (Rollout? latest, _) = await rollouts.OfAsync(rollout.Group, stop).ConfigureAwait(false);
            RequireNewer(rollout.Group, latest);
            await RequireDevicesAsync(hub, rollout.Group, mayBeEmpty, stop).ConfigureAwait(false);
            uint? counter = await PublishAsync(container, latest?.Counter ?? 0, stop).ConfigureAwait(false);
            Rollout next = rollout with
            {
                Counter = counter,
                Previous = latest?.Version == rollout.Version ? latest.Previous : latest?.Version ?? await RunningAsync(hub, rollout.Group, stop).ConfigureAwait(false),
                PreviousContainer = latest?.Version == rollout.Version ? latest.PreviousContainer : latest?.Container,
                Retry = rollout.Retry ?? (latest?.Version == rollout.Version ? latest.Retry : null),
            };
            if (IsDry)
            {
                DeviceConfiguration would = (next with { Number = (latest?.Number ?? 0) + 1, Priority = Math.Max(priority, (latest?.Priority ?? 0) + 1) }).ToConfiguration("…");
                output.Line($"Would create configuration {would.Id}, priority {would.Priority}, for {would.Condition}:");
                output.Line("  " + would.Content.ToJsonString(Output.Readable));
                output.Json(new JsonObject { ["event"] = "wouldCreate", ["configuration"] = would.ToJson() });
                return ExitCode.Done;
            }

            Rollout written = await rollouts.WriteAsync(next, await token().ConfigureAwait(false), priority, latest?.Number ?? 0, stop).ConfigureAwait(false);
            output.Line($"Configuration {written.Id}, priority {written.Priority}: {written.Version} for {written.Group} at {written.Percent} %. The hub writes it into the twins within five minutes.");
            output.Line($"See how it goes: nanoota status {written.Group.Product} {written.Group.Group} --watch");
            output.Json(new JsonObject { ["event"] = "deployed", ["configuration"] = written.Id, ["version"] = written.Version, ["percent"] = written.Percent, ["priority"] = written.Priority, ["previous"] = written.Previous });
            return ExitCode.Done;
        }

        /// <summary>Asks one device.</summary>
        public async Task<ExitCode> ToDeviceAsync(HubClient hub, string device, IContainer container, Func<Task<string?>> token, string? start, string? retry, bool byMethod, CancellationToken stop)
        {
            JsonObject twin = await hub.TwinAsync(device, stop).ConfigureAwait(false) ?? throw new Failure(ExitCode.NoTarget, $"{hub.Name} has no device '{device}'.");
            if (!AllowsDowngrade && SemanticVersion.Parse((string?)twin["properties"]?["reported"]?["ota"]?["current"] ?? "") is { } runs && Version.CompareTo(runs) < 0)
            {
                throw new Failure(ExitCode.NotNewer, $"{device} runs {runs.Text}, and {Version.Text} is not above it. Give the build a higher version, or go back with --allow-downgrade.");
            }

            await PublishAsync(container, 0, stop).ConfigureAwait(false);
            var desired = new JsonObject { ["updateVersion"] = Version.Text, ["updateUrl"] = container.Url, ["updateToken"] = IsDry ? "…" : await token().ConfigureAwait(false), ["updateAfter"] = start, ["updateShare"] = null, ["updateWindow"] = null, ["updateRetry"] = retry };
            if (IsDry)
            {
                output.Line($"Would ask {device} {(byMethod ? "by the direct method 'update'" : "in its twin")}: {desired.ToJsonString(Output.Readable)}");
                output.Json(new JsonObject { ["event"] = "wouldAsk", ["device"] = device, ["desired"] = desired });
                return ExitCode.Done;
            }

            if (byMethod)
            {
                HubAnswer answer = await hub.CallAsync(device, "update", new JsonObject(desired.Where(pair => pair.Value != null).Select(pair => KeyValuePair.Create(pair.Key, pair.Value?.DeepClone()))), ConnectSeconds, stop).ConfigureAwait(false);
                if (answer.Error == "DeviceNotOnline" || answer.Message.Contains("404103", StringComparison.Ordinal))
                {
                    throw new Failure(ExitCode.NoTarget, $"{device} was not online within {ConnectSeconds} s. Ask again, or without --method: the twin waits for it.");
                }

                hub.Require(answer, $"call {device}");
            }
            else
            {
                await hub.PatchDesiredAsync(device, desired, stop).ConfigureAwait(false);
            }

            output.Line($"{device} is asked for {Version.Text}. A configuration for its group, if there is one, may ask for something else at its next evaluation.");
            output.Json(new JsonObject { ["event"] = "asked", ["device"] = device, ["version"] = Version.Text, ["method"] = byMethod });
            return ExitCode.Done;
        }

        private void RequireNewer(DeviceGroup group, Rollout? latest)
        {
            if (!AllowsDowngrade && latest != null && SemanticVersion.Parse(latest.Version) is { } had && Version.CompareTo(had) <= 0)
            {
                string why = Version.CompareTo(had) == 0 ? "has had a rollout of that version: change it with 'nanoota rollout'" : $"had {had.Text}, and {Version.Text} is not above it: give the build a higher version, go back with 'nanoota rollback'";
                throw new Failure(ExitCode.NotNewer, $"{group} {why}, or deploy with --allow-downgrade.");
            }
        }

        private static async Task RequireDevicesAsync(HubClient hub, DeviceGroup group, bool mayBeEmpty, CancellationToken stop)
        {
            if (mayBeEmpty || (await hub.QueryAsync($"SELECT TOP 1 deviceId FROM devices WHERE {group.Condition}", 1, stop).ConfigureAwait(false)).Count > 0)
            {
                return;
            }

            throw new Failure(ExitCode.NoTarget, $"no device at {hub.Name} has the tags {DeviceGroup.ProductTag} '{group.Product}' and {DeviceGroup.GroupTag} '{group.Group}'. Tag one (az iot hub device-twin update -n HUB -d DEVICE --tags '{{\"product\":\"{group.Product}\",\"group\":\"{group.Group}\"}}'), see 'nanoota doctor', or deploy with --empty for devices that get them later.");
        }

        // What most devices of the group run: what they had before the first rollout.
        private static async Task<string?> RunningAsync(HubClient hub, DeviceGroup group, CancellationToken stop)
        {
            IReadOnlyList<JsonObject> rows = await hub.QueryAsync(DeviceRow.Query(group.Condition), 1, stop).ConfigureAwait(false);
            return rows.Select(row => DeviceRow.Read(row, "").Current).Where(version => version != null).GroupBy(version => version).OrderByDescending(versions => versions.Count()).FirstOrDefault()?.Key;
        }

        // What was published before is taken as it is, so that the same version can go to one group after another.
        private async Task<uint?> PublishAsync(IContainer container, uint highest, CancellationToken stop)
        {
            var published = new PublishedManifests(container);
            PublishedManifest? there = await published.FindAsync(Version, stop).ConfigureAwait(false);
            if (there != null && there.Read.Version.Text == Version.Text && there.Read.Components is [{ } component] && Convert.ToHexStringLower(component.Sha256) == Image.Sha256 && component.Id == Image.Id
                && (!AllowsDowngrade || there.Read.AllowDowngrade) && (Sign == null || there.IsSigned) && there.Read.Target == Target)
            {
                output.Line($"{container.Name}/{there.Name}: there already, with this image");
                return there.Read.Counter == 0 ? null : there.Read.Counter;
            }

            uint? counter = Counter;
            if (counter == null)
            {
                uint next = await published.NextCounterAsync(highest, stop).ConfigureAwait(false);
                counter = next > 1 || AllowsDowngrade ? next : null;
            }

            var package = Package.Make([Image], Version.Text, Target, counter, AllowsDowngrade, Members);
            var publication = Publication.Of(package, Sign?.Invoke(package));
            if (IsDry)
            {
                foreach ((string name, byte[] bytes) in publication.Files)
                {
                    output.Line($"Would publish {container.Name}/{name}, {bytes.Length} bytes");
                    output.Json(new JsonObject { ["event"] = "wouldPublish", ["container"] = container.Name, ["file"] = name, ["size"] = bytes.Length });
                }
            }
            else
            {
                await new Publisher(container, output).PublishAsync(publication, stop).ConfigureAwait(false);
            }

            return counter;
        }
    }
}
