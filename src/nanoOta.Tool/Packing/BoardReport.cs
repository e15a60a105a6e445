using System.Text.Json.Nodes;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.Tool.Packing
{
    /// <summary>What a device reports of itself, compared with the board configuration of its platform (docs/bundles.md).</summary>
    internal sealed class BoardReport
    {
        private readonly JsonObject _ota;
        private readonly JsonObject _components;

        private BoardReport(JsonObject ota, JsonObject components)
        {
            _ota = ota;
            _components = components;
        }

        /// <summary>Reads a report: the object <c>ota</c>, or a twin that holds it, as <c>az iot hub device-twin show</c> prints it.</summary>
        /// <exception cref="Failure">The file holds none.</exception>
        public static BoardReport Read(string path)
        {
            JsonObject json = JsonFile.Read(path);
            JsonNode? inner = (json["properties"] as JsonObject ?? json)["reported"] ?? json;
            JsonObject? ota = (inner as JsonObject)?["ota"] as JsonObject ?? inner as JsonObject;
            return ota?["state"] == null || ota["components"] is not (null or JsonObject)
                ? throw new Failure(ExitCode.Usage, $"{path} holds no report of a device: neither the object ota (docs/twin.md) nor a twin with properties.reported.ota.")
                : new BoardReport(ota, ota["components"] as JsonObject ?? []);
        }

        /// <summary>Compares it.</summary>
        /// <param name="board">The board configuration.</param>
        /// <param name="boardPath">Its file, for messages.</param>
        public ImageReport Compare(BoardFile board, string boardPath)
        {
            List<ImageCheck> checks = [];
            List<string> contents = [];
            foreach ((string id, IReadOnlyDictionary<string, string> requires) in board.Components)
            {
                if (id == ManifestComponent.Clr)
                {
                    contents.Add($"{id}: no report has its version");
                }
                else
                {
                    checks.Add(IsFirmware(id) ? CheckOf(id, VersionOf(id) != null, $"{VersionOf(id)} runs.", "No version is reported as current.") : Component(id));
                }

                foreach ((string other, string least) in requires)
                {
                    if (VersionOf(other) is { } version)
                    {
                        bool holds = version.CompareTo(SemanticVersion.Parse(least)!) >= 0;
                        checks.Add(CheckOf($"{id} needs {other}", holds, $"{least} or newer; {version.Text} is installed.", $"{least} or newer; {version.Text} is installed. Update {other} first, or both together."));
                    }
                }
            }

            foreach (string id in _components.Select(component => component.Key).Where(id => board.Components.All(component => component.Id != id)))
            {
                checks.Add(new ImageCheck(id, false, $"The device reports it, and {boardPath} does not have it. Is the device of another platform?"));
            }

            string current = VersionOf(ManifestComponent.Deployment)?.Text ?? "";
            ImageFact[] facts =
            [
                new("Board", boardPath),
                new("Platform", board.Platform ?? "not named"),
                new("State", Text(_ota["state"]) ?? "?"),
                new("Slot", Text(_ota["slot"]) ?? "not reported"),
            ];
            return new ImageReport(ImageKind.DeviceReport, current.Length == 0 ? "report of a device" : $"report of a device that runs {current}", current, facts, contents, checks);
        }

        private ImageCheck Component(string id)
        {
            if (_components[id] is not JsonObject component)
            {
                return new ImageCheck(id, false, "The device does not report it: its application has no module of that id (docs/modules.md), and updates of it would end in ComponentUnknown.");
            }

            string state = Text(component["state"]) ?? "?";
            string version = VersionOf(id)?.Text ?? "no version";
            string why = component["code"] is JsonValue value && value.TryGetValue(out int code) ? $" ({(Enum.IsDefined((ResultCode)code) ? ResultText.Name((ResultCode)code) : code)})" : "";
            return component["trouble"] is JsonValue trouble && trouble.TryGetValue(out bool isTrouble) && isTrouble
                ? new ImageCheck(id, false, $"{version}, in trouble{why}: confirming or reverting failed, which means broken hardware. Look at the board.")
                : CheckOf(id, state != "failed", $"{version}, {state}.", $"{version}, failed{why}. See nanoota explain.");
        }

        // The release's version is the deployment's, perhaps with a pre-release part that the image itself does not have.
        private SemanticVersion? VersionOf(string id)
        {
            return IsFirmware(id) ? SemanticVersion.Parse(Text(_ota["current"])!) is { } current ? SemanticVersion.Parse(current.Core) : null
                : SemanticVersion.Parse(Text((_components[id] as JsonObject)?["version"])!);
        }

        private static bool IsFirmware(string id) => id is ManifestComponent.Deployment or AppFolders.Component;

        private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;

        private static ImageCheck CheckOf(string name, bool ok, string whenOk, string whenNot) => new(name, ok, ok ? whenOk : whenNot);
    }
}
