using System.Text.RegularExpressions;

namespace nanoOta.Tests.Documents
{
    /// <summary>
    /// Each sample is built and listed, its README tells of its files, and all of these have one layout, so that who knows one finds
    /// their way in all.
    /// </summary>
    public partial class SampleTests
    {
        public static TheoryData<string> Samples => [.. Checkout.Files.Where(file => SampleProject().IsMatch(file)).Select(file => file.Split('/')[1])];

        [Theory]
        [MemberData(nameof(Samples))]
        public void A_sample_is_built_with_everything_else(string sample)
        {
            string solution = Checkout.Text("nanoOta.sln");
            Match project = Regex.Match(solution, $"\"samples\\\\{sample}\\\\{sample}\\.csproj\", \"(?<id>[^\"]+)\"");
            Assert.True(project.Success);
            Assert.Contains(project.Groups["id"].Value + ".Release|Any CPU.Build.0 = ", solution);
        }

        [Theory]
        [MemberData(nameof(Samples))]
        public void A_sample_is_in_the_list_and_in_the_changelog(string sample)
        {
            Assert.Contains($"samples/{sample}/README.md", Markdown.Links(Checkout.Text("README.md")));
            Assert.Contains($"`{sample}`", Checkout.Text("CHANGELOG.md"));
        }

        [Theory]
        [MemberData(nameof(Samples))]
        public void A_sample_tells_of_the_files_it_is_made_of_and_of_no_others(string sample)
        {
            string[] own = [.. Checkout.Files.Where(file => file.StartsWith($"samples/{sample}/", StringComparison.Ordinal) && file.EndsWith(".cs", StringComparison.Ordinal))];
            IEnumerable<string> linked = Compiled().Matches(Checkout.Text($"samples/{sample}/{sample}.csproj")).SelectMany(match => match.Groups["files"].Value.Split(';'));
            Assert.Equal("", Untold(Checkout.Text($"samples/{sample}/README.md"), own.Concat(linked)));
        }

        [Theory]
        [InlineData("| `Program.cs` | all |\n| [`Pump.cs`](../b/Pump.cs) | x |", "")]
        [InlineData("| `Program.cs` | all |", "Pump.cs")]
        [InlineData("`Program.cs`, `Pump.cs` and `Gone.cs`", "Gone.cs")]
        public void A_file_left_out_or_gone_is_seen(string readme, string untold)
        {
            Assert.Equal(untold, Untold(readme, ["samples/a/Program.cs", "../b/Pump.cs"]));
        }

        [Theory]
        [MemberData(nameof(Samples))]
        public void Each_says_what_was_tried_how_it_is_wired_and_flashed_and_what_it_prints(string sample)
        {
            string text = Checkout.Text($"samples/{sample}/README.md");
            string[] headings = [.. text.Split('\n').Where(line => line.StartsWith("## ", StringComparison.Ordinal))];
            Assert.Contains("**It has not been run on a board", text);
            Assert.Contains("\nWiring: ", text);
            Assert.Matches("`nanoff`|#bringing-it-onto-a-board", Section(text, "## Bringing it onto a board"));
            Assert.Contains("\n```\n", Section(text, "## On the console"));
            Assert.True(Array.IndexOf(headings, "## Bringing it onto a board") < Array.IndexOf(headings, "## On the console"));
        }

        private static string Section(string text, string heading)
        {
            Assert.Contains(heading + "\n", text);
            return text.Split(heading + "\n")[1].Split("\n## ")[0];
        }

        // Names in one and not in the other.
        private static string Untold(string readme, IEnumerable<string> files)
        {
            HashSet<string> names = [.. files.Select(file => Path.GetFileName(file))];
            names.SymmetricExceptWith(Source().Matches(readme).Select(match => match.Groups["name"].Value));
            return string.Join(' ', names.Order(StringComparer.Ordinal));
        }

        [GeneratedRegex(@"^samples/[^/]+/[^/]+\.csproj$")]
        private static partial Regex SampleProject();

        [GeneratedRegex("<Compile Include=\"(?<files>[^\"]+)\"")]
        private static partial Regex Compiled();

        [GeneratedRegex(@"`(?:[\w./]*/)?(?<name>\w+\.cs)`")]
        private static partial Regex Source();
    }
}
