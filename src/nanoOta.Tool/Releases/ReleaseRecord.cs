using System.Globalization;
using System.Text.Json.Nodes;
using nanoOta.Tool.DeviceUpdates;

namespace nanoOta.Tool.Releases
{
    /// <summary>
    /// The record of a product's releases, releases.json beside them: what was released when, with which counter and which hashes. Keep
    /// it under version control: it is what keeps a counter from being used twice, also after releases were deleted.
    /// </summary>
    internal sealed class ReleaseRecord
    {
        private const string FileName = "releases.json";

        private readonly string _path;
        private readonly JsonArray _releases;

        private ReleaseRecord(string path, JsonArray releases)
        {
            _path = path;
            _releases = releases;
        }

        /// <summary>The counter for the next release.</summary>
        public uint NextCounter => _releases.Max(entry => (uint?)entry!["counter"]) is { } most ? most + 1 : 1;

        /// <summary>Reads the record of a folder; an empty one when there is none.</summary>
        /// <exception cref="Failure">It cannot be read.</exception>
        public static ReleaseRecord In(string folder)
        {
            string path = Path.Combine(folder, FileName);
            if (!File.Exists(path))
            {
                return new ReleaseRecord(path, []);
            }

            try
            {
                JsonArray releases = ImportManifest.Read(path)["releases"]!.AsArray();
                foreach (JsonNode? entry in releases)
                {
                    _ = (string)entry!["version"]!;
                    _ = (uint)entry["counter"]!;
                    _ = (string)entry["created"]!;
                    _ = entry["files"]!.AsArray();
                }

                return new ReleaseRecord(path, releases);
            }
            catch (Exception e) when (e is InvalidOperationException or NullReferenceException or FormatException)
            {
                throw new Failure(ExitCode.Usage, $"{path} is no record of releases: each needs version, counter, created and files.");
            }
        }

        /// <summary>What is known of a version; null: it was not released.</summary>
        public JsonObject? Find(string version) => _releases.Select(entry => entry!.AsObject()).FirstOrDefault(entry => (string?)entry["version"] == version);

        /// <summary>The version released last; null: none was.</summary>
        public string? Last => (string?)_releases.LastOrDefault()?["version"];

        /// <summary>Adds a release, and writes the record.</summary>
        public void Add(JsonObject entry)
        {
            if (Find((string)entry["version"]!) == null)
            {
                _releases.Add(entry.DeepClone());
            }

            OutputFile.Write(_path, ImportManifest.ToBytes(new JsonObject { ["releases"] = _releases.DeepClone() }));
        }

        /// <summary>When a release is made: as said, else SOURCE_DATE_EPOCH, else as recorded, else now. UTC, as text.</summary>
        /// <exception cref="Failure">SOURCE_DATE_EPOCH is no number.</exception>
        public string Created(string version, string? said)
        {
            string? epoch = Environment.GetEnvironmentVariable("SOURCE_DATE_EPOCH");
            return said ?? (epoch != null ? Text(DateTimeOffset.FromUnixTimeSeconds(long.TryParse(epoch, CultureInfo.InvariantCulture, out long seconds) && seconds is >= 0 and < 253402300800 ? seconds
                : throw new Failure(ExitCode.Usage, $"SOURCE_DATE_EPOCH is '{epoch}', which is no number of seconds."))) : null)
                ?? (string?)Find(version)?["created"] ?? Text(DateTimeOffset.UtcNow);
        }

        private static string Text(DateTimeOffset time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
    }
}
