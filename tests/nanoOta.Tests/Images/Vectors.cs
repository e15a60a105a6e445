namespace nanoOta.Tests.Images
{
    /// <summary>Files of tests/vectors, found upwards of the test assembly.</summary>
    internal static class Vectors
    {
        public static byte[] Read(string name, string folder = "images")
        {
            return File.ReadAllBytes(PathOf(name, folder));
        }

        public static string PathOf(string name, string folder = "images")
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
