using nanoOta.Tool;

namespace nanoOta.Hub.Tests
{
    /// <summary>The usage of <c>nanoota demo --fleet</c>; test.sh plays it, as a process of its own.</summary>
    public sealed class FleetDemoTests
    {
        [Fact]
        public void A_fleet_that_is_too_small_is_refused()
        {
            using var error = new StringWriter();
            Assert.Equal(2, CommandLine.Run(["demo", "--fleet", "1"], TextWriter.Null, error, stop: TestContext.Current.CancellationToken));
            Assert.Contains("--fleet is from 50 to 20000.", error.ToString());
        }
    }
}
