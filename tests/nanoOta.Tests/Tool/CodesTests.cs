namespace nanoOta.Tests.Tool
{
    public class CodesTests
    {
        [Fact]
        public void Every_result_code_is_listed_with_its_name_and_a_sentence()
        {
            ToolResult result = ToolResult.Of("codes", "--json");
            Assert.Equal(0, result.ExitCode);
            Assert.Equal(Enum.GetValues<ResultCode>().Select(code => (int)code), result.Events.Select(e => (int)e["number"]!));
            Assert.Equal(Enum.GetNames<ResultCode>(), result.Events.Select(e => (string?)e["name"]));
            Assert.All(result.Events, e => Assert.EndsWith(".", (string?)e["sentence"]));
        }

        [Fact]
        public void As_text_each_code_has_a_line()
        {
            ToolResult result = ToolResult.Of("codes");
            Assert.Contains(" 700  SelfTestFailed           Rolled back: the self-test failed.\n", result.Output);
            Assert.Equal(Enum.GetValues<ResultCode>().Length, result.Output.Count(c => c == '\n'));
        }
    }
}
