using System.Text.RegularExpressions;

namespace nanoOta.Tests.Documents
{
    public partial class LinkTests
    {
        [Theory]
        [MemberData(nameof(Checkout.Documents), MemberType = typeof(Checkout))]
        public void Relative_links_lead_somewhere(string document)
        {
            Assert.Empty(Broken(document, Checkout.Text(document)));
        }

        [Theory]
        [InlineData("[a](docs/slots.md) [b](README.md#two-commands) [c](#limits) [d](https://example.org/x) `[e](none.md)` <img src=\"docs/pictures/flow.svg\">", "")]
        [InlineData("[a](docs/none.md)", "docs/none.md")]
        [InlineData("[a](README.md#none)", "README.md#none")]
        [InlineData("[a](../outside.md)", "../outside.md")]
        [InlineData("<img src=\"docs/none.svg\">", "docs/none.svg")]
        [InlineData("```sh\n[a](none.md)\n```\n[b](LICENSE \"licence\") [c](docs)", "")]
        public void A_link_to_nowhere_is_seen(string text, string broken)
        {
            Assert.Equal(broken, string.Join(' ', Broken("README.md", text + "\n## Limits\n")));
        }

        [Fact]
        public void Documents_that_sources_name_are_there()
        {
            string[] sources = [.. Checkout.Files.Where(file => Path.GetExtension(file) is ".cs" or ".c" or ".h" or ".cpp" or ".props" or ".targets" or ".cmake")];
            Assert.Contains(sources, file => NamedDocument().IsMatch(Checkout.Text(file)));
            Assert.Empty(sources.SelectMany(file => NamedDocument().Matches(Checkout.Text(file)).Select(match => match.Value).Where(name => !Checkout.Files.Contains(name)).Select(name => $"{file}: {name}")));
        }

        private static IEnumerable<string> Broken(string document, string text)
        {
            string folder = Path.GetDirectoryName(Path.Combine(Checkout.Root, document))!;
            foreach (string link in Markdown.Links(text).Where(link => !link.Contains(':')))
            {
                string[] parts = link.Split('#');
                string file = Path.GetRelativePath(Checkout.Root, Path.GetFullPath(Path.Combine(folder, Uri.UnescapeDataString(parts[0])))).Replace('\\', '/');
                bool inPage = parts[0].Length == 0;
                bool there = inPage || Checkout.Files.Any(name => name == file || name.StartsWith(file + "/", StringComparison.Ordinal));
                if (!there || (parts.Length > 1 && !Markdown.Anchors(inPage ? text : Checkout.Text(file)).Contains(parts[1])))
                {
                    yield return link;
                }
            }
        }

        // Not those of other projects: "their/docs/x.md", or in quotes, as the tests of links do.
        [GeneratedRegex(@"(?<![\w/.""(\[])docs/[\w\-]+\.md")]
        private static partial Regex NamedDocument();
    }
}
