using nanoOta.VirtualDevice;

namespace nanoOta.Tests.Devices
{
    /// <summary>The gates that make an update wait, and how they open.</summary>
    public class WaitingTests
    {
        [Fact]
        public void An_update_waits_for_its_start_time_and_then_goes_on()
        {
            Bench bench = Ready();
            Assert.Equal(RunEnd.Settled, bench.Request("1.1.0", "\"updateAfter\":\"2026-11-21T08:30:00Z\","));
            AssertWaitedAndApplied(bench, ResultCode.NotYet, new DateTime(2026, 11, 21, 8, 30, 0));
        }

        [Fact]
        public void The_manifest_s_own_start_time_counts_as_well()
        {
            Bench bench = Ready("\"notBefore\":\"2026-11-20T12:00:30Z\",");
            bench.Request("1.1.0");
            AssertWaitedAndApplied(bench, ResultCode.NotYet, new DateTime(2026, 11, 20, 12, 0, 30));
        }

        [Theory]
        [InlineData("22:00-04:00", 22, 0)]
        [InlineData("12:30-13:00", 12, 30)]
        [InlineData("13:00-12:00", 13, 0)]
        public void An_update_waits_for_its_window_of_the_day(string window, int hour, int minute)
        {
            Bench bench = Ready();
            bench.Request("1.1.0", $"\"updateWindow\":\"{window}\",");
            AssertWaitedAndApplied(bench, ResultCode.OutsideWindow, new DateTime(2026, 11, 20, hour, minute, 0));
        }

        [Fact]
        public void A_window_that_opens_in_a_second_is_waited_for()
        {
            long opens = new DateTimeOffset(2026, 11, 20, 22, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds();
            int asked = 0;
            Bench bench = Ready();
            bench.Configure = o => o.Clock = () => ++asked > 20 ? opens : opens - 1;
            bench.Request("1.1.0", "\"updateWindow\":\"22:00-04:00\",");
            AssertWaitedAndApplied(bench, ResultCode.OutsideWindow, null);
        }

        [Theory]
        [InlineData("11:00-13:00")]
        [InlineData("12:00-12:01")]
        [InlineData("22:00-12:01")]
        [InlineData("00:00-00:00")]
        public void Within_its_window_it_starts_at_once(string window)
        {
            Bench bench = Ready();
            bench.Request("1.1.0", $"\"updateWindow\":\"{window}\",");
            Assert.Equal(ResultCode.Applied, bench.Status.LastCode);
            Assert.DoesNotContain(bench.Log, line => line.Contains("OutsideWindow"));
        }

        [Fact]
        public void An_update_waits_until_the_application_is_no_longer_busy()
        {
            int asked = 0;
            Bench bench = Ready();
            bench.Configure = o => o.IsBusy = () => ++asked < 4;
            bench.Request("1.1.0");
            AssertWaitedAndApplied(bench, ResultCode.Busy, null);
        }

        [Fact]
        public void An_update_waits_until_the_battery_suffices()
        {
            int asked = 0;
            Bench bench = Ready();
            bench.Configure = o => o.HasPower = () => ++asked >= 4;
            bench.Request("1.1.0");
            AssertWaitedAndApplied(bench, ResultCode.BatteryLow, null);
        }

        [Fact]
        public void Two_updates_are_a_period_apart_unless_asked_for_by_hand()
        {
            Bench bench = Ready();
            bench.Configure = o => o.MinimumIntervalSeconds = 24 * 3600;
            bench.Request("1.1.0");
            bench.Publish("1.2.0", ("deployment", "1.2.0", Bench.Deployment("1.2.0")));
            bench.Request("1.2.0");
            Assert.Contains(bench.Log, line => line.Contains("waiting=TooSoon"));
            Assert.Equal("1.2.0", bench.Status.Current);
        }

        [Fact]
        public void Rules_on_time_wait_until_the_clock_is_set()
        {
            long time = 0;
            int asked = 0;
            Bench bench = Ready("\"expires\":\"2027-01-01T00:00:00Z\",");
            bench.Configure = o => o.Clock = () => ++asked > 20 ? 1800000000 - 2000 * 86400L : time;
            bench.Request("1.1.0");
            AssertWaitedAndApplied(bench, ResultCode.ClockUnknown, null);
        }

        [Fact]
        public void What_has_expired_by_the_time_the_clock_is_set_is_refused()
        {
            int asked = 0;
            Bench bench = Ready("\"expires\":\"2025-01-01T00:00:00Z\",");
            bench.Configure = o => o.Clock = () => ++asked > 20 ? 1763640000 : 0;
            bench.Request("1.1.0");
            Assert.Equal((ResultCode.Expired, "1.0.0"), (bench.Status.LastCode, bench.Status.Current));
        }

        [Fact]
        public void A_device_outside_the_share_waits_and_one_inside_does_not()
        {
            // What decides is fixed by device and version: this device has its turn at the same share each time.
            int turn = Enumerable.Range(0, 101).First(share => Applies(share));
            Assert.InRange(turn, 1, 100);
            Assert.Equal(Enumerable.Range(0, 101).Select(share => share >= turn), Enumerable.Range(0, 101).Select(Applies));

            static bool Applies(int share)
            {
                Bench bench = Ready();
                RunEnd end = bench.Request("1.1.0", $"\"updateShare\":{share},");
                Assert.Equal(bench.Status.LastCode == ResultCode.Applied ? RunEnd.Settled : RunEnd.Stopped, end);
                return bench.Status.LastCode == ResultCode.Applied;
            }
        }

        [Fact]
        public void Shares_are_even_over_devices()
        {
            int inside = Enumerable.Range(0, 200).Count(device =>
            {
                Bench bench = Ready();
                bench.Configure = o => o.DeviceId = $"device-{device}";
                bench.Request("1.1.0", "\"updateShare\":30,");
                return bench.Status.LastCode == ResultCode.Applied;
            });
            Assert.InRange(inside, 40, 80);
        }

        [Fact]
        public void While_it_waits_a_wider_share_lets_it_start()
        {
            var channel = new OfferChannel { Desired = now => $$"""{"updateVersion":"1.1.0","updateShare":{{(now < 600000 ? 0 : 100)}},"updateUrl":"{{Bench.Container}}"}""" };
            Bench bench = Ready();
            bench.OtherChannel = channel;
            bench.Run();
            AssertWaitedAndApplied(bench, ResultCode.PercentageNotReached, null);
        }

        private static Bench Ready(string more = "")
        {
            var bench = new Bench();
            bench.Publish("1.1.0", more, ("deployment", "1.1.0", Bench.Deployment("1.1.0")));
            return bench;
        }

        private static void AssertWaitedAndApplied(Bench bench, ResultCode code, DateTime? notBefore)
        {
            Assert.Contains(bench.Log, line => line.Contains($"state=waiting waiting={code}"));
            Assert.True(ResultCode.Applied == bench.Status.LastCode, string.Join("\n", bench.Log));
            if (notBefore is { } time)
            {
                Assert.InRange(DateTime.UnixEpoch.AddSeconds(bench.Status.LastTime), time, time.AddSeconds(2));
            }
        }
    }
}
