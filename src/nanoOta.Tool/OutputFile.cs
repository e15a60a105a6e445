namespace nanoOta.Tool
{
    /// <summary>Writes what the user names.</summary>
    internal static class OutputFile
    {
        /// <summary>Writes a whole file; it is there in full or not at all, also after a power failure.</summary>
        /// <exception cref="Failure">It cannot be written.</exception>
        public static void Write(string path, byte[] bytes)
        {
            Failure.OfFiles($"cannot write {path}", () =>
            {
                if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } parent && !Directory.Exists(parent))
                {
                    throw new DirectoryNotFoundException($"There is no folder {parent}.");
                }

                string partial = path + ".new";
                try
                {
                    using (FileStream file = File.Create(partial))
                    {
                        file.Write(bytes);
                        file.Flush(flushToDisk: true);
                    }

                    File.Move(partial, path, overwrite: true);
                    return path;
                }
                finally
                {
                    File.Delete(partial);
                }
            });
        }

        /// <summary>Writes a new file that only its owner may read. Never over another one: it may be the only copy of a key.</summary>
        /// <exception cref="Failure">It cannot be written, or is there already.</exception>
        public static void WriteSecret(string path, byte[] bytes)
        {
            Failure.OfFiles($"cannot write {path}", () =>
            {
                var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
                if (!OperatingSystem.IsWindows())
                {
                    options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
                }

                using var file = new FileStream(path, options);
                file.Write(bytes);
                return path;
            });
        }
    }
}
