using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace nanoOta.Tool.Publishing
{
    /// <summary>Publishes: never over what is there, and everything that was written is read back.</summary>
    internal sealed class Publisher(IContainer container, Output output)
    {
        /// <summary>The name of the mark that a withdrawn version leaves, so that it is not published again.</summary>
        public static string WithdrawnMark(SemanticVersion version) => version.FileStem + ".withdrawn";

        /// <summary>Publishes the files.</summary>
        /// <returns>How many were new.</returns>
        /// <exception cref="Failure">A name is taken by other content, a version was withdrawn, or the container fails. What was written so far is whole, and no manifest names what is not there.</exception>
        public async Task<int> PublishAsync(Publication publication, CancellationToken stop)
        {
            await container.PrepareAsync(stop).ConfigureAwait(false);
            foreach (SemanticVersion version in publication.Versions)
            {
                if (await container.ReadAsync(WithdrawnMark(version), stop).ConfigureAwait(false) != null)
                {
                    throw new Failure(ExitCode.Conflict, $"version {version.Text} was withdrawn from {container.Name}: publish the mended build under a new version.");
                }
            }

            return output.IsTerminal
                ? await output.Console.Progress().AutoClear(true).StartAsync(view => AllAsync(publication, view, stop)).ConfigureAwait(false)
                : await AllAsync(publication, null, stop).ConfigureAwait(false);
        }

        /// <summary>Publishes the files, or says what would be published.</summary>
        public async Task PublishAsync(Publication publication, bool isDry, CancellationToken stop)
        {
            if (!isDry)
            {
                await PublishAsync(publication, stop).ConfigureAwait(false);
                return;
            }

            foreach ((string name, byte[] bytes) in publication.Files)
            {
                output.Line($"Would publish {container.Name}/{name}, {bytes.Length} bytes");
                output.Json(new JsonObject { ["event"] = "wouldPublish", ["container"] = container.Name, ["file"] = name, ["size"] = bytes.Length });
            }
        }

        private async Task<int> AllAsync(Publication publication, ProgressContext? view, CancellationToken stop)
        {
            int written = 0;
            foreach ((string name, byte[] bytes) in publication.Files)
            {
                ProgressTask? bar = view?.AddTask(Markup.Escape(name), maxValue: bytes.Length);
                bool isNew = await OneAsync(name, bytes, new Bar(bar), stop).ConfigureAwait(false);
                written += isNew ? 1 : 0;
                output.Line($"{container.Name}/{name}: {bytes.Length} bytes, {(isNew ? "written and read back" : "there already")}");
                output.Json(new JsonObject { ["event"] = "published", ["container"] = container.Name, ["file"] = name, ["size"] = bytes.Length, ["sha256"] = Convert.ToHexStringLower(SHA256.HashData(bytes)), ["new"] = isNew });
            }

            return written;
        }

        private async Task<bool> OneAsync(string name, byte[] bytes, IProgress<long> progress, CancellationToken stop)
        {
            bool isNew = await container.CreateAsync(name, bytes, progress, stop).ConfigureAwait(false);
            byte[]? there = await container.ReadAsync(name, stop).ConfigureAwait(false);
            if (there != null && there.AsSpan().SequenceEqual(bytes))
            {
                return isNew;
            }

            throw isNew
                ? new Failure(ExitCode.Unsound, $"{container.Name}/{name} does not hold what was written: {(there == null ? "it is not there" : there.Length == bytes.Length ? "its bytes are others" : $"it has {there.Length} bytes instead of {bytes.Length}")}. Remove it and publish again.")
                : new Failure(ExitCode.Conflict, $"{container.Name} holds {name} already, with other content. Devices may have fetched it: give the build a new version.");
        }

        // Of System.Progress each report would go through the thread pool, in any order.
        private sealed class Bar(ProgressTask? task) : IProgress<long>
        {
            public void Report(long value)
            {
                if (task != null)
                {
                    task.Value = value;
                }
            }
        }
    }
}
