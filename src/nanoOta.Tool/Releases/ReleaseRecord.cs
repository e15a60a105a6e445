using System.Text.Json.Nodes;

namespace nanoOta.Tool.Releases
{
    /// <summary>
    /// The record of a product's releases, releases.json beside them: what was released when, with which counter and which hashes. A counter is
    /// given once, also when its release is deleted or was never written to its end: a device that applied it refuses lower ones. The file is
    /// locked from <see cref="Open"/> on, so that two commands at the same time give two counters.
    /// </summary>
    internal sealed class ReleaseRecord : IDisposable
    {
        /// <summary>The record's name in a folder of releases.</summary>
        public const string FileName = "releases.json";

        private const string Advice = "Restore it from version control or a backup; without it a counter could be given twice.";

        private readonly string _path;
        private readonly IDisposable _lock;
        private readonly List<ReleaseEntry> _releases = [];
        private string? _provider;
        private string? _name;

        private ReleaseRecord(string path, IDisposable held)
        {
            _path = path;
            _lock = held;
        }

        /// <summary>Whether there was no record yet.</summary>
        public bool IsNew { get; private set; }

        /// <summary>The highest counter given; 0: none was.</summary>
        public uint Highest => _releases.Select(entry => entry.Counter).DefaultIfEmpty().Max();

        /// <summary>The version released last; null: none was.</summary>
        public SemanticVersion? Last => _releases.Count == 0 ? null : SemanticVersion.Parse(_releases[^1].Version);

        /// <summary>Locks a record and reads it; an empty one when there is none.</summary>
        /// <param name="path">The record's file, in a folder that is there.</param>
        /// <param name="patience">How long to wait for another command that has it.</param>
        /// <exception cref="Failure">It cannot be read or locked, or is none.</exception>
        public static ReleaseRecord Open(string path, TimeSpan patience)
        {
            if (Directory.Exists(path))
            {
                throw new Failure(ExitCode.Usage, $"{path} is a folder: name the record's file, such as {Path.Combine(path, FileName)}.");
            }

            var record = new ReleaseRecord(path, FileLock.Take(path, path + ".lock", patience));
            try
            {
                record.IsNew = !File.Exists(path);
                if (!record.IsNew)
                {
                    record.Read();
                }

                return record;
            }
            catch (Exception)
            {
                record.Dispose();
                throw;
            }
        }

        /// <summary>Ends the lock.</summary>
        public void Dispose()
        {
            _lock.Dispose();
        }

        /// <summary>The release of a version that <c>release</c> made; null: there is none.</summary>
        public ReleaseEntry? Find(SemanticVersion version)
        {
            return _releases.LastOrDefault(entry => entry.Created != null && entry.IsVersion(version));
        }

        /// <summary>The last release, when it has the highest counter and is this very one; null otherwise. Packing it again gives no new counter.</summary>
        /// <param name="make">Makes the release with a counter.</param>
        public ReleaseEntry? FindLast(Func<uint, ReleaseEntry> make)
        {
            return _releases.Count > 0 && _releases[^1].Counter == Highest && _releases[^1].IsSame(make(Highest)) ? _releases[^1] : null;
        }

        /// <summary>The next counter that can be given.</summary>
        /// <param name="published">The highest counter that is published already, 0 for none.</param>
        /// <exception cref="Failure">No number is left.</exception>
        public uint Next(uint published)
        {
            return Math.Max(Highest, published) + 1 is > 0 and uint next ? next
                : throw new Failure(ExitCode.Usage, $"no counter is left: {uint.MaxValue} was given ({_path}), the highest there is. Devices that applied it take only releases with that same counter.");
        }

        /// <summary>Refuses a release of another product than the record's.</summary>
        /// <exception cref="Failure">It is of another one.</exception>
        public void RequireProduct(string? provider, string? name)
        {
            if ((provider != null && _provider != null && provider != _provider) || (name != null && _name != null && name != _name))
            {
                throw new Failure(ExitCode.Usage, $"{_path} is the record of '{_provider} {_name}', and this release is of '{provider} {name}'. Name that product's own record by --record, or its own folder by --out.");
            }

            _provider ??= provider;
            _name ??= name;
        }

        /// <summary>Writes down, before any file of the release is written, that it has its counter.</summary>
        /// <param name="entry">The release. One that is in the record gets the files that are new.</param>
        /// <param name="published">The highest counter that is published already, 0 for none; of no account for a release that is in the record.</param>
        /// <exception cref="Failure">Another release has the counter, a higher one was given, or the record cannot be written.</exception>
        public void Give(ReleaseEntry entry, uint published)
        {
            int at = _releases.FindIndex(known => known.Counter == entry.Counter);
            ReleaseEntry? same = at < 0 ? null : _releases[at];
            if (same != null && (same.Version != entry.Version || same.Created != entry.Created || same.Difference(entry) != null))
            {
                throw new Failure(ExitCode.Conflict, $"counter {entry.Counter} was given to version {same.Version} ({_path}), and a number is given once, even if that release is deleted. Take --counter next.");
            }

            if (same == null && entry.Counter <= Math.Max(Highest, published))
            {
                string where = published > Highest ? "published" : $"given ({_path})";
                throw new Failure(ExitCode.Conflict, $"counter {entry.Counter} is not above {Math.Max(Highest, published)}, the last one {where}: devices that applied that one would refuse it. Take --counter next.");
            }

            if (same == null)
            {
                _releases.Add(entry);
            }
            else if (entry.Files.Keys.All(same.Files.ContainsKey))
            {
                return;
            }
            else
            {
                _releases[at] = same.With(entry);
            }

            OutputFile.Write(_path, JsonFile.ToBytes(ToJson()));
        }

        private JsonObject ToJson()
        {
            var json = new JsonObject();
            if (_provider != null)
            {
                json["provider"] = _provider;
            }

            if (_name != null)
            {
                json["name"] = _name;
            }

            json["releases"] = new JsonArray([.. _releases.Select(entry => entry.ToJson())]);
            return json;
        }

        private void Read()
        {
            try
            {
                JsonObject json = ReadFile();
                _provider = (string?)json["provider"];
                _name = (string?)json["name"];
                _releases.AddRange((json["releases"] as JsonArray ?? throw new FormatException("it has no list of releases")).Select(ReleaseEntry.Read));
                if (_releases.DistinctBy(entry => entry.Counter).Count() < _releases.Count)
                {
                    throw new FormatException("two releases have the same counter");
                }
            }
            catch (Exception e) when (e is FormatException or InvalidOperationException)
            {
                throw new Failure(ExitCode.Usage, $"{_path} is no record of releases: {e.Message.TrimEnd('.')}. {Advice}");
            }
        }

        private JsonObject ReadFile()
        {
            try
            {
                return JsonFile.Read(_path);
            }
            catch (Failure failure)
            {
                // It names the file.
                throw new Failure(failure.Code, $"{failure.Message.TrimEnd('.')}. As it is, it is no record of releases. {Advice}");
            }
        }
    }
}
