namespace nanoOta.Budgets.Pe
{
    /// <summary>The estimate of mscorlib's .pe beside the real one, table by table.</summary>
    internal static class PeCalibration
    {
        /// <summary>
        /// By how much the estimate may be off, in per cent of the real table. The metadata processor leaves out the only field of two
        /// enumerations. Signatures of attributes and the table of attributes are not estimated: a device project has none of them.
        /// </summary>
        private static readonly (string Table, double Lowest, double Highest)[] _tolerances =
        [
            ("types", 0, 0), ("methods", 0, 0), ("bodies", 0, 0), ("type specifications", 0, 0), ("assembly references", 0, 0), ("type references", 0, 0),
            ("field references", 0, 0), ("method references", 0, 0), ("fields", 0, 3), ("strings", 0, 1), ("signatures", -7, 0),
        ];

        /// <summary>What is further off than it may be; null when nothing is.</summary>
        public static string? SelfCheck()
        {
            string[] off = [.. _tolerances.Where(row => !IsNear(row.Table, row.Lowest, row.Highest)).Select(row => Line(row.Table))];
            return off.Length == 0 ? null : "mscorlib's .pe is estimated wrongly: " + string.Join("; ", off);
        }

        /// <summary>One line for each table, and one for the whole file.</summary>
        public static IEnumerable<string> Lines()
        {
            (int estimated, int real) = (CoreLibrary.Package.Estimate().Size, CoreLibrary.Package.Image.Size);
            return CoreLibrary.Package.Image.Tables.Keys.Where(table => Estimated(table) + Real(table) > 0).Select(Line)
                .Append($"mscorlib.pe: {estimated} estimated, {real} real ({100.0 * (estimated - real) / real:+0.0;-0.0;0.0} %)");
        }

        private static bool IsNear(string table, double lowest, double highest)
        {
            double off = 100.0 * (Estimated(table) - Real(table));
            return off >= lowest * Real(table) && off <= highest * Real(table);
        }

        private static string Line(string table)
        {
            string part = Real(table) == 0 ? "" : $" ({100.0 * (Estimated(table) - Real(table)) / Real(table):+0.0;-0.0;0.0} %)";
            return $"{table}: {Estimated(table)} estimated, {Real(table)} real{part}";
        }

        private static int Estimated(string table) => CoreLibrary.Package.Estimate().Tables.GetValueOrDefault(table);

        private static int Real(string table) => CoreLibrary.Package.Image.Tables[table];
    }
}
