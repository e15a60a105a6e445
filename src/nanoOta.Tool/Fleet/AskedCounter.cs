using System.Text.Json.Nodes;
using nanoOta.Tool.DeviceUpdates;
using nanoOta.Tool.Serving;

namespace nanoOta.Tool.Fleet
{
    /// <summary>
    /// The highest counter that one device was asked for on its own. Its group's rollout does not know it, and the device refuses lower
    /// ones; so it stands in a tag of the device's twin, and goes with the device to another group.
    /// </summary>
    internal static class AskedCounter
    {
        /// <summary>The tag's name.</summary>
        public const string Tag = "nanootaCounter";

        private const int MostRows = 10000;

        /// <summary>What the tag of a device says; 0: it has none.</summary>
        /// <param name="device">The device.</param>
        /// <param name="tag">The tag's value.</param>
        /// <exception cref="Failure">It is no counter.</exception>
        public static uint Of(string device, JsonNode? tag)
        {
            return tag == null ? 0 : JsonRules.WholeOf(tag) is >= 0 and <= uint.MaxValue and { } counter ? (uint)counter
                : throw new Failure(ExitCode.Usage, $"{device} has the tag {Tag} '{DeviceReport.Printable(tag.ToJsonString())}', and not a whole number from 0 to {uint.MaxValue}: the highest counter that it was asked for. Set it right: az iot hub device-twin update -n HUB -d {device} --tags '{{\"{Tag}\":N}}'");
        }

        /// <summary>The highest of a group's devices; 0: none was asked for one on its own.</summary>
        /// <exception cref="Failure">A tag is no counter, or the hub refuses.</exception>
        public static async Task<uint> HighestAsync(HubClient hub, DeviceGroup group, CancellationToken stop)
        {
            IReadOnlyList<JsonObject> rows = await hub.QueryAsync($"SELECT deviceId, tags.{Tag} AS counter FROM devices WHERE {group.Condition} AND IS_DEFINED(tags.{Tag})", MostRows, stop).ConfigureAwait(false);
            return rows.Select(row => Of(DeviceRow.IdOf(row), row["counter"])).DefaultIfEmpty().Max();
        }
    }
}
