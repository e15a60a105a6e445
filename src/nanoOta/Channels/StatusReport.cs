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
            StringBuilder json = new StringBuilder("{\"current\":");
            AppendText(json, status.Current);
            json.Append(",\"target\":");
            AppendText(json, status.Target);
            json.Append(",\"state\":");
            AppendText(json, status.StateText);
            json.Append(",\"waiting\":").Append(status.Waiting == ResultCode.None ? "null" : ((int)status.Waiting).ToString());
            AppendNumber(json, ",\"progress\":", status.Progress);
            AppendNumber(json, ",\"bytes\":", status.BytesDone);
            AppendNumber(json, ",\"size\":", status.BytesTotal);
            if (status.BytesTotal > 0)
            {
                AppendNumber(json, ",\"fetched\":", status.BytesFetched);
                AppendNumber(json, ",\"copied\":", status.BytesCopied);
                AppendNumber(json, ",\"patched\":", status.BytesPatched);
            }

            json.Append(",\"slot\":");
            AppendText(json, status.Slot);
            json.Append(status.HasFallback ? ",\"fallback\":true" : ",\"fallback\":false");
            if (status.Components != null)
            {
                json.Append(",\"components\":").Append(status.Components);
            }

            json.Append(",\"last\":");
            if (status.LastCode == ResultCode.None)
            {
                return json.Append("null}").ToString();
            }

            json.Append("{\"code\":").Append(((int)status.LastCode).ToString());
            json.Append(",\"version\":");
            AppendText(json, status.LastVersion);
            json.Append(",\"time\":");
            AppendText(json, status.LastTime == 0 ? null : UtcTime.Format(status.LastTime));

            // Null and not left out: a hub keeps what a report does not mention.
            bool hasReason = status.LastCode == ResultCode.SelfTestFailed;
            json.Append(",\"reason\":");
            AppendText(json, hasReason ? status.LastReason : null);
            json.Append(",\"number\":").Append(hasReason ? status.LastReasonNumber.ToString() : "null");
            return json.Append("}}").ToString();
        }

        private static void AppendNumber(StringBuilder json, string name, long value)
        {
            json.Append(name).Append(value.ToString());
        }

        // None of these texts holds anything that would have to be escaped.
        private static void AppendText(StringBuilder json, string text)
        {
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
