using System.Text.Json.Nodes;
using nanoOta.Tool;

namespace nanoOta.Tests.Tool
{
    /// <summary>What a command said and how it ended.</summary>
    internal sealed record ToolResult(int ExitCode, string Output, string Error)
    {
        /// <summary>The output's lines, each of them JSON.</summary>
        public JsonObject[] Events => [.. Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!.AsObject())];

        /// <summary>The last of them.</summary>
        public JsonObject Last => Events[^1];

        /// <summary>Runs the tool in this process.</summary>
        public static ToolResult Of(params string[] args)
        {
            var output = new StringWriter { NewLine = "\n" };
            var error = new StringWriter { NewLine = "\n" };
            int code = CommandLine.Run(args, output, error);
            return new ToolResult(code, output.ToString(), error.ToString());
        }

        /// <summary>Runs the tool, which must say why it refuses in one sentence, also as JSON.</summary>
        public static string Refusal(ExitCode expected, params string[] args)
        {
            ToolResult result = Of([.. args, "--json"]);
            string sentence = Assert.Single(result.Error.TrimEnd('\n').Split('\n'));
            Assert.Equal(((int)expected, $"nanoota: {(string?)result.Last["error"]}"), (result.ExitCode, sentence));
            return sentence;
        }
    }
}
