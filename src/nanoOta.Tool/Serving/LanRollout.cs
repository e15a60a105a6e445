using nanoOta.Tool.Fleet;
using nanoOta.Tool.Keys;
using nanoOta.Tool.Publishing;

namespace nanoOta.Tool.Serving
{
    /// <summary>What rollout, pause and rollback do with a folder that is served on the LAN: they write its offer.json.</summary>
    internal static class LanRollout
    {
        /// <summary>Requests a version of so many devices.</summary>
        /// <param name="output">Where the command says what it wrote.</param>
        /// <param name="folder">The folder.</param>
        /// <param name="version">The version; null: the one that is requested, else the newest of the folder.</param>
        /// <param name="percent">Of a hundred devices; null: as before.</param>
        /// <param name="resumes">Whether a pause is to end.</param>
        /// <param name="retry">Another value makes devices retry what failed for good; null: as before.</param>
        public static ExitCode Roll(Output output, string folder, string? version, int? percent, bool resumes, string? retry)
        {
            LanOffer offer = LanOffer.In(folder);
            if (offer.IsPaused && !resumes)
            {
                throw new Failure(ExitCode.Paused, $"the request of {folder} is paused. Go on with --resume.");
            }

            offer.Resume();
            string wanted = version ?? offer.Version ?? new ReleaseFolder(folder).NewestVersion()?.Text ?? throw new Failure(ExitCode.NoTarget, $"{folder} holds no manifest: pack an update into it first.");
            SemanticVersion parsed = SemanticVersion.Parse(wanted) ?? throw new Failure(ExitCode.Usage, $"'{wanted}' is no semantic version.");
            if (version != null && offer.Version != version)
            {
                offer.Set("updateFolder", null);
                Require(folder, parsed);
            }

            offer.Set("updateVersion", wanted);
            if (percent != null)
            {
                offer.Set("updateShare", percent == 100 ? null : percent);
            }

            if (retry != null)
            {
                offer.Set("updateRetry", retry);
            }

            offer.Save(output, $"{wanted} is requested of {(percent == null ? "as many devices as before" : $"{percent} % of the devices")}");
            return ExitCode.Done;
        }

        /// <summary>Takes the request back for now.</summary>
        public static ExitCode Pause(Output output, string folder)
        {
            LanOffer offer = LanOffer.In(folder);
            string? version = offer.Version ?? new ReleaseFolder(folder).NewestVersion()?.Text;
            offer.Set("updateVersion", offer.IsPaused ? null : version);
            offer.Pause();
            offer.Save(output, "paused: no further device begins, and a download under way is given up");
            return ExitCode.Done;
        }

        /// <summary>Requests an older version of everybody.</summary>
        public static async Task<ExitCode> BackAsync(Output output, string folder, string? to, string? keyPath, string? kid, CancellationToken stop)
        {
            SemanticVersion version = SemanticVersion.Parse(to ?? throw new Failure(ExitCode.Usage, "name the version to go back to by --to.")) ?? throw new Failure(ExitCode.Usage, $"'{to}' is no semantic version.");
            var container = new FolderContainer(folder, null);
            var published = new PublishedManifests(container);
            PublishedManifest old = await published.FindAsync(version, stop).ConfigureAwait(false) ?? throw new Failure(ExitCode.NoTarget, $"{folder} does not hold {version.Text}.");
            if (old.IsSigned && keyPath == null)
            {
                throw new Failure(ExitCode.Usage, $"{version.Text} was signed, so devices take a signed way back alone: give the key by --key.");
            }

            uint counter = await published.NextCounterAsync(0, stop).ConfigureAwait(false);
            byte[] manifest = BackManifest.Make(old, counter);
            string back = BackManifest.FolderOf(counter);
            List<(string, byte[])> files = [($"{back}/{version.FileStem}.json", manifest)];
            if (keyPath != null)
            {
                files.Add(($"{back}/{version.FileStem}.jws", SignedFile.Make(manifest, KeyPair.Read(keyPath, kid))));
            }

            await new Publisher(container, output).PublishAsync(new Publication(files, []), stop).ConfigureAwait(false);
            LanOffer offer = LanOffer.In(folder);
            offer.Resume();
            offer.Set("updateVersion", version.Text);
            offer.Set("updateFolder", back);
            offer.Set("updateShare", null);
            offer.Save(output, $"everybody goes back to {version.Text}, with counter {counter}");
            return ExitCode.Done;
        }

        private static void Require(string folder, SemanticVersion version)
        {
            if (!File.Exists(Path.Combine(folder, version.FileStem + ".json")) && !File.Exists(Path.Combine(folder, version.FileStem + ".jws")))
            {
                throw new Failure(ExitCode.NoTarget, $"{folder} does not hold {version.Text}: pack it into the folder first.");
            }
        }
    }
}
