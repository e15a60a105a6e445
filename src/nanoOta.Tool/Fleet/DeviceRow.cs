using System.Text.Json.Nodes;
using nanoOta.Tool.Serving;

namespace nanoOta.Tool.Fleet
{
    /// <summary>Where a device is on its way to a version.</summary>
    internal enum DeviceProgress
    {
        /// <summary>It has never reported.</summary>
        Silent,

        /// <summary>It has not taken up the version yet.</summary>
        Open,

        /// <summary>It waits: for its time, its percentage, or another try.</summary>
        Waiting,

        /// <summary>It downloads, or has gone further: until its trial has passed or is taken back.</summary>
        Downloading,

        /// <summary>It runs the version, and its trial has passed.</summary>
        Applied,

        /// <summary>It ran the version, and went back.</summary>
        RolledBack,

        /// <summary>It refused the version, or could not get it.</summary>
        Failed,
    }

    /// <summary>A device as its report has it.</summary>
    internal sealed record DeviceRow(string Id, string? Current, string State, DeviceProgress Progress, ResultCode Waiting, ResultCode Last, string? Time, string? Reason, int Percent)
    {
        /// <summary>The states in which a device already reports a version as current that it may still take back.</summary>
        public static readonly IReadOnlyList<string> Unconfirmed = ["rebooting", "trial", "confirming", "reverting"];

        /// <summary>The query for the rows of a condition.</summary>
        public static string Query(string condition) => $"SELECT deviceId, properties.reported.ota AS ota FROM devices WHERE {condition}";

        /// <summary>The version that the device runs and has confirmed; null: none is known, or it is on trial.</summary>
        public string? Confirmed => Unconfirmed.Contains(State) ? null : Current;

        /// <summary>Whether the device has decided.</summary>
        public bool IsDecided => Progress is DeviceProgress.Applied or DeviceProgress.RolledBack or DeviceProgress.Failed;

        /// <summary>Whether the version did not come through.</summary>
        public bool IsBad => Progress is DeviceProgress.RolledBack or DeviceProgress.Failed;

        /// <summary>Reads a row of <see cref="Query"/>.</summary>
        /// <param name="row">The row.</param>
        /// <param name="version">The version that the rollout is about.</param>
        public static DeviceRow Read(JsonObject row, string version)
        {
            string id = IdOf(row);
            if (row["ota"] is not JsonObject ota || Text(ota, "state") is not { } state)
            {
                return new DeviceRow(id, null, "", DeviceProgress.Silent, ResultCode.None, ResultCode.None, null, null, 0);
            }

            var last = ota["last"] as JsonObject;
            var code = (ResultCode)(last == null ? 0 : Number(last, "code"));
            bool isAbout = last != null && Text(last, "version") == version;
            string? current = Text(ota, "current");
            DeviceProgress progress = current == version ? (Unconfirmed.Contains(state) ? DeviceProgress.Downloading : DeviceProgress.Applied)
                : Text(ota, "target") == version && state is not ("idle" or "waiting" or "reverting" or "discarding") ? DeviceProgress.Downloading
                : Text(ota, "target") == version && state == "waiting" ? DeviceProgress.Waiting
                : isAbout && (int)code is >= 700 and < 800 ? DeviceProgress.RolledBack
                : isAbout && (int)code >= 100 ? DeviceProgress.Failed
                : DeviceProgress.Open;
            return new DeviceRow(id, current, state, progress, (ResultCode)Number(ota, "waiting"), isAbout || progress == DeviceProgress.Open ? code : ResultCode.None,
                last == null ? null : Text(last, "time"), last == null ? null : Text(last, "reason"), Math.Clamp(Number(ota, "progress"), 0, 100));
        }

        /// <summary>The device of a row.</summary>
        public static string IdOf(JsonObject row) => DeviceReport.Printable(JsonMember.Text(row, "deviceId") ?? "?");

        private static string? Text(JsonObject json, string name)
        {
            return JsonMember.Text(json, name) is { } text ? DeviceReport.Printable(text) : null;
        }

        private static int Number(JsonObject json, string name)
        {
            return json[name] is JsonValue value && value.TryGetValue(out double number) ? (int)Math.Clamp(number, -1, 100000) : 0;
        }
    }
}
