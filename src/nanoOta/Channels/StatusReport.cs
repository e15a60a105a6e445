// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System.Text;

namespace nanoOta
{
    /// <summary>A device's status as channels report it: the object <c>ota</c>.</summary>
    public static class StatusReport
    {
        /// <summary>Writes a status as JSON.</summary>
        /// <param name="status">The status.</param>
        /// <returns>
        /// An object with <c>current</c>, <c>target</c>, <c>state</c>, <c>waiting</c>, <c>progress</c>, <c>bytes</c>, <c>size</c>, <c>slot</c>,
        /// <c>fallback</c>, <c>components</c> when modules report theirs, and <c>last</c>. Codes are numbers: <c>nanoota codes</c> lists them. Since a
        /// download, also <c>fetched</c>, <c>copied</c> and <c>patched</c>, in bytes: where they are left out, those of the last download still hold.
        /// </returns>
        public static string ToJson(UpdateStatus status)
        {
            StringBuilder json = new StringBuilder(status.HasFallback ? "{\"fallback\":true" : "{\"fallback\":false");
            AppendText(json, "current", status.Current);
            AppendText(json, "target", status.Target);
            AppendText(json, "state", status.StateText);
            AppendName(json, "waiting").Append(status.Waiting == ResultCode.None ? "null" : ((int)status.Waiting).ToString());
            AppendNumber(json, "progress", status.Progress);
            AppendNumber(json, "bytes", status.BytesDone);
            AppendNumber(json, "size", status.BytesTotal);
            if (status.BytesTotal > 0)
            {
                AppendNumber(json, "fetched", status.BytesFetched);
                AppendNumber(json, "copied", status.BytesCopied);
                AppendNumber(json, "patched", status.BytesPatched);
            }

            AppendText(json, "slot", status.Slot);
            if (status.Components != null)
            {
                AppendName(json, "components").Append(status.Components);
            }

            AppendName(json, "last");
            if (status.LastCode == ResultCode.None)
            {
                return json.Append("null}").ToString();
            }

            json.Append("{\"code\":").Append(((int)status.LastCode).ToString());
            AppendText(json, "version", status.LastVersion);
            AppendText(json, "time", status.LastTime == 0 ? null : UtcTime.Format(status.LastTime));

            // Null and not left out: a hub keeps what a report does not mention.
            bool hasReason = status.LastCode == ResultCode.SelfTestFailed;
            AppendText(json, "reason", hasReason ? status.LastReason : null);
            AppendName(json, "number").Append(hasReason ? status.LastReasonNumber.ToString() : "null");
            return json.Append("}}").ToString();
        }

        /// <summary>Writes a further member's name.</summary>
        internal static StringBuilder AppendName(StringBuilder json, string name)
        {
            return json.Append(",\"").Append(name).Append("\":");
        }

        /// <summary>Writes a further member that is a number.</summary>
        internal static void AppendNumber(StringBuilder json, string name, long value)
        {
            AppendName(json, name).Append(value.ToString());
        }

        // None of these texts holds anything that would have to be escaped.
        private static void AppendText(StringBuilder json, string name, string text)
        {
            AppendName(json, name);
            if (text == null || text.Length == 0)
            {
                json.Append("null");
            }
            else
            {
                json.Append('"').Append(text).Append('"');
            }
        }
    }
}
