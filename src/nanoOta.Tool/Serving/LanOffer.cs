using System.Text.Json.Nodes;

namespace nanoOta.Tool.Serving
{
    /// <summary>
    /// The update request of a folder that is served on the LAN, offer.json: the twin's plain update request, which devices poll. While
    /// it is paused, updateVersion is null, and what it was stands under "paused", which devices pass over.
    /// </summary>
    internal sealed class LanOffer
    {
        /// <summary>The file's name.</summary>
        public const string FileName = "offer.json";

        private const string Paused = "paused";
        private const string Watch = "watch";
        private const string VersionName = "updateVersion";

        private readonly string _path;
        private readonly JsonObject _json;

        private LanOffer(string path, JsonObject json)
        {
            _path = path;
            _json = json;
        }

        /// <summary>Whether it is paused.</summary>
        public bool IsPaused => _json[Paused] != null;

        /// <summary>Whether nothing is requested, for good.</summary>
        public bool IsCancelled => !IsPaused && _json.ContainsKey(VersionName) && _json[VersionName] == null;

        /// <summary>The version that is requested, or was before the pause; null: none.</summary>
        /// <exception cref="Failure">It is no version.</exception>
        public string? Version => Request[VersionName] switch
        {
            null => null,
            JsonValue value when value.TryGetValue(out string? text) => text,
            // As devices read it.
            JsonValue value when value.TryGetValue(out long number) && number >= 0 => $"{number}.0.0",
            { } other => throw new Failure(ExitCode.Usage, $"{_path}: {VersionName} is {DeviceReport.Printable(other.ToJsonString())}, which is no version: write a semantic version, or a whole number N from 0 to {long.MaxValue} for N.0.0."),
        };

        /// <summary>How many devices of a hundred may update.</summary>
        /// <exception cref="Failure">It is no percentage.</exception>
        public int Percent
        {
            get => Request["updateShare"] switch
            {
                null => 100,
                JsonValue value when value.TryGetValue(out int share) && share is >= 0 and <= 100 => share,
                { } other => throw new Failure(ExitCode.Usage, $"{_path}: updateShare is {DeviceReport.Printable(other.ToJsonString())}, and not a whole number from 0 to 100. Set one: nanoota rollout DIR --percent N"),
            };
            set => Set("updateShare", value == 100 ? null : value);
        }

        /// <summary>How it widens by itself; null: it does not.</summary>
        /// <exception cref="Failure">It cannot be read.</exception>
        public LanPlan? Plan
        {
            get => LanPlan.Read(Request[Watch]);
            set => Set(Watch, value?.ToJson());
        }

        // The request, or what it was before the pause.
        private JsonObject Request => (_json[Paused] as JsonObject) ?? _json;

        /// <summary>Reads the request of a folder; an empty one when there is none.</summary>
        /// <exception cref="Failure">It cannot be read.</exception>
        public static LanOffer In(string folder)
        {
            string path = Path.Combine(folder, FileName);
            return new LanOffer(path, File.Exists(path) ? JsonFile.Read(path) : []);
        }

        /// <summary>Holds the request of a folder against other commands, and against 'nanoota serve'.</summary>
        /// <exception cref="Failure">Another command has it.</exception>
        public static IDisposable Hold(string folder) => FileLock.Take(Path.Combine(folder, FileName), Path.Combine(folder, ".offer.lock"), FileLock.Patience);

        /// <summary>The document for a folder without one: the newest version, for everybody; null: there is none.</summary>
        public static byte[]? Newest(SemanticVersion? version)
        {
            return version == null ? null : JsonFile.ToBytes(new JsonObject { ["updateVersion"] = version.Text });
        }

        /// <summary>Sets a property of the request; null takes it out.</summary>
        public void Set(string name, JsonNode? value)
        {
            if (value == null)
            {
                _json.Remove(name);
            }
            else
            {
                _json[name] = value;
            }
        }

        /// <summary>Takes the request back for now.</summary>
        public void Pause()
        {
            if (!IsPaused)
            {
                var before = (JsonObject)_json.DeepClone();
                _json.Clear();
                _json[VersionName] = null;
                _json[Paused] = before;
            }
        }

        /// <summary>Takes the request back for good.</summary>
        public void Cancel()
        {
            _json.Clear();
            _json[VersionName] = null;
        }

        /// <summary>Makes the request again that was paused.</summary>
        public void Resume()
        {
            if (_json[Paused] is JsonObject before)
            {
                _json.Clear();
                foreach ((string name, JsonNode? value) in before)
                {
                    _json[name] = value?.DeepClone();
                }
            }
        }

        /// <summary>Writes it; devices find it at their next look.</summary>
        public void Save(Output output, string sentence)
        {
            Save();
            output.Line($"{_path}: {sentence}. Devices that poll it find it at their next look.");
            output.Json(new JsonObject { ["file"] = _path, ["offer"] = _json.DeepClone() });
        }

        /// <summary>Writes it, and says nothing.</summary>
        public void Save() => OutputFile.Write(_path, JsonFile.ToBytes(_json));
    }
}
