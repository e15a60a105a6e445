namespace nanoOta.Tests.Images
{
    /// <summary>Files of tests/vectors/images, found upwards of the test assembly.</summary>
    internal static class Vectors
    {
        public static byte[] Read(string name)
        {
            return File.ReadAllBytes(PathOf(name));
        }

        public static string PathOf(string name)
        {
            for (DirectoryInfo? at = new(AppContext.BaseDirectory); at != null; at = at.Parent)
            {
                string path = Path.Combine(at.FullName, "tests", "vectors", "images", name);
                if (File.Exists(path))
                {
                    return path;
                }
            }

            throw new FileNotFoundException("No such test vector.", name);
        }
    }
}
