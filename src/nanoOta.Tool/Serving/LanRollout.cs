using nanoOta.Tool.Fleet;
using nanoOta.Tool.Publishing;

namespace nanoOta.Tool.Serving
{
    /// <summary>What rollout, pause, cancel and rollback do with a folder that is served on the LAN: they write its offer.json.</summary>
    internal static class LanRollout
    {
        /// <summary>Requests a version of so many devices.</summary>
        /// <param name="output">Where the command says what it wrote.</param>
        /// <param name="folder">The folder.</param>
        /// <param name="version">The version; null: the one that is requested, else the newest of the folder.</param>
        /// <param name="percent">Of a hundred devices; null: as before.</param>
        /// <param name="resumes">Whether a pause is to end.</param>
        /// <param name="retry">Another value makes devices retry what failed for good; null: as before.</param>
        /// <param name="plan">How it widens by itself; null: as before, or not for another version.</param>
        /// <param name="setsLimit">Whether the plan gets another limit.</param>
        /// <param name="limit">The limit; null: none.</param>
        /// <param name="stop">Ends it.</param>
        public static async Task<ExitCode> RollAsync(Output output, string folder, string? version, int? percent, bool resumes, string? retry, LanPlan? plan, bool setsLimit, string? limit, CancellationToken stop)
        {
            using IDisposable held = LanOffer.Hold(folder);
            LanOffer offer = LanOffer.In(folder);
            if (offer.IsPaused && !resumes)
            {
                throw new Failure(ExitCode.Paused, $"the request of {folder} is paused. Go on with --resume.");
            }

            if (offer.IsCancelled && version == null)
            {
                throw new Failure(ExitCode.NoTarget, $"the request of {folder} is cancelled, which is for good. Begin another one with --version V.");
            }

            offer.Resume();
            string wanted = version ?? offer.Version ?? new ReleaseFolder(folder).NewestVersion()?.Text ?? throw new Failure(ExitCode.NoTarget, $"{folder} holds no manifest: pack an update into it first.");
            SemanticVersion parsed = SemanticVersion.Parse(wanted) ?? throw new Failure(ExitCode.Usage, $"'{wanted}' is no semantic version.");
            if (version != null && offer.Version != version)
            {
                await RequireTakenAsync(folder, parsed, SemanticVersion.Parse(offer.Version ?? ""), stop).ConfigureAwait(false);
                offer.Set("updateFolder", null);
                offer.Plan = null;
            }

            offer.Set("updateVersion", wanted);
            plan ??= offer.Plan is { } known ? known with { Since = DateTimeOffset.UtcNow } : null;
            if (setsLimit)
            {
                plan = plan == null ? throw new Failure(ExitCode.Usage, "--pause-on-failure goes with --canary: the request has no plan.") : plan with { PauseAt = limit };
            }

            offer.Plan = plan;
            if (percent != null)
            {
                offer.Percent = percent.Value;
            }

            if (retry != null)
            {
                offer.Set("updateRetry", retry);
            }

            offer.Save(output, $"{wanted} is requested of {(percent == null ? "as many devices as before" : $"{percent} % of the devices")}{(plan == null ? "" : $", and widened by 'nanoota serve' as devices report: {string.Join(" % → ", plan.Steps)} %")}");
            return ExitCode.Done;
        }

        /// <summary>Takes the request back for now.</summary>
        public static ExitCode Pause(Output output, string folder)
        {
            using IDisposable held = LanOffer.Hold(folder);
            LanOffer offer = LanOffer.In(folder);
            if (offer.IsPaused)
            {
                output.Line($"The request of {folder} is paused already.");
                return ExitCode.Done;
            }

            offer.Set("updateVersion", Requested(folder, offer));
            offer.Pause();
            offer.Save(output, "paused: no further device begins, and a download under way is given up");
            return ExitCode.Done;
        }

        /// <summary>Takes the request back for good.</summary>
        public static ExitCode Cancel(Output output, string folder)
        {
            using IDisposable held = LanOffer.Hold(folder);
            LanOffer offer = LanOffer.In(folder);
            if (offer.IsCancelled)
            {
                output.Line($"The request of {folder} is cancelled already.");
                return ExitCode.Done;
            }

            _ = Requested(folder, offer);
            offer.Cancel();
            offer.Save(output, "cancelled: no device is asked for anything until 'nanoota rollout' names a version");
            return ExitCode.Done;
        }

        /// <summary>Requests an older version of everybody.</summary>
        public static async Task<ExitCode> BackAsync(Output output, string folder, string? to, string? keyPath, string? kid, CancellationToken stop)
        {
            SemanticVersion version = SemanticVersion.Parse(to ?? throw new Failure(ExitCode.Usage, "name the version to go back to by --to.")) ?? throw new Failure(ExitCode.Usage, $"'{to}' is no semantic version.");
            (uint counter, string back) = await BackManifest.PublishAsync(new FolderContainer(folder, null), version, 0, keyPath, kid, output, stop).ConfigureAwait(false);
            using IDisposable held = LanOffer.Hold(folder);
            LanOffer offer = LanOffer.In(folder);
            offer.Resume();
            offer.Set("updateVersion", version.Text);
            offer.Set("updateFolder", back);
            offer.Percent = 100;
            offer.Plan = null;
            offer.Save(output, $"everybody goes back to {version.Text}, with counter {counter}");
            return ExitCode.Done;
        }

        // What devices are asked for now: a folder that asks for nothing is hardly the one that is meant.
        private static string Requested(string folder, LanOffer offer)
        {
            return offer.IsCancelled ? throw new Failure(ExitCode.NoTarget, $"the request of {folder} is cancelled.")
                : offer.Version ?? new ReleaseFolder(folder).NewestVersion()?.Text ?? throw new Failure(ExitCode.NoTarget, $"{folder} holds no manifest, so nothing is requested there: is it the folder that is served?");
        }

        // Devices that were asked for a higher counter, or run a newer version, would refuse it one after the other.
        private static async Task RequireTakenAsync(string folder, SemanticVersion version, SemanticVersion? before, CancellationToken stop)
        {
            var published = new PublishedManifests(new FolderContainer(folder, null));
            PublishedManifest wanted = await published.FindAsync(version, stop).ConfigureAwait(false)
                ?? throw new Failure(ExitCode.NoTarget, $"{folder} does not hold {version.Text}: pack it into the folder first.");
            PublishedManifest? last = before == null ? null : await published.FindAsync(before, stop).ConfigureAwait(false);
            uint back = await published.HighestCounterAsync(stop, BackManifest.FolderStem).ConfigureAwait(false);
            string again = $"Request it by 'nanoota rollback {folder} --to {version.Text}', which gives it a higher counter";
            CounterRule.Require(version, wanted.Read.Counter, Math.Max(back, last?.Read.Counter ?? 0), wanted.Read.AllowDowngrade, $"{again}, or pack the build as a new version.");
            if (before != null && version.CompareTo(before) < 0 && !wanted.Read.AllowDowngrade)
            {
                throw new Failure(ExitCode.NotNewer, $"{before.Text} was requested of {folder} before, and devices that run it would refuse {version.Text} (NotNewer). {again} and allows the downgrade.");
            }
        }
    }
}
