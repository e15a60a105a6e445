using nanoOta.Tool.Fleet;
using nanoOta.VirtualDevice;

namespace nanoOta.Tests.Documents
{
    /// <summary>The tables of docs/troubleshooting.md say of each code what <c>nanoota explain</c> says.</summary>
    public class TroubleshootingPageTests
    {
        [Theory]
        [InlineData(0, "waiting")]
        [InlineData(1, "the request")]
        [InlineData(2, "the manifest")]
        [InlineData(3, "policy")]
        [InlineData(4, "signatures")]
        [InlineData(5, "the network")]
        [InlineData(6, "flash and images")]
        [InlineData(7, "the trial")]
        [InlineData(9, "the device")]
        public void The_table_of_a_hundred_has_every_code_of_it(int hundred, string name)
        {
            IEnumerable<string> rows = Enum.GetValues<ResultCode>().Where(code => (int)code / 100 == hundred)
                .Select(code => $"| {(int)code} | `{ResultText.Name(code)}` | {ResultText.Sentence(code)} | {Advice.For(code)} |\n");
            MadePage.Check("docs/troubleshooting.md", name, "| code | name | what it says | what to do |\n|---|---|---|---|\n" + string.Concat(rows));
        }

        [Fact]
        public void No_code_is_of_another_hundred()
        {
            Assert.All(Enum.GetValues<ResultCode>(), code => Assert.Contains((int)code / 100, new[] { 0, 1, 2, 3, 4, 5, 6, 7, 9 }));
        }
    }
}
