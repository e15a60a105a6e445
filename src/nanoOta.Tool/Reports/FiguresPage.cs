using System.Text;

namespace nanoOta.Tool.Reports
{
    /// <summary>A page that holds what <c>nanoota powerfail</c> prints.</summary>
    internal static class FiguresPage
    {
        /// <summary>The line above the code block that is replaced.</summary>
        public const string Marker = "<!-- written by: ./nanoota powerfail --write docs/reliability.md -->";

        private const string Fence = "```";

        /// <summary>Replaces the lines of the code block below the marker.</summary>
        /// <exception cref="Failure">The page cannot be read or has no such block.</exception>
        public static void Write(string path, IEnumerable<string> lines)
        {
            List<string> page = [.. Encoding.UTF8.GetString(InputFile.Bytes(path)).Split('\n')];
            int marker = page.IndexOf(Marker);
            int first = marker < 0 ? -1 : page.FindIndex(marker, line => line.StartsWith(Fence, StringComparison.Ordinal)) + 1;
            int end = first <= 0 ? -1 : page.FindIndex(first, line => line == Fence);
            if (end < 0)
            {
                throw new Failure(ExitCode.Usage, $"{path} has no code block below the line '{Marker}'.");
            }

            page.RemoveRange(first, end - first);
            page.InsertRange(first, lines);
            OutputFile.Write(path, Encoding.UTF8.GetBytes(string.Join('\n', page)));
        }
    }
}
