namespace nanoOta.Tests.Documents
{
    /// <summary>The samples' pages have one layout, so that who knows one finds their way in all.</summary>
    public class SampleTests
    {
        public static TheoryData<string> Pages => [.. Checkout.Files.Where(file => file.StartsWith("samples/", StringComparison.Ordinal) && file.EndsWith(".csproj", StringComparison.Ordinal)).Select(file => Path.GetDirectoryName(file) + "/README.md")];

        [Theory]
        [MemberData(nameof(Pages))]
        public void Each_says_what_was_tried_how_it_is_wired_and_flashed_and_what_it_prints(string page)
        {
            string text = Checkout.Text(page);
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
    }
}
