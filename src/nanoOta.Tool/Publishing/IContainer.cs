namespace nanoOta.Tool.Publishing
{
    /// <summary>Where devices fetch updates from: a folder that a web server serves, or a container of blob storage.</summary>
    internal interface IContainer
    {
        /// <summary>What it is called in messages; holds no secret.</summary>
        string Name { get; }

        /// <summary>The URL at which devices find it, without a signature; null when nothing says it.</summary>
        string? Url { get; }

        /// <summary>Makes the container when it is not there and may be made.</summary>
        Task PrepareAsync(CancellationToken stop);

        /// <summary>A file's bytes; null when there is none of that name.</summary>
        Task<byte[]?> ReadAsync(string name, CancellationToken stop);

        /// <summary>Writes a new file, whole or not at all.</summary>
        /// <param name="name">Its name, with slashes for folders.</param>
        /// <param name="bytes">Its content.</param>
        /// <param name="progress">Gets the number of bytes sent so far.</param>
        /// <param name="stop">Ends it.</param>
        /// <returns>False when there is a file of that name; it is left as it is.</returns>
        Task<bool> CreateAsync(string name, byte[] bytes, IProgress<long> progress, CancellationToken stop);

        /// <summary>The names of its files, those in folders included.</summary>
        Task<IReadOnlyList<string>> ListAsync(CancellationToken stop);

        /// <summary>Removes a file; nothing happens when there is none of that name.</summary>
        Task DeleteAsync(string name, CancellationToken stop);

        /// <summary>A query that lets devices read until then, and do nothing else; null when the container needs none.</summary>
        /// <exception cref="Failure">It cannot be made with these credentials.</exception>
        Task<string?> ReadTokenAsync(DateTimeOffset until, CancellationToken stop);
    }
}
