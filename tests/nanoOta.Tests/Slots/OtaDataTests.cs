using nanoOta.VirtualDevice.Boot;
using nanoOta.VirtualDevice.Flash;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.Tests.Slots
{
    /// <summary>otadata and the bootloader against what ESP-IDF 5.5.4 does (bootloader_utility.c, bootloader_common_loader.c).</summary>
    public class OtaDataTests
    {
        private static readonly FlashLayout _layout = FlashLayouts.Find("esp32-8mb")!;
        private static readonly SlotMap _map = new(_layout);

        private readonly NorFlash _flash = new(_layout.Sectors);

        private int At => (int)_map.OtaData!.Offset;

        [Fact]
        public void Of_two_entries_with_one_number_the_first_counts()
        {
            Put(OtaEntry.Of(2, OtaState.Valid), OtaEntry.Of(2, OtaState.New));
            Assert.Equal((0, 1, OtaState.Valid), (Data().Active, Data().Named, Data().StateOf(1)));
        }

        [Fact]
        public void The_state_is_that_of_the_entry_that_counts_beside_a_higher_one_that_does_not()
        {
            Put(OtaEntry.Of(3, OtaState.PendingVerify), OtaEntry.Of(5, OtaState.Aborted));
            Assert.Equal((OtaState.PendingVerify, OtaState.Undefined), (Data().StateOf(0), Data().StateOf(1)));
        }

        [Fact]
        public void Of_entries_that_do_not_count_the_newest_tells_the_state()
        {
            Put(OtaEntry.Of(2, OtaState.Invalid), OtaEntry.Of(4, OtaState.Aborted));
            Assert.Equal(OtaState.Aborted, Data().StateOf(1));
        }

        [Fact]
        public void What_is_pending_is_given_up_also_where_nothing_counts_and_a_wrong_checksum_stays_wrong()
        {
            Put(OtaEntry.Of(1, OtaState.Aborted), new OtaEntry(2, OtaState.PendingVerify, 77));
            Assert.Equal(0, Choose());
            Assert.Equal(new OtaEntry(2, OtaState.Aborted, 77), Data()[1]);
            Assert.Equal(-1, Data().Named);
        }

        [Theory]
        [InlineData(OtaState.Undefined, 0xFFFFFFFF, true)]
        [InlineData(OtaState.Aborted, 2, true)] // its checksum is wrong: nothing is there
        [InlineData(OtaState.Valid, 2, false)] // torn, and not empty
        public void The_first_entry_is_made_anew_where_nothing_is_there(OtaState state, uint sequence, bool made)
        {
            Put(new OtaEntry(sequence, state, 77), new OtaEntry(0xFFFFFFFF, OtaState.Undefined, 0xFFFFFFFF));
            Assert.Equal(0, Choose());
            Assert.Equal(made ? OtaEntry.Of(1, OtaState.Valid) : new OtaEntry(sequence, state, 77), Data()[0]);
        }

        [Fact]
        public void Two_entries_that_were_given_up_lead_to_the_first_firmware_and_stay()
        {
            Put(OtaEntry.Of(1, OtaState.Invalid), OtaEntry.Of(2, OtaState.Aborted));
            Assert.Equal(0, Choose());
            Assert.Equal((OtaState.Invalid, OtaState.Aborted), (Data()[0].State, Data()[1].State));
        }

        [Fact]
        public void What_is_new_is_on_trial_once_it_was_chosen()
        {
            Put(OtaEntry.Of(1, OtaState.Valid), OtaEntry.Of(2, OtaState.New));
            Assert.Equal(1, Choose());
            Assert.Equal(OtaState.PendingVerify, Data()[1].State);
            Assert.Equal(0, Choose());
            Assert.Equal(OtaState.Aborted, Data()[1].State);
        }

        private OtaData Data()
        {
            return new OtaData(_flash, At, 2, new StateWrites());
        }

        private void Put(params OtaEntry[] entries)
        {
            for (int i = 0; i < entries.Length; i++)
            {
                _flash.Replace(At + i * NorFlash.BlockLength, entries[i].ToBytes());
            }
        }

        private int Choose()
        {
            byte[] image = SampleImages.Esp32("1.16.0.0", 4096);
            foreach (Partition slot in _map.Firmware)
            {
                _flash.Replace((int)slot.Offset, image);
            }

            return Bootloader.Choose(_flash, _map.Firmware, Data());
        }
    }
}
