using nanoOta.VirtualDevice.Slots;

namespace nanoOta.VirtualDevice.Torture
{
    /// <summary>A journal's store that tells of each checkpoint which is written.</summary>
    internal sealed class WatchedJournal(IRecordStore inner, Action checkPoint) : IRecordStore
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
                checkPoint();
            }

            return written;
        }
    }
}
