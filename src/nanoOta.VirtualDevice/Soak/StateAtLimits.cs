using nanoOta.VirtualDevice.Boot;
using nanoOta.VirtualDevice.Flash;
using nanoOta.VirtualDevice.Slots;

namespace nanoOta.VirtualDevice.Soak
{
    /// <summary>The state of a device that has been updated more often than any flash endures: its numbers are about to wrap.</summary>
    internal static class StateAtLimits
    {
        /// <summary>Writes a slot record and a journal record whose sequence numbers, and the trials' number, begin at a value.</summary>
        public static void Write(NorFlash flash, SlotMap map, uint sequence)
        {
            var writes = new StateWrites();
            new SlotRecordStore(flash, map.Record, writes).Save(new SlotRecord { Sequence = sequence, TrialId = sequence });
            new FlashRecordStore(flash, map, writes).Write(0, JournalRecord.Empty(sequence));
        }

        /// <summary>The newest sequence numbers: of the slot record, of its trials, and of the journal.</summary>
        public static (uint Record, uint Trial, uint Journal) Read(NorFlash flash, SlotMap map)
        {
            SlotRecord record = new SlotRecordStore(flash, map.Record, new StateWrites()).Load();
            var store = new FlashRecordStore(flash, map, new StateWrites());
            var bytes = new byte[Journal.RecordLength];
            uint? newest = null;
            for (int place = 0; place < store.Count; place++)
            {
                store.Read(place, bytes);
                uint sequence = BitConverter.ToUInt32(bytes, JournalRecord.Sequence);
                bool whole = JournalRecord.IsWhole(bytes);
                newest = whole && (newest == null || (int)(sequence - newest.Value) > 0) ? sequence : newest;
            }

            return (record.Sequence, record.TrialId, newest ?? 0);
        }
    }
}
