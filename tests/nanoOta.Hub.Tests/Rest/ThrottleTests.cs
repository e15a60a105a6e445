namespace nanoOta.Hub.Tests
{
    public sealed class ThrottleTests
    {
        [Fact]
        public async Task Requests_beyond_the_limit_wait_and_then_429_comes_without_Retry_After()
        {
            // At 20 a minute a burst of 20 passes, and one more is free every 3 s. The queue takes one of them.
            using var scene = new HubScene(new HubOptions { IndexLag = TimeSpan.Zero, Units = 10, LongestQueue = TimeSpan.FromSeconds(0.7) });
            HubAnswer[] answers = await Task.WhenAll(Enumerable.Range(0, 210).Select(_ => scene.Client.SendAsync("POST", "/devices/query", """{"query":"SELECT * FROM devices"}""")));
            Assert.InRange(answers.Count(answer => answer.Status == 200), 201, 209);
            HubAnswer refused = answers.First(answer => answer.Status != 200);
            Assert.Equal((429, "ThrottlingException"), (refused.Status, refused.Error));
            Assert.Contains("Wait 10 seconds and try again. Operation type: Query", refused.Text);
            Assert.False(refused.Headers.ContainsKey("Retry-After"));
            Assert.Equal("close", refused.Headers["Connection"]);
        }
    }
}
