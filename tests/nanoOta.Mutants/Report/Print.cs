using System.Globalization;
using System.Text.Json;

namespace nanoOta.Mutants.Report
{
    /// <summary>What a campaign found, for people and for machines.</summary>
    internal static class Print
    {
        private static readonly JsonSerializerOptions _options = new()
        {
            Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };

        /// <summary>The share of killed mutants, in per cent; 100 of none.</summary>
        public static double PercentKilled(IReadOnlyCollection<Result> results)
        {
            return results.Count == 0 ? 100 : 100.0 * results.Count(result => !result.IsSurvivor) / results.Count;
        }

        /// <summary>One line for each survivor, one for each assembly and one for all.</summary>
        public static void Text(IReadOnlyList<Result> results, TextWriter output)
        {
            foreach (Result result in results.Where(result => result.IsSurvivor))
            {
                output.WriteLine(Line(result));
            }

            foreach (IGrouping<string, Result> assembly in results.GroupBy(result => result.Mutant.Assembly))
            {
                output.WriteLine(Totals(assembly.Key, [.. assembly]));
            }

            output.WriteLine(Totals("all", results));
        }

        /// <summary>The same as one JSON object.</summary>
        public static void Json(IReadOnlyList<Result> results, TextWriter output)
        {
            output.WriteLine(JsonSerializer.Serialize(new
            {
                survivors = results.Where(result => result.IsSurvivor).Select(result => new
                {
                    assembly = result.Mutant.Assembly, method = result.Mutant.Method, offset = result.Mutant.Offset, file = result.Mutant.File, line = result.Mutant.Line,
                    @operator = result.Mutant.Operator, change = result.Mutant.Change, verdict = result.Verdict.ToString(),
                }),
                assemblies = results.GroupBy(result => result.Mutant.Assembly).Select(assembly => Counts(assembly.Key, [.. assembly])),
                all = Counts("all", results),
            }, _options));
        }

        /// <summary>A verdict and its mutant.</summary>
        public static string Line(Result result)
        {
            string verdict = result.Verdict switch
            {
                Verdict.Killed => "killed",
                Verdict.TimedOut => "timed out",
                Verdict.Survived => "survived",
                _ => "not covered",
            };
            string place = result.Mutant.File == null ? "no PDB" : $"{result.Mutant.File}:{result.Mutant.Line}";
            return $"{verdict}  {result.Mutant.Assembly}  {result.Mutant.ShortMethod} IL_{result.Mutant.Offset:x4}  {place}  {result.Mutant.Operator}: {result.Mutant.Change}";
        }

        private static string Totals(string name, IReadOnlyList<Result> results)
        {
            return string.Create(CultureInfo.InvariantCulture,
                $"{name}: {results.Count} mutants, {PercentKilled(results):0.0} % killed: {Of(Verdict.Killed)} by a test, {Of(Verdict.TimedOut)} timed out, {Of(Verdict.Survived)} survived, {Of(Verdict.NotCovered)} not covered");

            int Of(Verdict verdict) => results.Count(result => result.Verdict == verdict);
        }

        private static object Counts(string name, IReadOnlyList<Result> results)
        {
            return new
            {
                name, mutants = results.Count, percent = PercentKilled(results), killed = Of(Verdict.Killed), timedOut = Of(Verdict.TimedOut),
                survived = Of(Verdict.Survived), notCovered = Of(Verdict.NotCovered),
            };

            int Of(Verdict verdict) => results.Count(result => result.Verdict == verdict);
        }
    }
}
