namespace nanoOta.Tool.Fleet
{
    /// <summary>
    /// Which versions a group can go back to. A version has proved good when the watch of its rollout came to its end, or when most of
    /// the group's devices run it, their trial passed, and fewer than one in ten of those that decided failed.
    /// </summary>
    internal static class GoodVersions
    {
        // A label is a short text.
        private const int Most = 5;

        /// <summary>The good versions before the next one.</summary>
        /// <param name="hub">The hub.</param>
        /// <param name="group">The group.</param>
        /// <param name="latest">The group's rollout so far; null: there is none.</param>
        /// <param name="configuration">The configuration of <paramref name="latest"/>.</param>
        /// <param name="next">The version that comes now.</param>
        /// <param name="stop">Ends it.</param>
        public static async Task<IReadOnlyList<string>> BeforeAsync(HubClient hub, DeviceGroup group, Rollout? latest, DeviceConfiguration? configuration, string next, CancellationToken stop)
        {
            if (latest == null)
            {
                string? running = await RunningAsync(hub, group, stop).ConfigureAwait(false);
                return running == null || running == next ? [] : [running];
            }

            bool isMore = latest.Version != next && (latest.IsGood || (latest.State == RolloutState.Active && IsGood(await FleetReport.ReadAsync(hub, latest, configuration, stop).ConfigureAwait(false))));
            IEnumerable<string> all = isMore ? latest.Good.Where(version => version != latest.Version).Append(latest.Version) : latest.Good;
            return [.. all.Where(version => version != next).TakeLast(Most)];
        }

        /// <summary>The good versions before one that the group goes back to.</summary>
        public static IReadOnlyList<string> Before(IReadOnlyList<string> good, string version)
        {
            return [.. good.TakeWhile(known => known != version)];
        }

        private static bool IsGood(FleetReport report)
        {
            return report.Of(DeviceProgress.Applied) * 2 > report.Targeted && report.Bad * 10 < report.Decided;
        }

        // What most devices of the group run and have confirmed: what they had before the first rollout.
        private static async Task<string?> RunningAsync(HubClient hub, DeviceGroup group, CancellationToken stop)
        {
            var rows = await hub.QueryAsync(DeviceRow.Query(group.Condition), 1, stop).ConfigureAwait(false);
            return rows.Select(row => DeviceRow.Read(row, "").Confirmed).Where(version => version != null).GroupBy(version => version).OrderByDescending(versions => versions.Count()).FirstOrDefault()?.Key;
        }
    }
}
