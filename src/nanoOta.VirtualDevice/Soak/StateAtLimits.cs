using System.Text;
using nanoOta.VirtualDevice.Boot;
using nanoOta.VirtualDevice.Flash;
using nanoOta.VirtualDevice.Images;
using nanoOta.VirtualDevice.Slots;

namespace nanoOta.VirtualDevice.Soak
{
    /// <summary>The state of a device that has been updated more often than any flash endures: its numbers are about to wrap.</summary>
    internal static class StateAtLimits
    {
        // The journal's record, as docs/slots.md has it.
        private const int SequenceAt = 4;
        private const int ChecksumAt = Journal.RecordLength - 4;

        /// <summary>Writes a slot record and a journal record whose sequence numbers, and the trials' number, begin at a value.</summary>
        public static void Write(NorFlash flash, SlotMap map, uint sequence)
        {
            var writes = new StateWrites();
            new SlotRecordStore(flash, (int)map.State.Offset, writes).Save(new SlotRecord { Sequence = sequence, TrialId = sequence });
            var record = new byte[Journal.RecordLength];
            Encoding.ASCII.GetBytes("nOJ1").CopyTo(record, 0);
            BitConverter.TryWriteBytes(record.AsSpan(SequenceAt), sequence);
            BitConverter.TryWriteBytes(record.AsSpan(ChecksumAt), Crc32.Ieee(record.AsSpan(0, ChecksumAt)));
            new FlashJournalStore(flash, map, writes).Write(0, record);
        }

        /// <summary>The newest sequence numbers: of the slot record, of its trials, and of the journal.</summary>
        public static (uint Record, uint Trial, uint Journal) Read(NorFlash flash, SlotMap map)
        {
            SlotRecord record = new SlotRecordStore(flash, (int)map.State.Offset, new StateWrites()).Load();
            var store = new FlashJournalStore(flash, map, new StateWrites());
            var bytes = new byte[Journal.RecordLength];
            uint? newest = null;
            for (int place = 0; place < store.Places; place++)
            {
                store.Read(place, bytes);
                uint sequence = BitConverter.ToUInt32(bytes, SequenceAt);
                bool whole = BitConverter.ToUInt32(bytes, ChecksumAt) == Crc32.Ieee(bytes.AsSpan(0, ChecksumAt));
                newest = whole && (newest == null || (int)(sequence - newest.Value) > 0) ? sequence : newest;
            }

            return (record.Sequence, record.TrialId, newest ?? 0);
        }
    }
}
