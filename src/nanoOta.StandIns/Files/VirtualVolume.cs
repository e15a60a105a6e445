namespace nanoOta.StandIns
{
    /// <summary>
    /// One drive: what is durable on it. Keys are paths without drive, <c>ota/a.bin</c>; names keep their case, as on littlefs.
    /// </summary>
    internal sealed class VirtualVolume(string name, long capacity)
    {
        private const char Separator = '/';

        // A null content is a directory; the root is not listed.
        private readonly SortedDictionary<string, byte[]?> _entries = new(StringComparer.Ordinal);
        private readonly List<OpenFile> _open = [];

        /// <summary>With colon and without slash: <c>I:</c>.</summary>
        internal string Name => name;

        internal long Capacity => capacity;

        /// <summary>How often the drive was put back: what was open before that is dead.</summary>
        internal int Insertions { get; set; }

        internal IReadOnlyDictionary<string, byte[]?> Entries => _entries;

        internal bool IsDirectory(string key)
        {
            return key.Length == 0 || (_entries.TryGetValue(key, out byte[]? content) && content is null);
        }

        internal byte[]? Content(string key) => _entries.GetValueOrDefault(key);

        internal bool Exists(string key) => key.Length == 0 || _entries.ContainsKey(key);

        internal bool ParentExists(string key) => IsDirectory(Parent(key));

        internal void Put(string key, byte[]? content) => _entries[key] = content;

        internal void Remove(string key) => _entries.Remove(key);

        /// <summary>The names directly in a directory, in the order of littlefs.</summary>
        internal List<string> Children(string key)
        {
            string prefix = key.Length == 0 ? "" : key + Separator;
            return [.. _entries.Keys
                .Where(entry => entry.StartsWith(prefix, StringComparison.Ordinal)
                    && entry.IndexOf(Separator, prefix.Length) < 0)
                .Select(entry => entry[prefix.Length..])];
        }

        /// <summary>A rename is refused when littlefs refuses it: no source, no parent, or a target that is in the way.</summary>
        internal bool CanRename(string from, string to)
        {
            if (from.Length == 0 || !_entries.TryGetValue(from, out byte[]? content) || !ParentExists(to) || Inside(to, from))
            {
                return false;
            }

            // Of what exists, only an empty directory may be replaced, and by a directory.
            return !Exists(to) || (content is null && IsDirectory(to) && Children(to).Count == 0);
        }

        internal void Rename(string from, string to)
        {
            foreach (string key in _entries.Keys.Where(entry => entry == from || Inside(entry, from)).ToList())
            {
                byte[]? content = _entries[key];
                _entries.Remove(key);
                _entries[to + key[from.Length..]] = content;
            }
        }

        internal void Opened(OpenFile file) => _open.Add(file);

        internal void Closed(OpenFile file) => _open.Remove(file);

        internal void CloseAll() => _open.Clear();

        /// <summary>
        /// Whether an open file may hold so many bytes that are not durable yet. Old content keeps its place until the new
        /// one is committed; blocks and metadata are not counted, so a device is full somewhat earlier.
        /// </summary>
        internal bool HasRoom(OpenFile file, long pendingBytes)
        {
            long durable = _entries.Values.Sum(content => (long)(content?.Length ?? 0));
            long pendingOfOthers = _open.Where(other => other != file).Sum(other => other.PendingBytes);
            return durable + pendingOfOthers + pendingBytes <= capacity;
        }

        private static string Parent(string key) => key.LastIndexOf(Separator) is >= 0 and int at ? key[..at] : "";

        private static bool Inside(string key, string directory)
        {
            return key.Length > directory.Length && key[directory.Length] == Separator
                && key.StartsWith(directory, StringComparison.Ordinal);
        }
    }
}
