using System.CommandLine;
using System.Text.Json.Nodes;

namespace nanoOta.Tool.Commands
{
    /// <summary><c>nanoota codes</c>.</summary>
    internal static class CodesCommand
    {
        public static Command Create(CommandLine line)
        {
            return line.On(new Command("codes", """
                List every result code with its name and what it means.

                Example: nanoota codes
                """), (_, output) =>
            {
                foreach (ResultCode code in Enum.GetValues<ResultCode>())
                {
                    output.Line($"{(int)code,4}  {ResultText.Name(code),-24} {ResultText.Sentence(code)}");
                    output.Json(new JsonObject { ["number"] = (int)code, ["name"] = ResultText.Name(code), ["sentence"] = ResultText.Sentence(code) });
                }

                return ExitCode.Done;
            });
        }
    }
}
