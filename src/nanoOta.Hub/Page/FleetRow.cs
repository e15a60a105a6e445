using System.Text;
using System.Text.Json.Nodes;

namespace nanoOta.Hub
{
    /// <summary>A device as the page shows it.</summary>
    /// <param name="Id">Its id.</param>
    /// <param name="Product">The tag <c>product</c>; null: none.</param>
    /// <param name="Group">The tag <c>group</c>; null: none.</param>
    /// <param name="Wanted">The version that the operator wants; null: none.</param>
    /// <param name="IsOnline">Whether it is connected.</param>
    /// <param name="Heard">When it was heard of last, UTC; null: never.</param>
    public sealed record FleetRow(string Id, string? Product, string? Group, string? Wanted, bool IsOnline, DateTime? Heard)
    {
        private const int MaxText = 64;

        /// <summary>The version that runs.</summary>
        public string? Current { get; private init; }

        /// <summary>The version under way.</summary>
        public string? Target { get; private init; }

        /// <summary>The agent's state in a word.</summary>
        public string? State { get; private init; }

        /// <summary>What the update waits for; null: it does not wait.</summary>
        public int? Waiting { get; private init; }

        /// <summary>Per cent of the download.</summary>
        public int Progress { get; private init; }

        /// <summary>How the last update ended; null: there was none.</summary>
        public int? Code { get; private init; }

        /// <summary>The version that <see cref="Code"/> is of.</summary>
        public string? LastVersion { get; private init; }

        /// <summary>When it ended, as the device wrote it.</summary>
        public string? LastTime { get; private init; }

        /// <summary>What the self-test said.</summary>
        public string? Reason { get; private init; }

        /// <summary>The row with what the object <c>ota</c> says (docs/twin.md). It may come from anybody on a LAN: what has another type, or is no text at all, is passed over.</summary>
        public FleetRow With(JsonObject? ota)
        {
            JsonObject? last = ota?["last"] as JsonObject;
            return this with
            {
                Current = Text(ota, "current"),
                Target = Text(ota, "target"),
                State = Text(ota, "state"),
                Waiting = Number(ota, "waiting"),
                Progress = Math.Clamp(Number(ota, "progress") ?? 0, 0, 100),
                Code = Number(last, "code"),
                LastVersion = Text(last, "version"),
                LastTime = Text(last, "time"),
                Reason = Text(last, "reason"),
            };
        }

        /// <summary>The members that the page takes, in its order.</summary>
        internal JsonArray ToJson()
        {
            return [Id, Product, Group, Wanted, Current, Target, State, Waiting, Progress, Code, LastVersion, LastTime, Reason, IsOnline, Heard is { } time ? HubClock.Text(time) : null];
        }

        private static string? Text(JsonObject? json, string name)
        {
            try
            {
                string text = json?[name] is JsonValue value && value.TryGetValue(out string? all) ? string.Concat(all.EnumerateRunes().Where(rune => !Rune.IsControl(rune)).Take(MaxText)) : "";
                return text.Length == 0 ? null : text;
            }
            catch (InvalidOperationException)
            {
                // Half of a surrogate pair, or bytes that are not UTF-8: found only when the text is asked for.
                return null;
            }
        }

        private static int? Number(JsonObject? json, string name)
        {
            return json?[name] is JsonValue value && value.TryGetValue(out int number) ? number : null;
        }
    }
}
