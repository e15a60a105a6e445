namespace nanoOta.Profile.Tests
{
    /// <summary>The device projects' outputs: redirected ones beside the tests, shipped ones in the folder below.</summary>
    public static class DeviceAssemblies
    {
        public static readonly string Shipped = Path.Combine(AppContext.BaseDirectory, "device");

        public static TheoryData<string> Names => [.. Directory.GetFiles(Shipped, "*.dll").Select(file => Path.GetFileNameWithoutExtension(file)).Order()];

        public static byte[] ReadShipped(string name) => File.ReadAllBytes(Path.Combine(Shipped, name + ".dll"));

        public static byte[] ReadRedirected(string name) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, name + ".dll"));

        /// <summary>Names of all device projects in the repository, by their project files.</summary>
        public static IEnumerable<string> Projects => new[] { "src", "tests" }
            .SelectMany(folder => Directory.GetFiles(Path.Combine(Profile.Repository, folder), "*.csproj", SearchOption.AllDirectories))
            .Where(project => File.ReadAllText(project).Contains("<NanoDevice>true</NanoDevice>"))
            .Select(project => Path.GetFileNameWithoutExtension(project));
    }
}
