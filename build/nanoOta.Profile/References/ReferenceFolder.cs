namespace nanoOta.Profile.References
{
    /// <summary>The folder of reference assemblies that device projects compile against.</summary>
    public static class ReferenceFolder
    {
        /// <summary>
        /// Makes the folder hold exactly the given assemblies. A file that would not change keeps its time, so that
        /// device projects are compiled again only when something they could see has changed.
        /// </summary>
        public static void Update(string folder, IReadOnlyList<ReferenceAssembly> assemblies)
        {
            Directory.CreateDirectory(folder);
            HashSet<string> unlisted = [.. Directory.GetFiles(folder, "*.dll")];
            foreach (ReferenceAssembly assembly in assemblies)
            {
                string file = Path.Combine(folder, assembly.Name + ".dll");
                if (!unlisted.Remove(file) || !File.ReadAllBytes(file).AsSpan().SequenceEqual(assembly.Image.AsSpan()))
                {
                    File.WriteAllBytes(file, [.. assembly.Image]);
                }
            }

            foreach (string file in unlisted)
            {
                File.Delete(file);
            }
        }
    }
}
