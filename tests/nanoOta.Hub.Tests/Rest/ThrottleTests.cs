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

        // Of tier S1, one unit: docs of IoT Hub's quotas and throttling.
        [Theory]
        [InlineData((int)Operation.Query, 20, 60)]
        [InlineData((int)Operation.ConfigurationWrite, 20, 60)]
        [InlineData((int)Operation.ConfigurationRead, 20, 60)]
        [InlineData((int)Operation.RegistryRead, 100, 60)]
        [InlineData((int)Operation.RegistryWrite, 100, 60)]
        [InlineData((int)Operation.Job, 100, 60)]
        [InlineData((int)Operation.TwinRead, 100, 1)]
        [InlineData((int)Operation.TwinWrite, 50, 1)]
        public void The_limits_of_S1_hold_and_grow_with_the_units(int operation, int count, int seconds)
        {
            foreach (int units in new[] { 1, 2 })
            {
                var time = new ManualTime();
                var throttle = new Throttle(units, TimeSpan.Zero, time);
                for (int period = 0; period < 2; period++)
                {
                    for (int i = 0; i < count * units; i++)
                    {
                        Assert.True(throttle.WaitAsync((Operation)operation, CancellationToken.None).IsCompletedSuccessfully);
                    }

                    Assert.Equal(429, Assert.Throws<HubError>(() => { _ = throttle.WaitAsync((Operation)operation, CancellationToken.None); }).Status);
                    time.Advance(TimeSpan.FromSeconds(seconds) + TimeSpan.FromMilliseconds(1));
                }
            }
        }
    }
}
