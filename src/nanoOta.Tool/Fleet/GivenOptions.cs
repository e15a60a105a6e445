using System.CommandLine;
using System.CommandLine.Parsing;

namespace nanoOta.Tool.Fleet
{
    /// <summary>Options that the user gave: what would have no effect is refused and not passed over.</summary>
    internal static class GivenOptions
    {
        /// <summary>Whether the user gave an option.</summary>
        public static bool Has(ParseResult result, string name) => result.GetResult(name) is OptionResult { Implicit: false };

        /// <summary>Refuses options that have no effect.</summary>
        /// <param name="result">The command line.</param>
        /// <param name="why">Ends the sentence that begins with the option's name.</param>
        /// <param name="names">The options.</param>
        /// <exception cref="Failure">One of them is given.</exception>
        public static void Refuse(ParseResult result, string why, params string[] names)
        {
            if (names.FirstOrDefault(name => Has(result, name)) is { } given)
            {
                throw new Failure(ExitCode.Usage, $"{given} {why}");
            }
        }
    }
}
