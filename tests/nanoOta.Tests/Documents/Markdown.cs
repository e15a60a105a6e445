using System.Text.RegularExpressions;

namespace nanoOta.Tests.Documents
{
    /// <summary>As much of Markdown as the tests of the documents need.</summary>
    internal static partial class Markdown
    {
        /// <summary>The fenced blocks of a language, "" for those without; null for all.</summary>
        public static IEnumerable<string> Blocks(string text, string? language = null)
        {
            return Fence().Matches(text).Where(match => language == null || match.Groups["language"].Value == language).Select(match => match.Groups["body"].Value);
        }

        /// <summary>Where links and pictures lead to. What stands in code is no link.</summary>
        public static IEnumerable<string> Links(string text)
        {
            string prose = Code().Replace(Fence().Replace(text, ""), "");
            return Link().Matches(prose).Select(match => match.Groups["to"].Value).Concat(Picture().Matches(prose).Select(match => match.Groups["to"].Value));
        }

        /// <summary>The anchors of a text's headings, as GitHub makes them.</summary>
        public static IEnumerable<string> Anchors(string text)
        {
            return Heading().Matches(Fence().Replace(text, "")).Select(match => NotInAnchors().Replace(match.Groups["words"].Value.Trim().ToLowerInvariant(), "").Replace(' ', '-'));
        }

        /// <summary>The calls of the tool in a text's blocks, without what a shell does with them.</summary>
        public static IEnumerable<string> ToolCalls(string text)
        {
            return Blocks(text).SelectMany(block => block.Replace("\\\n", " ").Split('\n'))
                .Select(line => Call().Match(line)).Where(match => match.Success).Select(match => match.Groups["arguments"].Value.Trim());
        }

        [GeneratedRegex(@"^ *```(?<language>\w*)[^\n]*\n(?<body>.*?)^ *```[ \t]*$", RegexOptions.Multiline | RegexOptions.Singleline)]
        private static partial Regex Fence();

        [GeneratedRegex("`[^`\n]*`")]
        private static partial Regex Code();

        [GeneratedRegex(@"\]\((?<to>[^)\s]+)[^)]*\)")]
        private static partial Regex Link();

        [GeneratedRegex("(?:src|srcset|href)=\"(?<to>[^\"]+)\"")]
        private static partial Regex Picture();

        [GeneratedRegex("^#+ (?<words>.+)$", RegexOptions.Multiline)]
        private static partial Regex Heading();

        [GeneratedRegex(@"[^\w\- ]")]
        private static partial Regex NotInAnchors();

        [GeneratedRegex(@"^\s*(?:\$ )?(?:\./|\.\\)?nanoota(?:\.cmd)? (?<arguments>[^#>|&;]+)")]
        private static partial Regex Call();
    }
}
