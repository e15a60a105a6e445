using nanoOta.VirtualDevice;

namespace nanoOta.Tests.Download
{
    public class BackoffTests
    {
        [Theory]
        [InlineData(5000, 900_000)]
        [InlineData(1, 1)]
        [InlineData(1, int.MaxValue)]
        [InlineData(1000, 30L * 24 * 3600 * 1000)]
        [InlineData(5000, int.MaxValue * 1000L)]
        public void Each_delay_is_twice_the_last_up_to_the_limit_give_or_take_a_quarter(long first, long most)
        {
            foreach (uint seed in new[] { 0u, 1u, 0x80000000, uint.MaxValue })
            {
                var backoff = new Backoff(first, most, seed);
                double due = first;
                for (int failure = 1; failure <= 100_000; failure++)
                {
                    long wait = backoff.Failed(0);
                    Assert.InRange(wait, (long)(due * 0.75) - 3, (long)(due * 1.25) + 1);
                    Assert.Equal(failure, backoff.Failures);
                    due = Math.Min(due * 2, most);
                }

                backoff.Succeeded();
                Assert.InRange(backoff.Failed(0), first * 3 / 4 - 3, first * 5 / 4 + 1);
            }
        }

        [Theory]
        [InlineData(60, 60_000)]
        [InlineData(1, 5_000)]
        [InlineData(0, 5_000)]
        [InlineData(-1, 5_000)]
        [InlineData(int.MinValue, 5_000)]
        [InlineData(int.MaxValue, 900_000)]
        [InlineData(3600, 900_000)]
        public void What_the_server_asks_for_is_kept_to_within_the_limits(int asked, long delay)
        {
            Assert.InRange(new Backoff(5000, 900_000, 7).Failed(asked), delay * 3 / 4, delay * 5 / 4);
        }

        [Fact]
        public void What_the_server_asked_for_once_does_not_lengthen_the_delays_after_it()
        {
            var backoff = new Backoff(5000, 900_000, 7);
            backoff.Failed(600);
            Assert.InRange(backoff.Failed(0), 7500, 12500);
        }

        [Fact]
        public void Devices_differ_and_a_device_does_not()
        {
            long[] waits = [.. Enumerable.Range(0, 100).Select(i => new Backoff(100_000, 100_000, Crc.Of("device-" + i)).Failed(0))];
            Assert.InRange(waits.Distinct().Count(), 95, 100);
            Assert.InRange(waits.Min(), 75_000, 80_000);
            Assert.InRange(waits.Max(), 120_000, 125_000);
            Assert.Equal(waits[3], new Backoff(100_000, 100_000, Crc.Of("device-3")).Failed(0));
        }

        [Fact]
        public void A_limit_of_years_in_seconds_is_no_limit_of_nothing()
        {
            // 2^31 milliseconds are 25 days.
            var rig = new nanoOta.Tests.Devices.Rig { Configure = o => o.LongestRetrySeconds = 40 * 24 * 3600 };
            rig.Server.OnOpen = (_, _) => ResultCode.ServerBusy;
            rig.Boot().Run(5);
            Assert.Equal(ResultCode.ServerBusy, rig.Status.Waiting);
            Assert.InRange(rig.Hits["IImageSource.Open"], 4, 7);
        }

        [Fact]
        public void A_channel_that_looks_once_a_month_does()
        {
            const long Month = 30L * 24 * 3600;
            var server = new nanoOta.VirtualDevice.Cloud.MemoryServer();
            server.Put("https://h/m.json", "{}"u8.ToArray());
            var channel = new HttpChannel(HostOptions.Create("device"), "https://h/m.json", server.Connect(), (int)Month);
            long due = 0;
            for (int steps = 0; channel.Answers == 0; steps++)
            {
                due = channel.Step(due);
                Assert.True(steps < 10);
            }

            Assert.InRange(due, Month * 750, Month * 1250);
        }
    }
}
