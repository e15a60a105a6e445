using nanoOta.VirtualDevice;
using nanoOta.VirtualDevice.Boot;
using nanoOta.VirtualDevice.Flash;
using nanoOta.VirtualDevice.Images;
using nanoOta.VirtualDevice.Slots;

namespace nanoOta.Native.Tests
{
    /// <summary>The C core with its model beside it: that they differ is noticed, and that somebody else writes to the flash is not taken for it.</summary>
    public class CheckedSlotsTests
    {
        private static readonly FlashLayout _layout = FlashLayouts.Find("esp32-8mb")!;
        private static readonly SlotMap _map = new(_layout);

        private readonly NorFlash _flash = DeviceFactory.Make(_layout, SampleImages.Deployment(new AssemblyVersion(1, 0), 12000), SampleImages.Esp32("1.16.0.0", 8192));

        [Fact]
        public void Core_and_model_that_choose_differently_are_noticed()
        {
            CheckedSlots slots = Boot();
            Assert.Null(slots.Disagreement);

            // Only the core's flash: the model does not see that the slot is not blank any more.
            _flash.Watch = (erase, offset) =>
            {
                if (!erase)
                {
                    _flash.Worn.Add(offset / NorFlash.BlockLength);
                }
            };
            slots.Open(FirmwareParts.Deployment, 0);
            slots.Write(new byte[100], 100);
            slots.Write(new byte[100], 100);
            slots.Open(FirmwareParts.Deployment, 0);
            slots.Write(new byte[100], 100);
            Assert.Contains("differ", slots.Disagreement);
        }

        [Fact]
        public void What_others_write_to_the_flash_is_taken_over()
        {
            CheckedSlots slots = Boot();
            var record = new byte[Journal.RecordLength];
            Assert.True(slots.Journal.Write(0, record));
            _flash.Replace((int)_map.Journal.Offset, Enumerable.Repeat((byte)0xFF, NorFlash.BlockLength).ToArray());
            Assert.True(slots.Journal.Read(0, record));
            Assert.All(record, b => Assert.Equal(0xFF, b));
            Assert.True(slots.Journal.Write(1, record));
            Assert.Null(slots.Disagreement);
        }

        [Theory]
        [InlineData(TearKind.Nothing)]
        [InlineData(TearKind.Prefix)]
        [InlineData(TearKind.SomeBits)]
        [InlineData(TearKind.Unstable)]
        [InlineData(TearKind.All)]
        public void A_call_in_which_the_power_goes_does_not_return_and_leaves_both_alike(TearKind tear)
        {
            CheckedSlots slots = Boot();
            _flash.CutAt = _flash.Operations + 2;
            _flash.Tear = new Tear(tear, 7);
            Assert.ThrowsAny<Exception>(() => slots.Journal.Write(0, new byte[Journal.RecordLength]));
            Assert.True(_flash.IsOff);
            Assert.Null(slots.Disagreement);
            Assert.ThrowsAny<Exception>(() => slots.Journal.Read(0, new byte[Journal.RecordLength]));
        }

        private CheckedSlots Boot()
        {
            var slots = new CheckedSlots(_flash, _map, 0, new StateWrites());
            Assert.True(slots.Hook(ResetCause.PowerOn));
            return slots;
        }
    }
}
