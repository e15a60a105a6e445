namespace nanoOta.Tests.StandIns.Runtime
{
    /// <summary>What happens beside device code, and when.</summary>
    public sealed class ScheduleTests
    {
        private readonly ManualClock _clock = new(DateTime.UnixEpoch);
        private readonly List<string> _happened = [];

        public ScheduleTests()
        {
            DeviceClock.Current = _clock;
        }

        [Fact]
        public void Things_happen_at_their_time_and_in_the_order_they_were_planned()
        {
            Plan(200, null, "c");
            Plan(100, null, "a");
            Plan(100, null, "b");

            _clock.Advance(100);
            Assert.Equal(["100 a", "100 b"], _happened);
            Assert.Equal(200, _clock.Schedule.NextDue);
            _clock.Advance(500);

            Assert.Equal(["100 a", "100 b", "200 c"], _happened);
            Assert.Equal(600, _clock.TickCount64);
            Assert.Equal(long.MaxValue, _clock.Schedule.NextDue);
        }

        [Fact]
        public void What_is_taken_back_does_not_happen()
        {
            object planned = Plan(100, null, "a");

            _clock.Schedule.Remove(planned);
            _clock.Advance(1000);

            Assert.Empty(_happened);
        }

        [Fact]
        public void A_busy_thread_does_nothing_else_and_the_others_go_on()
        {
            DeviceThread busy = new("busy");
            _clock.Schedule.Add(10, busy, () => _clock.Schedule.Run(100));
            Plan(20, busy, "late");
            Plan(30, _clock.Schedule.Timers, "timer");

            _clock.Advance(200);

            Assert.Equal(["30 timer", "110 late"], _happened);
        }

        [Fact]
        public void A_restart_ends_what_the_device_does_and_nothing_outside()
        {
            Plan(10, _clock.Schedule.Timers, "device");
            Plan(10, null, "outside");

            _clock.Schedule.Restart();
            _clock.Advance(20);

            Assert.Equal(["10 outside"], _happened);
        }

        [Fact]
        public void What_a_thread_throws_is_noted()
        {
            _clock.Schedule.Add(10, _clock.Schedule.Timers, () => throw new InvalidOperationException());
            Plan(20, _clock.Schedule.Timers, "next");

            _clock.Advance(100);

            Assert.IsType<InvalidOperationException>(Assert.Single(_clock.Schedule.Uncaught));
            Assert.Single(_happened);
        }

        [Fact]
        public void A_thread_that_never_ends_is_told()
        {
            using ManualResetEvent never = new(false);
            _clock.Schedule.Patience = TimeSpan.FromMilliseconds(100);
            _clock.Schedule.Add(10, _clock.Schedule.Timers, () => never.WaitOne());

            DeviceHangException e = Assert.Throws<DeviceHangException>(() => _clock.Advance(100));

            Assert.Contains("timer thread", e.Message);
            never.Set();
        }

        [Fact]
        public void A_tokens_delay_is_the_devices_time()
        {
            DeviceToken source = new(5000);
            DeviceToken freed = new(5000);
            DeviceToken later = new(5000);
            freed.Dispose();
            later.CancelAfter(9000);

            _clock.Advance(4999);
            Assert.False(source.Token.IsCancellationRequested);
            _clock.Advance(1);

            Assert.True(source.Token.IsCancellationRequested);
            Assert.False(freed.IsCancellationRequested);
            Assert.False(later.IsCancellationRequested);
            _clock.Advance(4000);
            Assert.True(later.IsCancellationRequested);
        }

        private object Plan(long after, DeviceThread? thread, string what)
        {
            return _clock.Schedule.Add(after, thread, () => _happened.Add($"{_clock.TickCount64} {what}"));
        }
    }
}
