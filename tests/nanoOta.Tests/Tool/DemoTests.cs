using System.Text.Json.Nodes;
using nanoOta.Tool;
using nanoOta.Tool.Commands;
using nanoOta.Tool.Demo;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.Tests.Tool
{
    public class DemoTests
    {
        public static TheoryData<string> Layouts => [.. FlashLayouts.All.Append(FlashLayouts.Stock).Select(layout => layout.Name)];

        [Theory]
        [MemberData(nameof(Layouts))]
        public void On_each_layout_the_story_is_told_in_chapters_that_go_as_they_should(string layout)
        {
            // With stock firmware the application is one file, so there is no chapter on changed lines.
            int chapters = layout == FlashLayouts.Stock.Name ? 4 : 5;
            ToolResult demo = ToolResult.Of("demo", "--layout", layout, "--json");
            Assert.Equal((0, ""), (demo.ExitCode, demo.Error));
            Assert.Equal($$"""{"event":"demo","ok":true,"chapters":{{chapters}}}""", demo.Events.Last(e => (string?)e["event"] != "core").ToJsonString());
            Assert.Equal(new[] { "1.1.0", "1.1.0", "1.3.0", "1.3.0", "1.5.0" }[..chapters], demo.Events.Where(e => (string?)e["event"] == "outcome").Select(e => (string?)e["version"]));
            JsonObject[] ends = [.. demo.Events.Where(e => (string?)e["event"] is "settled" or "cut")];
            Assert.Equal(new[] { "Applied", "SelfTestFailed", null, "Applied", "HashMismatch", "Applied" }[..(chapters + 1)], ends.Select(e => (string?)e["code"]));
            Assert.Equal(new[] { 1, 2, 3, 3, 4, 5 }[..(chapters + 1)], ends.Select(e => (int)e["chapter"]!));
            Assert.True(chapters == 4 || (int)ends[^1]["bytesPatched"]! > 500_000);
        }

        [Theory]
        [InlineData("esp32-4mb", "deploy_0", "deploy_1")]
        [InlineData("stm32f769-2mb", "deploy_0", "deploy_1")]
        [InlineData("stock-4mb", "b", "a")]
        public void It_draws_both_slots_and_at_each_moment_one_of_them_is_safe(string layout, string first, string second)
        {
            string[] drawn = [.. ToolResult.Of("demo", "--layout", layout).Output.Split('\n').Where(line => line.Contains(" | ")).Select(line => line.Trim())];
            Assert.All(drawn, line => Assert.Single(line.Split(" | "), slot => slot.Contains("safe")));
            Assert.StartsWith($"{first}  1.0.0  runs, safe", drawn[0]);
            Assert.EndsWith("| other slot  empty", drawn[0]);
            Assert.Contains(drawn, line => line.StartsWith($"{first}  1.0.0  kept, safe", StringComparison.Ordinal) && line.EndsWith($"| {second}  1.1.0  runs, on trial", StringComparison.Ordinal));
            Assert.Contains(drawn, line => line.StartsWith($"{first}  1.2.0  failed", StringComparison.Ordinal) && line.EndsWith($"| {second}  1.1.0  runs, safe", StringComparison.Ordinal));
            Assert.Contains(drawn, line => line.StartsWith($"{first}  1.3.0  in part", StringComparison.Ordinal));
            Assert.Contains(drawn, line => line.EndsWith($"| {second}  1.4.0  refused", StringComparison.Ordinal));
        }

        [Fact]
        public void For_people_it_ends_with_a_table()
        {
            ToolResult demo = ToolResult.Of("demo");
            Assert.Equal(0, demo.ExitCode);
            Assert.Equal(5, demo.Output.Split("│ ✓ │").Length - 1);
        }

        [Fact]
        public void A_chapter_that_went_wrong_is_not_passed_over()
        {
            Chapter[] chapters = [new(1, "Good", "Done.", "1.1.0", true), new(2, "Bad", "Not done.", "1.1.0", false)];
            var json = new StringWriter();
            Assert.Equal(ExitCode.Unsound, DemoCommand.Conclude(new Output(json, TextWriter.Null, json: true, terminal: false), chapters));
            Assert.False((bool)JsonNode.Parse(json.ToString())!["ok"]!);
            var text = new StringWriter();
            Assert.Equal(ExitCode.Unsound, DemoCommand.Conclude(new Output(text, TextWriter.Null, json: false, terminal: false), chapters));
            Assert.Contains("│ ✗ │ Bad", text.ToString());
        }
    }
}
