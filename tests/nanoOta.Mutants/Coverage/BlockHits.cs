namespace nanoOta.Mutants.Coverage
{
    /// <summary>The basic blocks that the tests' process has reached. Instrumented code writes to it.</summary>
    public static class BlockHits
    {
        /// <summary>More than all device assemblies have together.</summary>
        internal const int Capacity = 1 << 17;

        /// <summary>Names the folder where each process leaves its blocks.</summary>
        internal const string FolderVariable = "NANOOTA_MUTANTS_BLOCKS";

        /// <summary>1 for each block that was reached.</summary>
        public static readonly byte[] Seen = new byte[Capacity];

        /// <summary>Leaves the blocks of this process in the folder.</summary>
        internal static void Save()
        {
            if (Environment.GetEnvironmentVariable(FolderVariable) is { } folder)
            {
                File.WriteAllBytes(Path.Combine(folder, Environment.ProcessId + ".blocks"), Seen);
            }
        }

        /// <summary>The blocks that any process has left in the folder.</summary>
        internal static HashSet<int> Load(string folder)
        {
            var blocks = new HashSet<int>();
            foreach (byte[] seen in Directory.GetFiles(folder, "*.blocks").Select(File.ReadAllBytes))
            {
                blocks.UnionWith(Enumerable.Range(0, seen.Length).Where(block => seen[block] != 0));
            }

            return blocks;
        }
    }
}
