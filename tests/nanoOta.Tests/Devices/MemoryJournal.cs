namespace nanoOta.Tests.Devices
{
    /// <summary>A journal's places in memory. A place can be made to fail, having written anything or not.</summary>
    internal sealed class MemoryJournal(int places = 4) : IRecordStore
    {
        public byte[]?[] Records { get; } = new byte[]?[places];

        /// <summary>What becomes of a write at a place: null: it takes the record; otherwise what lies there afterwards.</summary>
        public Func<int, byte[], byte[]?> OnWrite { get; set; } = (_, _) => null;

        public int Count => Records.Length;

        public bool Read(int place, byte[] record)
        {
            if (Records[place] is { } bytes)
            {
                bytes.CopyTo(record, 0);
                return true;
            }

            Array.Fill(record, (byte)0xFF);
            return true;
        }

        public bool Write(int place, byte[] record)
        {
            byte[]? broken = OnWrite(place, record);
            Records[place] = broken ?? (byte[])record.Clone();
            return broken == null;
        }
    }
}
