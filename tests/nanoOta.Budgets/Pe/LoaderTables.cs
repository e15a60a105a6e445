namespace nanoOta.Budgets.Pe
{
    /// <summary>
    /// The RAM that nanoCLR takes for an assembly before any of its code runs: it resolves references once and keeps what it found. 8
    /// bytes a type, 2 a method and a field, 4 a reference.
    /// </summary>
    internal static class LoaderTables
    {
        private const int TypeEntry = 8;
        private const int MemberEntry = 2;
        private const int ReferenceEntry = 4;

        // Rows of a .pe that stand for one entry each.
        private const int TypeRow = 24;
        private const int MethodRow = 16;
        private const int FieldRow = 8;
        private const int ReferenceRow = 8;
        private const int AssemblyReferenceRow = 12;

        /// <summary>Bytes of an assembly's tables.</summary>
        public static int Of(PeEstimate estimate)
        {
            IReadOnlyDictionary<string, int> tables = estimate.Tables;
            return tables["types"] / TypeRow * TypeEntry + (tables["methods"] / MethodRow + tables["fields"] / FieldRow) * MemberEntry
                + ((tables["type references"] + tables["field references"] + tables["method references"]) / ReferenceRow
                    + tables["assembly references"] / AssemblyReferenceRow) * ReferenceEntry;
        }
    }
}
