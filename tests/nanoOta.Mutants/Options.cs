using System.Globalization;

namespace nanoOta.Mutants
{
    /// <summary>The command line.</summary>
    internal sealed record Options
    {
        public const string Usage = """
            usage: nanoOta.Mutants [OPTION...]
              --count N             mutants of each assembly (20)
              --total N             mutants of all assemblies together, in proportion to their size, in place of --count
              --seed N              which mutants are drawn (1); the same seed draws the same
              --assembly NAME       only this assembly; may be given more than once (every device assembly)
              --effort SECONDS      processor time of a suite's tests for a mutant, the fastest classes first (no limit); what is left then
                                    counts as survived, and --survivors tries it by the rest
              --jobs N              mutants at a time, 1 or 2 (1)
              --resume              go on with an interrupted campaign: keep the verdicts of the results file
              --survivors           only those mutants that the results file has as survivors
              --results FILE        the results file, one JSON object a line (artifacts/mutants/results.jsonl)
              --list                print the mutants, run nothing
              --json                print JSON
              --at-least PERCENT    exit code 4 if fewer are killed
            exit codes: 0 done, 2 usage, 3 the campaign cannot be run, 4 fewer killed than --at-least
            """;

        public int Count { get; init; } = 20;

        public int? Total { get; init; }

        public int Seed { get; init; } = 1;

        public IReadOnlyList<string> Assemblies { get; init; } = [];

        public double Effort { get; init; } = double.PositiveInfinity;

        public int Jobs { get; init; } = 1;

        public bool Resume { get; init; }

        public bool Survivors { get; init; }

        public string? Results { get; init; }

        public bool List { get; init; }

        public bool Json { get; init; }

        public double? AtLeast { get; init; }

        /// <summary>Reads the command line.</summary>
        /// <returns>null: it is wrong, and <paramref name="error"/> says what.</returns>
        public static Options? Parse(string[] args, out string error)
        {
            var options = new Options();
            error = "";
            for (int i = 0; i < args.Length; i++)
            {
                string name = args[i];
                options = name switch
                {
                    "--resume" => options with { Resume = true },
                    "--survivors" => options with { Survivors = true },
                    "--list" => options with { List = true },
                    "--json" => options with { Json = true },
                    _ => ++i < args.Length ? options.With(name, args[i]) : null,
                };
                if (options == null)
                {
                    error = $"{name}{(i < args.Length && args[i] != name ? " " + args[i] : "")} is not an option with a value it can have.";
                    return null;
                }
            }

            error = options.Resume && options.Survivors ? "--resume and --survivors do not go together." : "";
            return error.Length == 0 ? options : null;
        }

        private Options? With(string name, string value)
        {
            bool isNumber = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number);
            return name switch
            {
                "--count" when isNumber && number > 0 => this with { Count = number },
                "--total" when isNumber && number > 0 => this with { Total = number },
                "--seed" when isNumber => this with { Seed = number },
                "--effort" when isNumber && number > 0 => this with { Effort = number },
                "--jobs" when number is 1 or 2 => this with { Jobs = number },
                "--assembly" => this with { Assemblies = [.. Assemblies, value] },
                "--results" => this with { Results = value },
                "--at-least" when isNumber && number <= 100 => this with { AtLeast = number },
                _ => null,
            };
        }
    }
}
