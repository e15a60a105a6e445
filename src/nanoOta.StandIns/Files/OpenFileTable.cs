namespace nanoOta.StandIns
{
    /// <summary>
    /// Which files are open and how they may be shared: kept in the managed half, by full path and without regard to case.
    /// </summary>
    internal sealed class OpenFileTable
    {
        private readonly Lock _lock = new();
        private readonly List<Entry> _files = [];
        private readonly List<string> _lockedDirectories = [];

        /// <summary>An entry in the table, to be given back.</summary>
        internal sealed record Entry(string FullName, FileShare Share);

        /// <summary>
        /// Enters a file. A second user is let in only when the first shares what the second wants, and when the second
        /// itself shares everything: so two readers with the usual FileShare.Read exclude each other.
        /// </summary>
        internal Entry Add(string fullName, FileAccess access, FileShare share)
        {
            Entry entry = new(fullName.ToUpperInvariant(), share);
            lock (_lock)
            {
                bool refused = _lockedDirectories.Exists(directory => IsIn(entry.FullName, directory))
                    || _files.Exists(other => other.FullName == entry.FullName
                        && (share != FileShare.ReadWrite || ((int)other.Share & (int)access) != (int)access));
                if (refused)
                {
                    throw FileError.Managed(FileError.UnauthorizedAccess);
                }

                _files.Add(entry);
            }

            return entry;
        }

        /// <summary>Enters a file for one user alone.</summary>
        internal Entry AddAlone(string fullName) => Add(fullName, FileAccess.ReadWrite, FileShare.None);

        internal void Remove(Entry entry)
        {
            lock (_lock)
            {
                // By reference: two users of one file have equal entries.
                _files.RemoveAll(other => ReferenceEquals(other, entry));
            }
        }

        /// <summary>Locks a directory: refused while anything in it is open.</summary>
        internal string LockDirectory(string fullName)
        {
            string directory = fullName.ToUpperInvariant();
            lock (_lock)
            {
                if (_lockedDirectories.Contains(directory) || _files.Exists(file => IsIn(file.FullName, directory)))
                {
                    throw FileError.Managed(FileError.UnauthorizedAccess);
                }

                _lockedDirectories.Add(directory);
            }

            return directory;
        }

        internal void UnlockDirectory(string directory)
        {
            lock (_lock)
            {
                _lockedDirectories.Remove(directory);
            }
        }

        internal void Clear()
        {
            lock (_lock)
            {
                _files.Clear();
                _lockedDirectories.Clear();
            }
        }

        private static bool IsIn(string path, string directory)
        {
            return path.StartsWith(directory, StringComparison.Ordinal)
                && (path.Length == directory.Length || path[directory.Length] == '\\');
        }
    }
}
