// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System.Text;

namespace nanoOta
{
    /// <summary>What a device reports to Azure Device Update, as JSON: members of the reported properties.</summary>
    internal static class DeviceUpdateReport
    {
        internal const int Idle = 0;
        internal const int InProgress = 6;
        internal const int Failed = 255;

        private const int Success = 700;
        private const int AlreadyInstalled = 603;
        private const int Cancelled = -1;

        // Facility 1 of the extended result is ours; the component is the code's hundreds, the error the code.
        private const int Facility = 1;

        /// <summary>An update's id: JSON text, which is reported as a string.</summary>
        internal static string UpdateId(string provider, string name, string version)
        {
            StringBuilder json = new StringBuilder();
            Text(json, "provider", provider);
            Text(json, "name", name);
            Text(json, "version", version);
            return "{" + json.Append('}').ToString().Substring(1);
        }

        /// <summary>The answer to a request.</summary>
        internal static string Answer(ResultCode code, long version)
        {
            StringBuilder json = new StringBuilder("\"deviceUpdate\":{\"__t\":\"c\",\"service\":{\"value\":{}");
            StatusReport.AppendNumber(json, "ac", code == ResultCode.None ? 200 : 406);
            StatusReport.AppendNumber(json, "av", version);

            // Null removes what an earlier answer said.
            Text(json, "ad", code == ResultCode.None ? null : Name(code));
            return json.Append("}}").ToString();
        }

        /// <summary>The agent's state.</summary>
        /// <param name="options">Gives what is compatible; null: only what changes is said.</param>
        /// <param name="state">The state.</param>
        /// <param name="installed">The id of the update that is installed; null: not to be told now.</param>
        /// <param name="workflow">The request that is dealt with; null: none.</param>
        /// <param name="result">The result's JSON, or null as text; null: not to be told.</param>
        internal static string Agent(DeviceUpdateOptions options, int state, string installed, DeviceUpdateRequest workflow, string result)
        {
            StringBuilder json = new StringBuilder("\"deviceUpdate\":{\"__t\":\"c\",\"agent\":{\"state\":").Append(state.ToString());
            if (options != null)
            {
                json.Append(",\"deviceProperties\":{\"aduVer\":\"DU;nanoOta/0.1.0\"");
                Product(json, options);
                string names = "manufacturer,model";
                for (int i = 0; i < options.CompatibilityNames.Length; i++)
                {
                    string name = options.CompatibilityNames[i];
                    Text(json, name, options.CompatibilityValues[i]);
                    names += "," + name;
                }

                // The third contract is that of agents which follow root-key packages.
                Text(json, "contractModelId", "dtmi:azure:iot:deviceUpdateContractModel;" + (options.RootKeys.FollowsPackages ? "3" : "2"));
                Text(json.Append('}'), "compatPropertyNames", names);
            }

            if (workflow != null)
            {
                json.Append(",\"workflow\":{\"action\":").Append(workflow.Action.ToString());
                Text(json, "id", workflow.WorkflowId);
                Text(json, "retryTimestamp", workflow.RetryTimestamp);
                json.Append('}');
            }

            if (result != null)
            {
                StatusReport.AppendName(json, "lastInstallResult").Append(result);
            }

            if (installed != null)
            {
                Text(json, "installedUpdateId", installed);
            }

            return json.Append("}}").ToString();
        }

        /// <summary>A result with those of its steps.</summary>
        /// <param name="code"><see cref="ResultCode.Applied"/>, <see cref="ResultCode.Cancelled"/>, or why it failed.</param>
        /// <param name="steps">How many steps there are.</param>
        /// <param name="installed">A bit for each that was done already.</param>
        internal static string Result(ResultCode code, int steps, uint installed)
        {
            StringBuilder json = new StringBuilder();
            Result(json, code, false);
            json.Append(",\"stepResults\":{");
            for (int i = 0; i < steps; i++)
            {
                json.Append(i == 0 ? "\"step_" : ",\"step_").Append(i.ToString()).Append("\":");
                Result(json, code, ((installed >> i) & 1) != 0);
                json.Append('}');
            }

            return json.Append("}}").ToString();
        }

        /// <summary>The component <c>deviceInformation</c>.</summary>
        internal static string Information(DeviceUpdateOptions options, string version)
        {
            StringBuilder json = new StringBuilder("\"deviceInformation\":{\"__t\":\"c\"");
            Product(json, options);
            Text(json, "swVersion", version);
            Text(json, "osName", options.OsName);
            Text(json, "processorArchitecture", options.ProcessorArchitecture);
            Text(json, "processorManufacturer", options.ProcessorManufacturer);
            StatusReport.AppendNumber(json, "totalStorage", options.TotalStorage);
            StatusReport.AppendNumber(json, "totalMemory", options.TotalMemory);
            return json.Append('}').ToString();
        }

        private static void Product(StringBuilder json, DeviceUpdateOptions options)
        {
            Text(json, "manufacturer", options.Manufacturer);
            Text(json, "model", options.Model);
        }

        // The service shows texts: "nanoota codes" says what the number stands for.
        private static string Name(ResultCode code)
        {
            return "nanoOta " + ((int)code).ToString();
        }

        // Left open, for what belongs to it.
        private static void Result(StringBuilder json, ResultCode code, bool installed)
        {
            bool applied = code == ResultCode.Applied;
            bool cancelled = code == ResultCode.Cancelled;
            int extended = applied || cancelled ? 0 : (Facility << 28) | ((int)code / 100 << 20) | (int)code;
            json.Append("{\"resultCode\":").Append((applied ? installed ? AlreadyInstalled : Success : cancelled ? Cancelled : 0).ToString());
            StatusReport.AppendNumber(json, "extendedResultCode", extended);
            Text(json, "resultDetails", applied ? "Ok" : Name(code));
        }

        private static void Text(StringBuilder json, string name, string value)
        {
            StatusReport.AppendName(json, name);
            if (value == null)
            {
                json.Append("null");
                return;
            }

            json.Append('"');
            char[] characters = value.ToCharArray();
            for (int i = 0; i < characters.Length; i++)
            {
                char c = characters[i];
                if (c < ' ')
                {
                    json.Append(c < 16 ? "\\u000" : "\\u001").Append("0123456789abcdef"[c & 15]);
                    continue;
                }

                if (c == '"' || c == '\\')
                {
                    json.Append('\\');
                }

                json.Append(c);
            }

            json.Append('"');
        }
    }
}
