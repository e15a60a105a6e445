namespace nanoOta.Tool.Fleet
{
    /// <summary>Which counters devices take (docs/manifest.md).</summary>
    internal static class CounterRule
    {
        /// <summary>Refuses a manifest that devices would refuse for its counter.</summary>
        /// <param name="version">The version.</param>
        /// <param name="counter">Its counter; null or 0: it has none.</param>
        /// <param name="highest">The highest counter that the devices were asked for so far.</param>
        /// <param name="allowsDowngrade">Whether the manifest allows a downgrade, which takes a higher counter and not an equal one.</param>
        /// <param name="advice">What to do.</param>
        public static void Require(SemanticVersion version, uint? counter, uint highest, bool allowsDowngrade, string advice)
        {
            long least = allowsDowngrade ? highest + 1L : highest;
            if ((counter ?? 0) < least)
            {
                throw new Failure(ExitCode.NotNewer, $"devices would refuse {version.Text} (CounterTooLow): its manifest has {(counter is > 0 ? $"counter {counter}" : "no counter")}, and they were asked for counter {highest} before. {advice}");
            }
        }
    }
}
