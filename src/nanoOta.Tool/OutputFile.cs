namespace nanoOta.Tool
{
    /// <summary>Writes what the user names.</summary>
    internal static class OutputFile
    {
        /// <summary>Writes a whole file; it is there in full or not at all, also after a power failure, and when two commands write it at the same time.</summary>
        /// <exception cref="Failure">It cannot be written.</exception>
        public static void Write(string path, byte[] bytes)
        {
            Write(path, file => file.Write(bytes));
        }

        /// <summary>The same for content that is written as a stream.</summary>
        /// <exception cref="Failure">It cannot be written.</exception>
        public static void Write(string path, Action<Stream> content)
        {
            Put(path, content, partial =>
            {
                File.Move(partial, path, overwrite: true);
                return true;
            });
        }

        /// <summary>Writes a whole new file, and never over another one.</summary>
        /// <returns>False when there is a file of that name; it is left as it is.</returns>
        /// <exception cref="Failure">It cannot be written.</exception>
        public static bool Create(string path, byte[] bytes)
        {
            return Put(path, file => file.Write(bytes), partial =>
            {
                if (HardLink.Create(partial, path) is { } isNew)
                {
                    return isNew;
                }

                try
                {
                    File.Move(partial, path, overwrite: false);
                    return true;
                }
                catch (IOException) when (File.Exists(path))
                {
                    return false;
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
                try
                {
                    file.Write(bytes);
                    file.Flush(flushToDisk: true);
                    return path;
                }
                catch (Exception)
                {
                    // Half a key would stand in the way of a whole one.
                    File.Delete(path);
                    throw;
                }
            });
        }

        // Beside the file, under a name of its own: another command may be writing the same file. What begins with a dot is not served.
        private static bool Put(string path, Action<Stream> content, Func<string, bool> move)
        {
            return Failure.OfFiles($"cannot write {path}", () =>
            {
                string parent = Path.GetDirectoryName(Path.GetFullPath(path)) ?? "";
                if (!Directory.Exists(parent))
                {
                    throw new DirectoryNotFoundException($"There is no folder {parent}.");
                }

                string partial = Path.Combine(parent, $".{Guid.NewGuid():N}.new");
                try
                {
                    using (FileStream file = File.Create(partial))
                    {
                        content(file);
                        file.Flush(flushToDisk: true);
                    }

                    return move(partial);
                }
                finally
                {
                    File.Delete(partial);
                }
            });
        }
    }
}
