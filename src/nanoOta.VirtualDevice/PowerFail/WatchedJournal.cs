using nanoOta.VirtualDevice.Slots;

namespace nanoOta.VirtualDevice.PowerFail
{
    /// <summary>A journal's store that calls back at each checkpoint which is written.</summary>
    internal sealed class WatchedJournal(IRecordStore inner, Action checkpoint) : IRecordStore
    {
        public int Count => inner.Count;

        public bool Read(int place, byte[] record)
        {
            return inner.Read(place, record);
        }

        public bool Write(int place, byte[] record)
        {
            bool written = inner.Write(place, record);
            if (written && JournalRecord.IsCheckpoint(record))
            {
                checkpoint();
            }

            return written;
        }
    }
}
