using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using nanoOta.Tests.Tool;
using nanoOta.Tool;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.Tests.Documents
{
    /// <summary>README.md says what is so.</summary>
    public class ReadmeTests
    {
        // Stands for lines left out.
        private const string LeftOut = "…";

        private static readonly string _readme = Checkout.Text("README.md");

        [Fact]
        public void The_transcript_is_what_the_demo_prints()
        {
            ToolResult demo = ToolResult.Of("demo");
            Assert.Null(FirstMissing(Checkout.Text("docs/demo.txt"), demo.Output));
        }

        [Theory]
        [InlineData("a\nb\nc\n", null)]
        [InlineData("a\n…\nc\n", null)]
        [InlineData("…\nc\n", null)]
        [InlineData("a\nc\n", "c")]
        [InlineData("b\n", "b")]
        [InlineData("…\nb\n…\na\n", "a")]
        [InlineData("a\n…\nd\n", "d")]
        public void A_transcript_that_says_otherwise_is_seen(string transcript, string? missing)
        {
            Assert.Equal(missing, FirstMissing(transcript, "a\nb\nc\n"));
        }

        [Fact]
        public void The_code_is_that_of_the_sample()
        {
            string[] sample = Checkout.Text("samples/LocalUpdate/Program.cs").Split('\n');
            int first = Array.FindIndex(sample, line => line.Contains("// README.md shows what follows")) + 1;
            int end = Array.FindIndex(sample, line => line.Contains("// As far as this."));
            int indent = sample[first].Length - sample[first].TrimStart().Length;
            string shown = string.Join('\n', sample[first..end].Select(line => line.Length == 0 ? line : line[indent..])) + "\n";
            Assert.Equal(shown, Assert.Single(Markdown.Blocks(_readme, "csharp")));
            Assert.InRange(shown.Split('\n').Count(line => line.Length > 0), 5, 10);
        }

        [Fact]
        public void The_figures_of_the_power_fail_tests_are_those_of_the_last_whole_run()
        {
            Match total = Regex.Match(Checkout.Text("docs/reliability.txt"), @"^(\d+) scenarios on layouts, \d+ injection points, (\d+) cuts, (\d+) pairs and triples: 0 failures$", RegexOptions.Multiline);
            string row = $"| {Number(1)} scenarios, {Number(2)} cuts, {Number(3)} pairs and triples: 0 failures | `./nanoota powerfail` |";
            Assert.Contains(row, _readme);

            string Number(int group) => int.Parse(total.Groups[group].Value).ToString("N0");
        }

        [Fact]
        public void The_table_of_commands_has_each_of_them()
        {
            string[] shown = [.. Checkout.Text("docs/tool.md").Split('\n').Where(line => line.StartsWith("| `nanoota ", StringComparison.Ordinal)).Select(line => line.Split('`')[1]["nanoota ".Length..])];
            Assert.Equal(CommandLine.CommandNames().Order(), shown.Order());
        }

        [Theory]
        [MemberData(nameof(Checkout.Documents), MemberType = typeof(Checkout))]
        public void Calls_of_the_tool_in_documents_are_well_formed(string document)
        {
            Assert.All(Markdown.ToolCalls(Checkout.Text(document)), call => Assert.True(IsWellFormed(call), call));
        }

        [Theory]
        [MemberData(nameof(Checkout.Documents), MemberType = typeof(Checkout))]
        public void Layouts_in_calls_of_the_tool_are_there(string document)
        {
            Assert.All(Markdown.ToolCalls(Checkout.Text(document)).Select(LayoutOf).OfType<string>(), layout => Assert.True(FlashLayouts.Find(layout) != null, layout));
        }

        [Fact]
        public void There_are_calls_to_check_and_a_wrong_one_is_seen()
        {
            string[] calls = [.. Markdown.ToolCalls(Checkout.Text("docs/getting-started.md"))];
            Assert.Contains("demo", Markdown.ToolCalls(_readme));
            Assert.Contains(calls, call => call.StartsWith("device run --state board", StringComparison.Ordinal));
            Assert.Contains("esp32-4mb", calls.Select(LayoutOf));
            Assert.Null(FlashLayouts.Find(LayoutOf(Assert.Single(Markdown.ToolCalls("```sh\n./nanoota pack app.bin --layout esp32-5mb --out x\n```\n")))!));
            Assert.False(IsWellFormed(Assert.Single(Markdown.ToolCalls("```sh\n./nanoota pack app.bin \\\n  --layoud esp32-4mb > x\n```\n"))));
            Assert.True(IsWellFormed(Assert.Single(Markdown.ToolCalls("```sh\n$ nanoota.cmd inspect \"a b\" # what is it?\n```\n"))));
        }

        [Fact]
        public void The_picture_is_well_formed_and_runs_nothing()
        {
            var picture = XDocument.Parse(Checkout.Text("docs/pictures/flow.svg"));
            Assert.Equal("svg", picture.Root!.Name.LocalName);
            Assert.DoesNotContain(picture.Descendants(), element => element.Name.LocalName is "script" or "image" or "foreignObject");
            Assert.Contains("prefers-color-scheme: dark", picture.ToString());
        }

        private static bool IsWellFormed(string call)
        {
            return CommandLine.IsWellFormed([.. CommandLineParser.SplitCommandLine(call)]);
        }

        private static string? LayoutOf(string call)
        {
            return call.Split(' ').SkipWhile(word => word != "--layout").ElementAtOrDefault(1);
        }

        // Lines without anything left out between them must follow each other.
        private static string? FirstMissing(string transcript, string output)
        {
            string[] printed = output.Split('\n');
            int at = 0;
            bool gap = false;
            foreach (string line in transcript.TrimEnd('\n').Split('\n'))
            {
                if (line.Trim() == LeftOut)
                {
                    gap = true;
                    continue;
                }

                int found = gap ? Array.IndexOf(printed, line, at) : at < printed.Length && printed[at] == line ? at : -1;
                if (found < 0)
                {
                    return line;
                }

                at = found + 1;
                gap = false;
            }

            return null;
        }
    }
}
