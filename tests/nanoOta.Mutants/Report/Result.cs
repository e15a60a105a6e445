using System.Text.Json;
using System.Text.Json.Serialization;
using nanoOta.Mutants.Il;

namespace nanoOta.Mutants.Report
{
    /// <summary>What the tests made of a mutant.</summary>
    [JsonConverter(typeof(JsonStringEnumConverter<Verdict>))]
    internal enum Verdict
    {
        /// <summary>A test failed, or its process crashed.</summary>
        Killed,

        /// <summary>The tests did not end in time; counts as killed.</summary>
        TimedOut,

        /// <summary>Every test that reaches the instruction passed.</summary>
        Survived,

        /// <summary>No test reaches the instruction; counts as a survivor.</summary>
        NotCovered,
    }

    /// <summary>A mutant and its verdict: one line of the results file.</summary>
    /// <param name="Mutant">The mutant.</param>
    /// <param name="Verdict">The verdict.</param>
    /// <param name="Test">The test that killed it; null: it survived.</param>
    /// <param name="Seconds">How long that took.</param>
    internal sealed record Result(Mutant Mutant, Verdict Verdict, string? Test, double Seconds)
    {
        private static readonly JsonSerializerOptions _options = new()
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };

        /// <summary>What was tested: verdicts hold for these assemblies alone. See <see cref="Running.TestSuite.Fingerprint"/>.</summary>
        public required string Fingerprint { get; init; }

        /// <summary>Whether no test noticed.</summary>
        [JsonIgnore]
        public bool IsSurvivor => Verdict is Verdict.Survived or Verdict.NotCovered;

        /// <summary>As a line of JSON.</summary>
        public string ToJson()
        {
            return JsonSerializer.Serialize(this, _options);
        }

        /// <summary>The results that a new run leaves in the file: those of other mutants when only survivors run, and those it goes on from.</summary>
        public static IEnumerable<Result> Kept(IEnumerable<Result> before, Options options, string fingerprint)
        {
            return before.Where(result => options.Survivors || (options.Resume && result.Fingerprint == fingerprint));
        }

        /// <summary>Reads a results file: the last result of each mutant. A last line that was cut off is left out.</summary>
        public static List<Result> Read(string file)
        {
            var results = new List<Result>();
            foreach (string line in File.Exists(file) ? File.ReadAllLines(file) : [])
            {
                try
                {
                    results.Add(JsonSerializer.Deserialize<Result>(line, _options)!);
                }
                catch (JsonException)
                {
                    // Written while the campaign was interrupted: the mutant runs again.
                }
            }

            return [.. results.GroupBy(result => result.Mutant.Id).Select(group => group.Last())];
        }
    }
}
