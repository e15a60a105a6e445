namespace nanoOta.Tool.Publishing
{
    /// <summary>A folder, which some web server serves, as a container.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="url">The URL at which devices find it; null when nothing says it.</param>
    internal sealed class FolderContainer(string folder, string? url) : IContainer
    {
        // What is not for us to read is not ours.
        private static readonly EnumerationOptions _all = new() { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.None };

        /// <inheritdoc/>
        public string Name => Path.TrimEndingDirectorySeparator(folder);

        /// <inheritdoc/>
        public string? Url => url;

        /// <inheritdoc/>
        public Task PrepareAsync(CancellationToken stop)
        {
            Failure.OfFiles($"cannot make {folder}", () => Directory.CreateDirectory(folder));
            return Task.CompletedTask;
        }

        /// <inheritdoc/>
        public Task<byte[]?> ReadAsync(string name, CancellationToken stop)
        {
            string path = PathOf(name);
            return Task.FromResult(File.Exists(path) ? InputFile.Bytes(path) : null);
        }

        /// <inheritdoc/>
        public Task<bool> CreateAsync(string name, byte[] bytes, IProgress<long> progress, CancellationToken stop)
        {
            string path = PathOf(name);
            Failure.OfFiles($"cannot write {path}", () => Directory.CreateDirectory(Path.GetDirectoryName(path)!));
            bool isNew = OutputFile.Create(path, bytes);
            progress.Report(bytes.Length);
            return Task.FromResult(isNew);
        }

        /// <inheritdoc/>
        public Task<IReadOnlyList<string>> ListAsync(CancellationToken stop)
        {
            return Task.FromResult<IReadOnlyList<string>>(Failure.OfFiles($"cannot read {folder}", () => Directory.Exists(folder)
                ? Directory.GetFiles(folder, "*", _all).Select(path => Path.GetRelativePath(folder, path).Replace('\\', '/')).Order(StringComparer.Ordinal).ToArray()
                : []));
        }

        /// <inheritdoc/>
        public Task DeleteAsync(string name, CancellationToken stop)
        {
            string path = PathOf(name);
            Failure.OfFiles($"cannot remove {path}", () =>
            {
                File.Delete(path);
                return path;
            });
            return Task.CompletedTask;
        }

        /// <inheritdoc/>
        public Task<string?> ReadTokenAsync(DateTimeOffset until, CancellationToken stop) => Task.FromResult<string?>(null);

        private string PathOf(string name) => Path.Combine(folder, name.Replace('/', Path.DirectorySeparatorChar));
    }
}
