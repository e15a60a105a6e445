using System.Diagnostics;
using nanoOta.Tool;

namespace nanoOta.Tests.Tool
{
    public class UsageTests
    {
        [Theory]
        [InlineData("fly")]
        [InlineData("device")]
        [InlineData("device run")]
        [InlineData("image make --kind zip --version 1.0.0 --size 1000 --out x")]
        [InlineData("image make --kind esp32 --version 1.0.0 --size large --out x")]
        [InlineData("pack x.bin --version 1.0.0")]
        [InlineData("pack --version 1.0.0 --out x")]
        [InlineData("pack x.bin --version 1.0.0 --out x --counter -1")]
        [InlineData("inspect")]
        [InlineData("codes --all")]
        [InlineData("keygen")]
        [InlineData("keygen --out x --bits many")]
        [InlineData("sign x --key y")]
        [InlineData("verify x")]
        [InlineData("device run --state x --twin y --self-test maybe")]
        [InlineData("device run --state x --twin y --cut-after soon")]
        public void Wrong_usage_is_explained_in_one_sentence(string line)
        {
            string sentence = ToolResult.Refusal(ExitCode.Usage, line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
            Assert.EndsWith("--help'.", sentence);
            Assert.DoesNotContain("System.", sentence);
        }

        [Theory]
        [InlineData("")]
        [InlineData("demo")]
        [InlineData("image make")]
        [InlineData("inspect")]
        [InlineData("pack")]
        [InlineData("keygen")]
        [InlineData("sign")]
        [InlineData("verify")]
        [InlineData("device new")]
        [InlineData("device run")]
        [InlineData("codes")]
        public void Help_shows_an_example(string command)
        {
            ToolResult result = ToolResult.Of([.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);
            Assert.Equal((0, ""), (result.ExitCode, result.Error));
            Assert.Contains($": nanoota {command}", result.Output);
        }

        [Theory]
        [InlineData("fly", "there is no command 'nanoota fly'. See 'nanoota --help'.")]
        [InlineData("inspct app.bin", "there is no command 'nanoota inspct'. Did you mean 'nanoota inspect'? See 'nanoota --help'.")]
        [InlineData("device rum", "there is no command 'nanoota device rum'. Did you mean 'nanoota device run'? See 'nanoota device --help'.")]
        public void A_command_that_does_not_exist_is_named_and_the_nearest_one_is_proposed(string line, string sentence)
        {
            Assert.Equal("nanoota: " + sentence, ToolResult.Refusal(ExitCode.Usage, line.Split(' ')));
        }

        [Theory]
        [InlineData("inspect --foo app.bin", "there is no option --foo. See 'nanoota inspect --help'.")]
        [InlineData("image make --kind deployment --version 1.0.0 --sise 4 --out x", "there is no option --sise. See 'nanoota image make --help'.")]
        [InlineData("image make --kind deployment --version 1.0.0 --size 9g --out x", "--size is '9g', which is neither a number of bytes nor of KiB, such as 200k. See 'nanoota image make --help'.")]
        [InlineData("image make --kind deployment --version 1.0.0 --size 2097152k --out x", "--size is '2097152k', which is neither a number of bytes nor of KiB, such as 200k. See 'nanoota image make --help'.")]
        public void What_is_wrong_is_named_and_not_what_follows_it(string line, string sentence)
        {
            Assert.Equal("nanoota: " + sentence, ToolResult.Refusal(ExitCode.Usage, line.Split(' ')));
        }

        [Fact]
        public void A_folder_in_the_place_of_a_file_is_said_to_be_one()
        {
            string folder = Path.GetTempPath();
            Assert.Equal($"nanoota: {folder} is a folder: name a file in it.", ToolResult.Refusal(ExitCode.Usage, "inspect", folder));
        }

        [Fact]
        public void A_size_is_given_in_bytes_or_KiB()
        {
            string file = Path.Combine(Directory.CreateTempSubdirectory("nanoota").FullName, "a.bin");
            Assert.Equal(0, ToolResult.Of("image", "make", "--kind", "deployment", "--version", "1.0.0", "--size", "20k", "--out", file).ExitCode);
            Assert.Equal(20 * 1024, new FileInfo(file).Length);
            Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
        }

        [Fact]
        public void Without_arguments_the_help_is_shown_with_every_command_in_a_group()
        {
            ToolResult result = ToolResult.Of();
            Assert.Equal((0, "", ToolResult.Of("--help").Output), (result.ExitCode, result.Error, result.Output));
            string[] lines = result.Output.Split('\n');
            Assert.All(CommandLine.CommandNames().Select(name => name.Split(' ')[0]).Distinct(), name => Assert.Single(lines, line => line.StartsWith($"  {name} ", StringComparison.Ordinal)));
            Assert.DoesNotContain("Others:", lines);
        }

        [Fact]
        public void With_json_alone_nothing_but_JSON_is_printed()
        {
            Assert.Equal("nanoota: no command is given. See 'nanoota --help'.", ToolResult.Refusal(ExitCode.Usage));
            Assert.Equal(ToolResult.Of("--help").Output, ToolResult.Of("--help", "--json").Output);
        }

        [Fact]
        public void Every_exit_code_stands_in_the_help()
        {
            string help = ToolResult.Of("--help").Output;
            Assert.All(Enum.GetValues<ExitCode>(), code => Assert.Matches($@"[:;] {(int)code} ", help));
        }

        [Fact]
        public void The_built_program_keeps_output_and_errors_apart()
        {
            var start = new ProcessStartInfo("dotnet", ["exec", typeof(CommandLine).Assembly.Location, "inspect", "no-such-file", "--json"])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            using Process process = Process.Start(start)!;
            string output = process.StandardOutput.ReadToEnd();
            string error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            Assert.Equal(2, process.ExitCode);
            Assert.StartsWith("nanoota: cannot read no-such-file: ", error);
            Assert.Equal($"{{\"error\":\"{error.TrimEnd()["nanoota: ".Length..]}\"}}", output.TrimEnd());
        }
    }
}
