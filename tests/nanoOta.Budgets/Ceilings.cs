namespace nanoOta.Budgets
{
    /// <summary>
    /// What is over its budget and known: the budget stays what is to be met, and until then a ceiling keeps the value from growing
    /// unnoticed. A ceiling is the value that was measured and one per cent. It falls with the value; who raises it says here what for.
    /// </summary>
    internal static class Ceilings
    {
        private static readonly Dictionary<string, double> _measured = new(StringComparer.Ordinal)
        {
            // From 46,984: what a manifest says of parts and patches, the idle slot that is hashed first, the seam and counts for nanoOta.Delta;
            // modules that work in many steps, reboot and test their components, and report them; the plain offer, which a LAN has as well;
            // from 49,276: the seam for encrypted images (400) and the firmware's AES (140).
            ["pe:twin"] = 49816,
            ["pe:nanoOta.DeviceUpdate"] = 17300,
            ["sha256"] = 114.4,
            ["authentication:managed"] = 14_414_255,
        };

        /// <summary>The ceiling of a row; null: its budget is the limit.</summary>
        public static double? Of(string key) => _measured.TryGetValue(key, out double value) ? value * 1.01 : null;
    }
}
