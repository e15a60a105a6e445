using nanoOta.StandIns;

namespace System.IO
{
    /// <summary>A file by its name.</summary>
    public sealed class FileInfo(string fileName) : FileSystemInfo(fileName)
    {
        private long? _length;

        /// <inheritdoc/>
        public override bool Exists => File.Exists(FullName);

        /// <summary>Bytes that were durable when this was first asked; it is not asked again.</summary>
        /// <exception cref="IOException">There is no such file.</exception>
        public long Length => _length ??= File.Exists(FullName)
            ? StorageDriver.Size(FullName)
            : throw FileError.Managed(FileError.FileNotFound);

        /// <inheritdoc/>
        public override string Name => Path.GetFileName(FullName)!;

        /// <inheritdoc/>
        public override void Delete() => File.Delete(FullName);
    }
}
