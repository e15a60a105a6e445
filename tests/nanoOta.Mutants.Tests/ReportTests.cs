using System.Text.Json;
using nanoOta.Mutants.Il;
using nanoOta.Mutants.Report;

namespace nanoOta.Mutants.Tests
{
    public class ReportTests
    {
        private static readonly Result[] _results =
        [
            Of("A", 1, Verdict.Killed), Of("A", 2, Verdict.Survived), Of("B", 3, Verdict.TimedOut), Of("B", 4, Verdict.NotCovered), Of("B", 5, Verdict.Killed),
        ];

        [Fact]
        public void Survivors_have_a_line_each_and_assemblies_their_totals()
        {
            var output = new StringWriter { NewLine = "\n" };
            Print.Text(_results, output);
            Assert.Equal(
                """
                survived  A  N.C.M IL_0002  src/M.cs:12  bound moved: blt -> ble
                not covered  B  N.C.M IL_0004  src/M.cs:14  bound moved: blt -> ble
                A: 2 mutants, 50.0 % killed: 1 by a test, 0 timed out, 1 survived, 0 not covered
                B: 3 mutants, 66.7 % killed: 1 by a test, 1 timed out, 0 survived, 1 not covered
                all: 5 mutants, 60.0 % killed: 2 by a test, 1 timed out, 1 survived, 1 not covered

                """.ReplaceLineEndings("\n"), output.ToString());
        }

        [Fact]
        public void The_same_is_told_in_json()
        {
            var output = new StringWriter();
            Print.Json(_results, output);
            JsonElement report = JsonDocument.Parse(output.ToString()).RootElement;
            Assert.Equal(["Survived", "NotCovered"], report.GetProperty("survivors").EnumerateArray().Select(survivor => survivor.GetProperty("verdict").GetString()));
            Assert.Equal([50.0, 66.7], report.GetProperty("assemblies").EnumerateArray().Select(assembly => Math.Round(assembly.GetProperty("percent").GetDouble(), 1)));
            Assert.Equal(60, report.GetProperty("all").GetProperty("percent").GetDouble());
        }

        [Fact]
        public void Results_are_read_back_without_a_line_that_was_cut_off()
        {
            string file = Path.GetTempFileName();
            string[] lines = [.. _results.Select(result => result.ToJson())];
            lines[^1] = lines[^1][..20];
            File.WriteAllLines(file, lines);
            Assert.Equal(_results[..^1], Result.Read(file));
            File.Delete(file);
            Assert.Empty(Result.Read(file));
        }

        [Fact]
        public void A_run_of_the_survivors_keeps_every_other_verdict_and_the_last_one_of_a_mutant_counts()
        {
            Assert.Equal(_results, Result.Kept(_results, new Options { Survivors = true }, "other tests"));
            Assert.Equal(_results, Result.Kept(_results, new Options { Resume = true }, _results[0].Fingerprint));
            Assert.Empty(Result.Kept(_results, new Options { Resume = true }, "other tests"));
            Assert.Empty(Result.Kept(_results, new Options(), _results[0].Fingerprint));
            string file = Path.GetTempFileName();
            Result killed = _results[1] with { Verdict = Verdict.Killed };
            File.WriteAllLines(file, [.. _results.Select(result => result.ToJson()), killed.ToJson()]);
            Assert.Equal([_results[0], killed, .. _results[2..]], Result.Read(file));
            File.Delete(file);
        }

        [Theory]
        [InlineData("--count 0")]
        [InlineData("--count")]
        [InlineData("--jobs 3")]
        [InlineData("--at-least 101")]
        [InlineData("--seed -1")]
        [InlineData("--resume --survivors")]
        [InlineData("--no-such-option")]
        [InlineData("results.jsonl")]
        public void A_wrong_command_line_is_refused(string line)
        {
            Assert.Null(Options.Parse(line.Split(' '), out string error));
            Assert.NotEmpty(error);
        }

        [Fact]
        public void A_command_line_is_read()
        {
            Options options = Options.Parse("--count 5 --seed 7 --assembly A --assembly B --jobs 2 --resume --at-least 90".Split(' '), out _)!;
            Assert.Equal((5, 7, 2, true, 90.0), (options.Count, options.Seed, options.Jobs, options.Resume, options.AtLeast));
            Assert.Equal(["A", "B"], options.Assemblies);
        }

        private static Result Of(string assembly, int offset, Verdict verdict)
        {
            var mutant = new Mutant
            {
                Assembly = assembly, Method = "System.Void N.C::M(System.Int32)", Offset = offset, Operator = "bound moved", Change = "blt -> ble", File = "src/M.cs", Line = 10 + offset,
            };
            return new Result(mutant, verdict, verdict is Verdict.Killed ? "T" : null, 1) { Fingerprint = "F" };
        }
    }
}
