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
            // docs/budgets.md says what is in them.
            ["pe:twin"] = 47796,
            ["pe:nanoOta.DeviceUpdate"] = 16552,
            ["sha256"] = 114.4,
            ["authentication:managed"] = 14_351_428,
        };

        /// <summary>The ceiling of a row; null: its budget is the limit.</summary>
        public static double? Of(string key) => _measured.TryGetValue(key, out double value) ? value * 1.01 : null;
    }
}
