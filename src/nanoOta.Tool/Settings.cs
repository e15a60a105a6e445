using System.Text.Json.Nodes;

namespace nanoOta.Tool
{
    /// <summary>
    /// What need not be typed each time: an option that is not given is looked up in the environment (NANOOTA_HUB for "hub"), then in a
    /// JSON file with the same names ({"hub":"…"}): the one that --settings names, or nanoota.json in the current folder.
    /// </summary>
    internal sealed class Settings
    {
        /// <summary>The file that is read when none is named.</summary>
        public const string DefaultFile = "nanoota.json";

        private readonly string _path;
        private readonly JsonObject _file;

        private Settings(string path, JsonObject file)
        {
            _path = path;
            _file = file;
        }

        /// <summary>Reads the settings.</summary>
        /// <param name="path">The file; null: the one in the current folder, if there is one.</param>
        /// <exception cref="Failure">The file cannot be read, or is no JSON object.</exception>
        public static Settings Read(string? path)
        {
            if (path == null && !File.Exists(DefaultFile))
            {
                return new Settings("", []);
            }

            path ??= DefaultFile;
            return new Settings(path, JsonFile.Read(path, isSecret: true));
        }

        /// <summary>The value of a name: the option's, else the environment's, else the file's; null when none has it.</summary>
        /// <exception cref="Failure">It is empty, as a secret of a pipeline that is not there, or no text.</exception>
        public string? Find(string name, string? option)
        {
            (string? value, string where) = option != null ? (option, $"--{name}")
                : Environment.GetEnvironmentVariable(Variable(name)) is { } variable ? (variable, Variable(name))
                : (InFile(name), $"{_path}: \"{name}\"");
            return value?.Length == 0 ? throw new Failure(ExitCode.Usage, $"{where} is empty: give it a value, or leave it out.") : value;
        }

        /// <summary>The value of a name.</summary>
        /// <exception cref="Failure">Nothing says it.</exception>
        public string Get(string name, string? option)
        {
            return Find(name, option) is { } value ? value
                : throw new Failure(ExitCode.Usage, $"--{name} is needed: as an option, as {Variable(name)} in the environment, or as \"{name}\" in {DefaultFile}.");
        }

        private string? InFile(string name)
        {
            return _file[name] switch
            {
                null => null,
                JsonValue value when value.TryGetValue(out string? text) => text,
                _ => throw new Failure(ExitCode.Usage, $"{_path}: \"{name}\" is no text."),
            };
        }

        private static string Variable(string name) => "NANOOTA_" + name.ToUpperInvariant().Replace('-', '_');
    }
}
