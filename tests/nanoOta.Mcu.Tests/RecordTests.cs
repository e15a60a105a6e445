extern alias StandIns;

using nanoOta.VirtualDevice;
using nanoOta.VirtualDevice.Flash;
using StandIns::nanoOta.StandIns;
using static nanoOta.Mcu.Tests.ComponentBench;

namespace nanoOta.Mcu.Tests
{
    /// <summary>A module's record on a store that fails: what cannot be recorded has not happened.</summary>
    public class RecordTests
    {
        private const int Area = 4 * 4096;

        private static readonly byte[] _first = Bytes(9000, 1);
        private static readonly byte[] _second = Bytes(13000, 2);

        [Fact]
        public void What_cannot_be_recorded_has_not_happened_and_can_be_tried_again()
        {
            var store = new FailingStore();
            var module = new Plain(store);
            store.Fails = true;
            Assert.False(module.Adopt(9000));
            Assert.Equal(ResultCode.FlashFailed, Try(module, "x", "1.1.0", _second));
            Assert.Equal((0, TrialPhase.None, "1.0.0"), (module.InUse, StatusOf(module).Trial, module.VersionOf("x")));
            store.Fails = false;
            Assert.Equal(ResultCode.None, Try(module, "x", "1.1.0", _second));

            store.Fails = true;
            Assert.Equal(ResultCode.FlashFailed, module.Confirm());
            Assert.Equal((1, TrialPhase.Running, "1.1.0"), (module.InUse, StatusOf(module).Trial, module.VersionOf("x")));
            store.Fails = false;
            Assert.Equal(ResultCode.None, module.Confirm());
            Assert.Equal((1, "1.1.0", "1.1.0"), (module.InUse, module.VersionOf("x"), StatusOf(module).ConfirmedVersion));
            Assert.Equal((1, "1.1.0"), (new Plain(store).InUse, new Plain(store).VersionOf("x")));

            Assert.Equal(ResultCode.None, Try(module, "x", "1.2.0", _first));
            store.Fails = true;
            Assert.Equal(ResultCode.FlashFailed, module.Revert(ResultCode.SelfTestFailed));
            Assert.Equal((0, TrialPhase.Running), (module.InUse, StatusOf(module).Trial));
            store.Fails = false;
            Assert.Equal(ResultCode.None, module.Revert(ResultCode.SelfTestFailed));
            Assert.Equal((1, "1.1.0", ResultCode.SelfTestFailed), (module.InUse, module.VersionOf("x"), StatusOf(module).Verdict));
        }

        [Fact]
        public void A_store_that_can_neither_be_written_nor_read_leaves_what_was_saved_last()
        {
            var store = new FailingStore();
            var module = new Plain(store);
            Assert.Equal(ResultCode.None, Try(module, "x", "1.1.0", _second));
            Assert.Equal(ResultCode.None, module.Confirm());
            store.Fails = store.IsUnreadable = true;

            Assert.Equal(ResultCode.FlashFailed, Try(module, "x", "1.2.0", _first));

            Assert.Equal((1, "1.1.0", TrialPhase.None), (module.InUse, module.VersionOf("x"), StatusOf(module).Trial));
            Assert.Equal(_second, module.Place(1)[.._second.Length]);
            store.Fails = store.IsUnreadable = false;
            Assert.Equal(ResultCode.None, Try(module, "x", "1.2.0", _first));
            Assert.Equal(ResultCode.None, module.Revert(ResultCode.SelfTestFailed));
            Assert.Equal((1, "1.1.0"), (new Plain(store).InUse, new Plain(store).VersionOf("x")));
        }

        [Fact]
        public void A_record_that_cannot_be_read_at_boot_is_no_empty_one_and_is_read_as_soon_as_it_can_be()
        {
            (FailingStore store, VirtualClock clock) = OnTrial();
            store.IsUnreadable = true;
            var module = new Plain(store);
            int saves = 0;
            store.Writing = () => saves++;

            Assert.Equal((TrialPhase.Unknown, null), (StatusOf(module).Trial, module.VersionOf("x")));
            Assert.Equal("\"x\":{\"state\":\"failed\",\"version\":null,\"code\":600}", module.Describe());
            Assert.Equal(ResultCode.FlashFailed, module.Revert(ResultCode.TrialInterrupted));
            Assert.Equal(ResultCode.FlashFailed, module.Confirm());
            Assert.Equal(ResultCode.FlashFailed, Try(module, "x", "1.2.0", _first));
            Assert.Equal(ResultCode.FlashFailed, module.Activate(Manifest("1.2.0", Component("x", "1.2.0", _first)), Digest("1.2.0")));
            Assert.False(module.Adopt(9000));
            clock.Skip(3_600_000);
            Assert.Equal((TrialPhase.Unknown, 0, 0), (StatusOf(module).Trial, saves, module.Opened));

            store.IsUnreadable = false;
            Assert.Equal(1, module.InUse);
            Assert.Equal((TrialPhase.Running, "1.1.0"), (StatusOf(module).Trial, module.VersionOf("x")));
            Assert.Equal(ResultCode.None, module.Confirm());
            Assert.Equal((1, "1.1.0"), (new Plain(store).InUse, StatusOf(new Plain(store)).ConfirmedVersion));
        }

        [Fact]
        public void A_copy_of_a_record_that_is_damaged_for_good_counts_as_lost_after_half_a_minute()
        {
            (FailingStore store, VirtualClock clock) = OnTrial();

            // Two saves: activating at index 0, on trial at index 1.
            store.Unreadable = 1;
            var module = new Plain(store);
            Assert.Equal(TrialPhase.Unknown, StatusOf(module).Trial);
            clock.Skip(29_999);
            Assert.Equal(TrialPhase.Unknown, StatusOf(module).Trial);
            clock.Skip(1);
            Assert.Equal(TrialPhase.Activating, StatusOf(module).Trial);
            Assert.Equal(ResultCode.None, module.Revert(ResultCode.TrialInterrupted));
        }

        [Fact]
        public void A_drive_that_comes_late_and_in_the_middle_of_a_reading_hides_no_copy()
        {
            (FailingStore store, VirtualClock clock) = OnTrial();
            store.IsUnreadable = true;
            var module = new Plain(store);
            clock.Skip(3_600_000);
            Assert.Equal(TrialPhase.Unknown, StatusOf(module).Trial);

            // The copy at index 0, of an earlier phase, can be read; the one at index 1 only afterwards.
            store.IsUnreadable = false;
            store.Unreadable = 1;
            Assert.Equal(TrialPhase.Unknown, StatusOf(module).Trial);
            store.Unreadable = -1;
            Assert.Equal((TrialPhase.Running, 1), (StatusOf(module).Trial, module.InUse));
        }

        [Fact]
        public void An_area_whose_progress_cannot_be_read_is_left_as_it_is_until_it_can()
        {
            int passed = 0;
            NorFlash flash = ExchangeArea(5, ref passed);
            flash.PowerOn();
            bool isUnreadable = true;
            var blocks = new FlashBlocks(flash) { ReadFails = offset => isUnreadable && offset >= 2 * Area + 4 * 4096 };
            var module = new RawAreaModule("table", blocks, 0, Area, 2 * Area, "1.0.0");

            Assert.Equal(ResultCode.FlashFailed, End(() => module.Revert(ResultCode.TrialInterrupted)));
            Assert.Equal(ResultCode.FlashFailed, module.Prepare(Component("table", "1.1.0", _second), 0));
            isUnreadable = false;
            Assert.Equal(ResultCode.None, End(() => module.Revert(ResultCode.TrialInterrupted)));

            Assert.Equal(_first, flash.Read(0, _first.Length));
        }

        // Version 1.1.0 in place 1, before the device's next boot.
        private static (FailingStore Store, VirtualClock Clock) OnTrial()
        {
            var clock = new VirtualClock(DateTime.UnixEpoch) { FollowsHost = false };
            DeviceClock.Current = clock;
            var store = new FailingStore();
            Assert.Equal(ResultCode.None, Try(new Plain(store), "x", "1.1.0", _second));
            return (store, clock);
        }

        [Fact]
        public void A_copy_that_was_kept_although_its_write_failed_is_not_the_newest_after_the_next_save()
        {
            var store = new FailingStore(copies: 4);
            var module = new Plain(store);
            Assert.Equal(ResultCode.None, Try(module, "x", "1.1.0", _second));
            store.Fails = store.KeepsWhatFails = true;
            Assert.Equal(ResultCode.FlashFailed, module.Confirm());
            store.Fails = false;

            Assert.Equal(ResultCode.None, module.Revert(ResultCode.SelfTestFailed));

            Assert.Equal((0, TrialPhase.Ended), (new Plain(store).InUse, StatusOf(new Plain(store)).Trial));
        }

        [Fact]
        public void Other_threads_see_no_place_that_is_not_durable()
        {
            var store = new FailingStore();
            var module = new Plain(store);
            var seen = new List<int>();
            store.Writing = () => seen.Add(module.InUse);

            Assert.Equal(ResultCode.None, Try(module, "x", "1.1.0", _second));
            Assert.Equal(ResultCode.None, module.Confirm());
            Assert.Equal(ResultCode.None, Try(module, "x", "1.2.0", _first));
            Assert.Equal(ResultCode.None, module.Revert(ResultCode.SelfTestFailed));

            // Activating, on trial, confirmed; activating, on trial, reverting, ended.
            Assert.Equal([0, 0, 1, 1, 1, 0, 1], seen);
        }

        [Theory]
        [InlineData(false)]
        [InlineData(true)]
        public void The_reset_that_a_reversal_needs_is_the_same_however_often_the_record_fails(bool hasRebooted)
        {
            var store = new FailingStore();
            var module = new Plain(store) { RebootsDevice = true };
            Assert.Equal(ResultCode.None, Try(module, "x", "1.1.0", _second));
            module = hasRebooted ? new Plain(store) { RebootsDevice = true } : module;
            store.Fails = true;
            for (int tries = 0; tries < 3; tries++)
            {
                Assert.Equal(ResultCode.FlashFailed, module.Revert(ResultCode.SelfTestFailed));
                Assert.Equal(!hasRebooted, module.NeedsReboot());
            }

            store.Fails = false;
            Assert.Equal(ResultCode.None, module.Revert(ResultCode.SelfTestFailed));

            Assert.Equal(hasRebooted, module.NeedsReboot());
        }

        [Fact]
        public void A_reversal_or_confirmation_that_cannot_be_recorded_is_reported_as_trouble_until_it_succeeds()
        {
            var store = new FailingStore();
            var module = new Plain(store);
            Assert.Equal(ResultCode.None, Try(module, "x", "1.1.0", _second));
            store.Fails = true;

            Assert.Equal(ResultCode.FlashFailed, module.Confirm());
            Assert.Equal("\"x\":{\"state\":\"failed\",\"version\":\"1.1.0\",\"code\":600,\"trouble\":true}", module.Describe());
            Assert.Equal(ResultCode.FlashFailed, module.Revert(ResultCode.SelfTestFailed));
            Assert.Contains("\"trouble\":true", module.Describe());

            store.Fails = false;
            Assert.Equal(ResultCode.None, module.Revert(ResultCode.SelfTestFailed));
            Assert.Equal("\"x\":{\"state\":\"idle\",\"version\":\"1.0.0\"}", module.Describe());
        }

        [Fact]
        public void An_update_whose_reversal_could_not_be_recorded_is_not_gone_on_with_for_the_next_one()
        {
            var store = new FailingStore();
            var module = new Plain(store) { Pendings = 3 };
            ManifestComponent first = Component("x", "1.1.0", _second);
            Assert.Equal(ResultCode.None, Prepare(module, first, _second));
            Assert.Equal(ResultCode.Pending, module.Activate(Manifest("1.1.0", first), Digest("1.1.0")));
            store.Fails = true;
            Assert.Equal(ResultCode.FlashFailed, module.Revert(ResultCode.Cancelled));
            store.Fails = false;

            Assert.Equal(ResultCode.None, Try(module, "x", "1.2.0", _first));

            Assert.Equal((2, "1.2.0", _first.Length), (module.Begun, module.VersionOf("x"), module.SizeOf(module.InUse)));
        }

        [Fact]
        public void A_block_that_could_not_be_written_is_not_passed_over()
        {
            var module = new Plain(new FailingStore());
            Assert.Equal(ResultCode.None, module.Prepare(Component("x", "1.1.0", _second), 0));
            module.PutFails = true;
            Assert.Equal(ResultCode.FlashFailed, module.Write(_second, 4096));
            module.PutFails = false;

            Assert.Equal(ResultCode.None, module.Write(_second, 4096));

            Assert.Equal(_second[..4096], module.Place(1)[..4096]);
        }

        [Fact]
        public void An_area_whose_progress_cannot_be_recorded_holds_the_former_image_after_the_next_boot()
        {
            int saves = 0;
            ExchangeArea(int.MaxValue, ref saves);
            Assert.InRange(saves, 12, 30);
            for (int failing = 1; failing <= saves; failing++)
            {
                int passed = 0;
                NorFlash flash = ExchangeArea(failing, ref passed);
                flash.PowerOn();

                var module = new RawAreaModule("table", new FlashBlocks(flash), 0, Area, 2 * Area, "1.0.0");
                Assert.Equal(ResultCode.None, End(() => module.Revert(ResultCode.TrialInterrupted)));
                Assert.True(flash.Read(0, _first.Length).AsSpan().SequenceEqual(_first), $"save {failing}");
            }
        }

        // An update and its reversal; from one save of the progress on none succeeds.
        private static NorFlash ExchangeArea(int failing, ref int saves)
        {
            var flash = new NorFlash(2 * Area + RawAreaModule.ExtraSectors * 4096);
            for (int at = 0; at < _first.Length; at += 4096)
            {
                flash.Program(at, _first.AsSpan(at, Math.Min(4096, _first.Length - at)));
            }

            int count = 0;
            int progress = 2 * Area + 4 * 4096;
            var blocks = new FlashBlocks(flash) { ProgramFails = offset => offset >= progress && offset < progress + 4 * 4096 && ++count >= failing };
            var module = new RawAreaModule("table", blocks, 0, Area, 2 * Area, "1.0.0");
            ResultCode code = Try(module, "table", "1.1.0", _second);
            Assert.Equal(count >= failing ? ResultCode.FlashFailed : ResultCode.None, code);
            End(() => module.Revert(ResultCode.SelfTestFailed));
            End(() => module.Revert(ResultCode.SelfTestFailed));
            saves = count;
            return flash;
        }

        private sealed class FailingStore(int copies = 2) : IRecordStore
        {
            private readonly byte[][] _copies = [.. Enumerable.Range(0, copies).Select(_ => new byte[PairModule.RecordLength])];

            public bool Fails { get; set; }

            public bool IsUnreadable { get; set; }

            /// <summary>The index of a copy that alone cannot be read.</summary>
            public int Unreadable { get; set; } = -1;

            public bool KeepsWhatFails { get; set; }

            public Action? Writing { get; set; }

            public int Count => copies;

            public bool Read(int index, byte[] record)
            {
                _copies[index].CopyTo(record, 0);
                return !IsUnreadable && index != Unreadable;
            }

            // A write that fails leaves half of it, or all.
            public bool Write(int index, byte[] record)
            {
                Writing?.Invoke();
                record.AsSpan(0, Fails && !KeepsWhatFails ? record.Length / 2 : record.Length).CopyTo(_copies[index]);
                return !Fails;
            }
        }

        // Two places in memory.
        private sealed class Plain(IRecordStore store) : PairModule("x", store, "1.0.0")
        {
            private readonly byte[][] _places = [new byte[Area], new byte[Area]];
            private int _pending;

            public int Pendings { get; init; }

            public int Begun { get; private set; }

            public int Opened { get; private set; }

            public bool PutFails { get; set; }

            public byte[] Place(int place) => _places[place];

            protected override int Capacity => Area;

            protected override ResultCode Open(int place, int offset, int size)
            {
                Opened++;
                return ResultCode.None;
            }

            protected override ResultCode Put(int place, int offset, byte[] buffer, int count)
            {
                buffer.AsSpan(0, PutFails ? 0 : count).CopyTo(_places[place].AsSpan(offset));
                return PutFails ? ResultCode.FlashFailed : ResultCode.None;
            }

            protected override ResultCode Get(int place, int offset, byte[] buffer, int count)
            {
                _places[place].AsSpan(offset, count).CopyTo(buffer);
                return ResultCode.None;
            }

            protected override ResultCode Install(int place, bool begins)
            {
                Begun += begins ? 1 : 0;
                _pending = begins ? Pendings : _pending - 1;
                return _pending > 0 ? ResultCode.Pending : ResultCode.None;
            }
        }
    }
}
