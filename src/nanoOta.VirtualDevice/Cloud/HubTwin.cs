namespace nanoOta.VirtualDevice.Cloud
{
    /// <summary>A device's twin as a hub keeps it.</summary>
    public sealed class HubTwin
    {
        /// <summary>What the operator update requests.</summary>
        public RawJson Desired { get; private set; } = new();

        /// <summary>$version of the update requests.</summary>
        public int DesiredVersion { get; private set; } = 1;

        /// <summary>What the device reported.</summary>
        public RawJson Reported { get; } = new();

        /// <summary>$version of the reports.</summary>
        public int ReportedVersion { get; private set; } = 1;

        /// <summary>The text a device gets when it asks.</summary>
        public string Text => $"{{\"desired\":{Desired.ToText(DesiredVersion)},\"reported\":{Reported.ToText(ReportedVersion)}}}";

        /// <summary>Changes update requests.</summary>
        /// <returns>The text of the patch, as connected devices get it.</returns>
        /// <exception cref="System.Text.Json.JsonException">The patch is no object.</exception>
        public string PatchDesired(string patch)
        {
            string trimmed = patch.Trim();
            Desired.Merge(trimmed);
            DesiredVersion++;
            string members = trimmed[1..^1].Trim();
            return $"{{{members}{(members.Length > 0 ? "," : "")}\"$version\":{DesiredVersion}}}";
        }

        /// <summary>Replaces all update requests. <c>$version</c> and <c>$metadata</c>, as exported twins have them, are the hub's own and not taken.</summary>
        /// <exception cref="System.Text.Json.JsonException">The text is no object.</exception>
        public string ReplaceDesired(string desired)
        {
            Desired = RawJson.Read(desired);
            Desired.Remove("$version");
            Desired.Remove("$metadata");
            DesiredVersion++;
            return Desired.ToText(DesiredVersion);
        }

        /// <summary>Takes a report.</summary>
        /// <exception cref="System.Text.Json.JsonException">The report is no object.</exception>
        public void PatchReported(string patch)
        {
            Reported.Merge(patch);
            ReportedVersion++;
        }
    }
}
