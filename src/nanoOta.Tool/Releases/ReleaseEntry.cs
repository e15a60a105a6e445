using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace nanoOta.Tool.Releases
{
    /// <summary>A file of a release, as the record knows it.</summary>
    /// <param name="Size">Its length in bytes.</param>
    /// <param name="Sha256">SHA-256 in lower-case hexadecimal digits.</param>
    internal sealed record ReleasedFile(int Size, string Sha256);

    /// <summary>A release in the record: a version, the counter that it was given, and its files.</summary>
    /// <param name="Version">The version as it was said, build metadata included.</param>
    /// <param name="Counter">The counter, from 1.</param>
    /// <param name="Created">When <c>release</c> made it, UTC as text; null: <c>pack</c> made it, which names no time.</param>
    /// <param name="Files">Its files by name, with slashes for folders.</param>
    internal sealed record ReleaseEntry(string Version, uint Counter, string? Created, SortedDictionary<string, ReleasedFile> Files)
    {
        /// <summary>Describes a release.</summary>
        public static ReleaseEntry Of(string version, uint counter, string? created, IEnumerable<(string Name, byte[] Bytes)> files)
        {
            var known = new SortedDictionary<string, ReleasedFile>(StringComparer.Ordinal);
            foreach ((string name, byte[] bytes) in files)
            {
                known[name] = new ReleasedFile(bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes)));
            }

            return new ReleaseEntry(version, counter, created, known);
        }

        /// <summary>Reads one.</summary>
        /// <exception cref="FormatException">A member is missing, or is not what it should be.</exception>
        public static ReleaseEntry Read(JsonNode? json)
        {
            try
            {
                JsonObject entry = json!.AsObject();
                string version = (string)entry["version"]!;
                uint counter = (uint)entry["counter"]!;
                var files = new SortedDictionary<string, ReleasedFile>(StringComparer.Ordinal);
                foreach (JsonNode? file in entry["files"]!.AsArray())
                {
                    files.Add((string)file!["name"]!, new ReleasedFile((int)file["size"]!, (string)file["sha256"]!));
                }

                return SemanticVersion.Parse(version) == null ? throw new FormatException($"'{version}' is no semantic version")
                    : counter == 0 ? throw new FormatException("a counter is 0")
                    : new ReleaseEntry(version, counter, (string?)entry["created"], files);
            }
            catch (Exception e) when (e is InvalidOperationException or NullReferenceException or ArgumentException)
            {
                throw new FormatException("each release has a version, a counter, and files with name, size and sha256");
            }
        }

        /// <summary>As it stands in the record.</summary>
        public JsonObject ToJson()
        {
            var json = new JsonObject { ["version"] = Version, ["counter"] = Counter };
            if (Created != null)
            {
                json["created"] = Created;
            }

            json["files"] = new JsonArray([.. Files.Select(file => new JsonObject { ["name"] = file.Key, ["size"] = file.Value.Size, ["sha256"] = file.Value.Sha256 })]);
            return json;
        }

        /// <summary>Whether devices take two versions for the same one: they pass over build metadata.</summary>
        public bool IsVersion(SemanticVersion version)
        {
            return SemanticVersion.Parse(Version)!.Text == version.Text;
        }

        /// <summary>Whether another release is this one, byte for byte.</summary>
        public bool IsSame(ReleaseEntry other)
        {
            return Version == other.Version && Files.SequenceEqual(other.Files);
        }

        /// <summary>The first file that two releases both have, with other content; null: there is none.</summary>
        public string? Difference(ReleaseEntry other)
        {
            return other.Files.FirstOrDefault(file => Files.TryGetValue(file.Key, out ReleasedFile? own) && own != file.Value).Key;
        }

        /// <summary>The release with the files of another one as well, for example of one more layout.</summary>
        public ReleaseEntry With(ReleaseEntry more)
        {
            var all = new SortedDictionary<string, ReleasedFile>(Files, StringComparer.Ordinal);
            foreach ((string name, ReleasedFile file) in more.Files)
            {
                all[name] = file;
            }

            return this with { Files = all };
        }
    }
}
