namespace nanoOta.Tests.Documents
{
    /// <summary>The repository as it was checked out, without what builds leave behind.</summary>
    internal static class Checkout
    {
        private static readonly string[] _left = ["bin", "obj", ".git", ".vs", ".idea", "artifacts", "node_modules"];

        /// <summary>Its folder.</summary>
        public static string Root { get; } = FindRoot();

        /// <summary>Every file, as paths from the root with forward slashes.</summary>
        public static IReadOnlyList<string> Files { get; } = [.. Under(new DirectoryInfo(Root)).Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/')).Order(StringComparer.Ordinal)];

        /// <summary>Every Markdown file.</summary>
        public static TheoryData<string> Documents => [.. Files.Where(file => file.EndsWith(".md", StringComparison.Ordinal))];

        /// <summary>A file's text, with line feeds.</summary>
        public static string Text(string file)
        {
            return File.ReadAllText(Path.Combine(Root, file)).ReplaceLineEndings("\n");
        }

        private static IEnumerable<string> Under(DirectoryInfo folder)
        {
            // In a second work tree ".git" is a file.
            return folder.GetFiles().Where(file => !_left.Contains(file.Name)).Select(file => file.FullName)
                .Concat(folder.GetDirectories().Where(sub => !_left.Contains(sub.Name)).SelectMany(Under));
        }

        private static string FindRoot()
        {
            DirectoryInfo? at = new(AppContext.BaseDirectory);
            while (at != null && !File.Exists(Path.Combine(at.FullName, "nanoOta.sln")))
            {
                at = at.Parent;
            }

            return at?.FullName ?? throw new DirectoryNotFoundException("nanoOta.sln");
        }
    }
}
