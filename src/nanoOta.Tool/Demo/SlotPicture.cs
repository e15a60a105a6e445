using System.Text.Json.Nodes;
using Spectre.Console;

namespace nanoOta.Tool.Demo
{
    /// <summary>
    /// The two slots of a device through the demo's chapters, a line at each change: what lies in each, and which version is safe, that is,
    /// known to work and never written to. Green is safe, yellow is on its way, red has failed.
    /// </summary>
    internal sealed class SlotPicture(Output output, string version)
    {
        private const int Width = 38;

        private readonly Slot _first = new() { Version = version, Note = "runs, safe", Colour = "green" };
        private readonly Slot _second = new() { Version = "", Note = "empty", Colour = "grey" };
        private Slot? _active;
        private string _shown = "";

        /// <summary>The version that is asked for.</summary>
        public string Wanted { get; set; } = "";

        private Slot Idle => _active == _first ? _second : _first;

        /// <summary>Takes an event of the device, and draws when a slot has changed.</summary>
        public void On(JsonObject e)
        {
            switch ((string?)e["event"])
            {
                case "boot":
                    Boot((string)e["slot"]!, (string?)e["application"] ?? "", (bool)e["trial"]!);
                    break;
                case "cut":
                    Idle.Set(Wanted, "in part", "grey");
                    return;
                case "state":
                    State((string)e["state"]!);
                    break;
            }

            string text = $"{_first.Text} | {_second.Text}";
            if (_active != null && text != _shown)
            {
                _shown = text;
                Draw();
            }
        }

        private void Boot(string place, string application, bool isTrial)
        {
            string name = place.Split('/')[^1];
            _active = _first.Name == name || _first.Name == "" ? _first : _second;
            _active.Name = name;
            bool isBack = Idle.Note == "runs, on trial";
            _active.Set(SemanticVersion.FromAssembly(System.Version.Parse(application)), isTrial ? "runs, on trial" : "runs, safe", isTrial ? "yellow" : "green");
            if (isTrial)
            {
                Idle.Set(Idle.Version, "kept, safe", "green");
            }
            else if (isBack)
            {
                Idle.Set(Idle.Version, "failed", "red");
            }
        }

        private void State(string state)
        {
            switch (state)
            {
                case "downloading":
                    Idle.Set(Wanted, "being written", "yellow");
                    break;
                case "rebooting":
                    Idle.Set(Wanted, "starts next, on trial", "yellow");
                    _active!.Set(_active.Version, "kept, safe", "green");
                    break;
                case "reverting":
                    _active!.Set(_active.Version, "failed", "red");
                    Idle.Set(Idle.Version, "starts next, safe", "green");
                    break;
                case "discarding":
                    Idle.Set(Wanted, "refused", "red");
                    break;
                case "idle" when _active!.Note == "runs, on trial":
                    _active.Set(_active.Version, "runs, safe", "green");
                    Idle.Set(Idle.Version, "to be overwritten", "grey");
                    break;
            }
        }

        private void Draw()
        {
            if (output.IsTerminal)
            {
                output.Console.MarkupLine($"    {_first.Markup} | {_second.Markup}");
            }
            else
            {
                output.Line($"    {_first.Text.PadRight(Width)} | {_second.Text}".TrimEnd());
            }
        }

        private sealed class Slot
        {
            public string Name { get; set; } = "";

            public string Version { get; set; } = "";

            public string Note { get; set; } = "";

            public string Colour { get; set; } = "";

            public string Text => string.Join("  ", new[] { Name == "" ? "other slot" : Name, Version, Note }.Where(part => part != ""));

            public string Markup => $"[{Colour}]{Spectre.Console.Markup.Escape(Text.PadRight(Width))}[/]";

            public void Set(string version, string note, string colour)
            {
                (Version, Note, Colour) = (version, note, colour);
            }
        }
    }
}
