using System.CommandLine;
using nanoOta.Tool.Publishing;

namespace nanoOta.Tool.Releases
{
    /// <summary>The options that say where a product's counters come from, and what they do.</summary>
    internal sealed class RecordOptions
    {
        private readonly Option<string?> _record = new("--record") { Description = $"The record of releases; {ReleaseRecord.FileName} in the folder when not given. Keep it as long as the devices live." };
        private readonly Option<string?> _container = new("--container", "-c") { Description = "Where updates are published, as 'nanoota publish' takes it: a new counter is above all that are published there, ways back by 'nanoota rollback' included." };

        /// <summary>Gives a command the options.</summary>
        public void AddTo(Command command)
        {
            command.Options.Add(_record);
            command.Options.Add(_container);
        }

        /// <summary>Whether a record is named.</summary>
        public bool IsNamed(ParseResult result) => result.GetValue(_record) != null;

        /// <summary>The record's file.</summary>
        public string PathOf(ParseResult result, string folder) => result.GetValue(_record) ?? Path.Combine(folder, ReleaseRecord.FileName);

        /// <summary>Locks and reads the record.</summary>
        /// <exception cref="Failure">It cannot be read or locked, or is none.</exception>
        public ReleaseRecord Open(ParseResult result, string folder, Output output)
        {
            string path = PathOf(result, folder);
            if (path.Length == 0)
            {
                throw new Failure(ExitCode.Usage, "--record is empty: name the record's file, or leave the option out.");
            }

            ReleaseRecord record = ReleaseRecord.Open(path, FileLock.Patience);
            if (record.IsNew)
            {
                output.Line($"Note: {path} is a new record of releases. If this product had one, name it by --record: counters come from it.");
            }

            return record;
        }

        /// <summary>The highest counter that is published: in the folder itself, and in the container if one is known. 0: none is.</summary>
        /// <exception cref="Failure">The folder or the container cannot be read.</exception>
        public async Task<uint> PublishedAsync(ParseResult result, Settings settings, string folder, Output output, CancellationToken stop)
        {
            uint highest = await new PublishedManifests(new FolderContainer(folder, null)).HighestCounterAsync(stop).ConfigureAwait(false);
            if (settings.Find("container", result.GetValue(_container)) is not { Length: > 0 } named)
            {
                return highest;
            }

            IContainer container = ContainerOptions.Open(named, settings, null);
            try
            {
                return Math.Max(highest, await new PublishedManifests(container).HighestCounterAsync(stop).ConfigureAwait(false));
            }
            catch (Failure failure) when (failure.Code == ExitCode.NoTarget)
            {
                output.Line($"Note: {container.Name} does not exist, so no counter is published there.");
                return highest;
            }
        }
    }
}
