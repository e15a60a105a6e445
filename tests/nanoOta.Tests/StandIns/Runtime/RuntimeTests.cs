namespace nanoOta.Tests.StandIns.Runtime
{
    /// <summary>The runtime around device code: facts/nanoframework.md, sections 5 and 10.</summary>
    public sealed class RuntimeTests
    {
        [Fact]
        public void Ticks_are_those_of_the_devices_clock()
        {
            ManualClock clock = new(new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));
            DeviceClock.Current = clock;
            Assert.Equal(0, DeviceEnvironment.TickCount64);
            clock.Advance(3_000_000_000);
            Assert.Equal(3_000_000_000, DeviceEnvironment.TickCount64);
            Assert.Equal(new DateTime(2026, 2, 4, 17, 20, 0), clock.UtcNow);
        }

        [Fact]
        public void The_hosts_clock_serves_until_another_is_set_and_cannot_be_changed()
        {
            long before = DeviceEnvironment.TickCount64;
            Assert.InRange(DeviceEnvironment.TickCount64, before, long.MaxValue);
            Assert.False(DeviceRtc.SetSystemTime(new DateTime(2030, 1, 1)));
        }

        [Fact]
        public void The_clock_can_be_set_to_whole_seconds()
        {
            DeviceClock.Current = new ManualClock(default);
            Assert.True(DeviceRtc.SetSystemTime(new DateTime(2030, 1, 2, 3, 4, 5, 678)));
            Assert.Equal(new DateTime(2030, 1, 2, 3, 4, 5), DeviceClock.Current.UtcNow);
        }

        [Fact]
        public void A_reboot_is_noted_and_returns()
        {
            DeviceBoard board = DeviceBoard.Current = new DeviceBoard();
            int calls = 0;
            DevicePower.OnRebootEvent += () => calls++;
            Assert.Null(board.RebootRequested);
            DevicePower.RebootDevice();
            Assert.Equal(DeviceRebootOption.NormalReboot, board.RebootRequested);
            DevicePower.RebootDevice(100, DeviceRebootOption.ClrOnly);
            Assert.Equal(DeviceRebootOption.ClrOnly, board.RebootRequested);
            Assert.Equal(2, calls);
        }

        [Fact]
        public void A_reboot_handler_that_throws_stops_the_others_and_not_the_reboot()
        {
            DeviceBoard board = DeviceBoard.Current = new DeviceBoard();
            int calls = 0;
            DevicePower.OnRebootEvent += () => throw new InvalidOperationException();
            DevicePower.OnRebootEvent += () => calls++;
            DevicePower.RebootDevice(DeviceRebootOption.EnterNanoBooter);
            Assert.Equal(DeviceRebootOption.EnterNanoBooter, board.RebootRequested);
            Assert.Equal(0, calls);
        }

        [Fact]
        public void Each_board_has_its_own_reboot_handlers()
        {
            int calls = 0;
            DeviceBoard.Current = new DeviceBoard();
            DevicePower.OnRebootEvent += () => calls++;
            DeviceBoard.Current = new DeviceBoard();
            DevicePower.RebootDevice();
            Assert.Equal(0, calls);
        }

        [Fact]
        public void The_board_says_what_it_is()
        {
            DeviceBoard.Current = new DeviceBoard
            {
                FirmwareVersion = new Version(1, 12, 4, 289),
                TargetName = "ESP32_REV3",
                Platform = "ESP32",
                OemText = "nanoCLR",
                FreeHeapBytes = 123_456,
            };
            Assert.Equal(
                ("1.12.4.289", "ESP32_REV3", "ESP32", "nanoCLR", 123_456u),
                (DeviceSystemInfo.Version.ToString(), DeviceSystemInfo.TargetName, DeviceSystemInfo.Platform,
                    DeviceSystemInfo.OEMString, DeviceGC.Run(true)));
        }

        [Fact]
        public void Without_a_board_or_a_file_system_nothing_is_made_up()
        {
            Assert.Throws<InvalidOperationException>(() => DeviceSystemInfo.TargetName);
            Assert.Throws<InvalidOperationException>(() => DeviceFile.ReadAllBytes("I:\\a"));
        }

        [Fact]
        public void Threads_that_device_code_starts_belong_to_its_device()
        {
            DeviceBoard.Current = new DeviceBoard { TargetName = "mine" };
            string? seen = null;
            Thread thread = new(() => seen = DeviceSystemInfo.TargetName);
            thread.Start();
            thread.Join();
            Assert.Equal("mine", seen);
        }
    }
}
