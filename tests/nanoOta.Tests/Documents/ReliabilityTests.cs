using System.Reflection;
using System.Text.RegularExpressions;

namespace nanoOta.Tests.Documents
{
    /// <summary>docs/reliability.md names attacks, codes and tests that are there. Its figures are compared by test.sh.</summary>
    public partial class ReliabilityTests
    {
        private static readonly string[] _prefixes = [.. Rows().Select(row => Code().Match(row[^1]).Groups["code"].Value)];

        private static readonly string[] _tests = [.. typeof(ReliabilityTests).Assembly.GetTypes().Where(type => type.Namespace == "nanoOta.Tests.Attacks")
            .SelectMany(type => type.GetMethods()).Where(method => method.GetCustomAttribute<FactAttribute>() != null).Select(method => method.Name)];

        [Fact]
        public void Each_attack_has_its_tests()
        {
            Assert.True(_prefixes.Length >= 12, $"{_prefixes.Length} attacks");
            Assert.All(_prefixes, prefix => Assert.Contains(_tests, test => test.StartsWith(prefix, StringComparison.Ordinal)));
        }

        [Fact]
        public void Each_test_of_an_attack_is_told_of()
        {
            Assert.True(_tests.Length > 30, $"{_tests.Length} tests");
            Assert.All(_tests, test => Assert.Contains(_prefixes, prefix => prefix.Length > 3 && test.StartsWith(prefix, StringComparison.Ordinal)));
        }

        [Fact]
        public void Each_code_is_one()
        {
            string[] codes = [.. Rows().SelectMany(row => Code().Matches(row[^2])).Select(match => match.Groups["code"].Value)];
            Assert.True(codes.Length > 15, $"{codes.Length} codes");
            Assert.All(codes, code => Assert.True(Enum.TryParse(code, out ResultCode _), code));
        }

        // The cells of the table of attacks, row by row.
        private static IEnumerable<string[]> Rows()
        {
            string section = Checkout.Text("docs/reliability.md").Split("## Attacks")[1].Split("\n## ")[0];
            return section.Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(1).Select(line => line.Trim('|', ' ').Split(" | "));
        }

        [GeneratedRegex("`(?<code>[^`]+)`")]
        private static partial Regex Code();
    }
}
