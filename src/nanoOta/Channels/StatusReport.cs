// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System.Text;

namespace nanoOta
{
    /// <summary>A device's status as channels report it: the object <c>ota</c> (docs/twin.md).</summary>
    public static class StatusReport
    {
        /// <summary>Writes a status as JSON.</summary>
        /// <param name="status">The status.</param>
        /// <returns>An object with <c>current</c>, <c>target</c>, <c>state</c>, <c>waiting</c>, <c>progress</c>, <c>slot</c>, <c>fallback</c> and <c>last</c>.</returns>
        public static string ToJson(UpdateStatus status)
        {
            StringBuilder json = new StringBuilder("{\"current\":");
            AppendText(json, status.Current);
            json.Append(",\"target\":");
            AppendText(json, status.Target);
            json.Append(",\"state\":\"").Append(status.StateText);
            json.Append("\",\"waiting\":");
            AppendText(json, status.Waiting == ResultCode.None ? null : ResultText.Name(status.Waiting));
            json.Append(",\"progress\":").Append(status.Progress.ToString());
            json.Append(",\"slot\":");
            AppendText(json, status.Slot);
            json.Append(status.HasFallback ? ",\"fallback\":true,\"last\":" : ",\"fallback\":false,\"last\":");
            if (status.LastCode == ResultCode.None)
            {
                return json.Append("null}").ToString();
            }

            json.Append("{\"code\":").Append(((int)status.LastCode).ToString());
            json.Append(",\"name\":\"").Append(ResultText.Name(status.LastCode));
            json.Append("\",\"text\":\"").Append(ResultText.Sentence(status.LastCode));
            json.Append("\",\"version\":");
            AppendText(json, status.LastVersion);
            json.Append(",\"time\":");
            AppendText(json, status.LastTime == 0 ? null : UtcTime.Format(status.LastTime));
            return json.Append("}}").ToString();
        }

        // Versions and slots hold nothing that would have to be escaped.
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
