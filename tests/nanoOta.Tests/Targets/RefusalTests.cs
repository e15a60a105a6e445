using System.Text.RegularExpressions;
using nanoOta.Tests.Documents;

namespace nanoOta.Tests.Targets
{
    /// <summary>What becomes of ESP-IDF's refusals: the port's table against the one in docs/esp32.md.</summary>
    public partial class RefusalTests
    {
        [Fact]
        public void The_document_has_each_refusal_with_its_result()
        {
            Assert.Empty(Faults(Checkout.Text("targets/ESP32/src/flash.c"), Checkout.Text("docs/esp32.md")));
        }

        [Fact]
        public void A_refusal_that_goes_elsewhere_is_seen()
        {
            string code = Checkout.Text("targets/ESP32/src/flash.c");
            Assert.Equal(["ESP_ERR_INVALID_SIZE"], Faults(code.Replace("return NOTA_TOO_LARGE", "return NOTA_SLOT_BUSY"), Checkout.Text("docs/esp32.md")));
        }

        private static IEnumerable<string> Faults(string code, string document)
        {
            string table = code[code.IndexOf("switch (error)", StringComparison.Ordinal)..];
            Dictionary<string, string> rows = document.Split('\n').Where(line => line.StartsWith("| `ESP_ERR_", StringComparison.Ordinal))
                .SelectMany(line => Error().Matches(line).Select(error => (Error: error.Value, Result: line.Split('|')[2].Trim(' ', '`'))))
                .ToDictionary(pair => pair.Error, pair => pair.Result);
            Dictionary<string, string> cases = Case().Matches(table)
                .SelectMany(match => Error().Matches(match.Value).Select(error => (Error: error.Value, Result: match.Groups[1].Value)))
                .ToDictionary(pair => pair.Error, pair => pair.Result);
            Assert.NotEmpty(cases);
            return rows.Keys.Union(cases.Keys).Where(error => !rows.TryGetValue(error, out string? row) || !cases.TryGetValue(error, out string? result)
                || !row.Equals(result.Replace("_", ""), StringComparison.OrdinalIgnoreCase));
        }

        [GeneratedRegex(@"ESP_ERR_\w+")]
        private static partial Regex Error();

        [GeneratedRegex(@"(?:case ESP_ERR_\w+:[^\n]*\n\s*)+return NOTA_(\w+);")]
        private static partial Regex Case();
    }
}
