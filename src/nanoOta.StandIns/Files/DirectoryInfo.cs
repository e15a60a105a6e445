namespace System.IO
{
    /// <summary>A directory by its name.</summary>
    public sealed class DirectoryInfo(string path) : FileSystemInfo(path)
    {
        /// <inheritdoc/>
        public override bool Exists => Directory.Exists(FullName);

        /// <inheritdoc/>
        public override string Name => Path.GetFileName(FullName)!;

        /// <summary>Creates it and those above it.</summary>
        public void Create() => Directory.CreateDirectory(FullName);

        /// <inheritdoc/>
        public override void Delete() => Directory.Delete(FullName);

        /// <summary>Removes it, with its content if so requested.</summary>
        public void Delete(bool recursive) => Directory.Delete(FullName, recursive);
    }
}
