namespace nanoOta.Tests.Signing
{
    /// <summary>Files of tests/vectors, found upwards of the test assembly.</summary>
    internal static class TestFiles
    {
        public static string PathOf(string folder, string name)
        {
            for (DirectoryInfo? at = new(AppContext.BaseDirectory); at != null; at = at.Parent)
            {
                string path = Path.Combine(at.FullName, "tests", "vectors", folder, name);
                if (File.Exists(path))
                {
                    return path;
                }
            }

            throw new FileNotFoundException("No such test vector.", name);
        }
    }
}
