namespace nanoOta.Tests.Devices
{
    /// <summary>The copies of a record in memory. A read can be made to fail, and a write, having written anything or not.</summary>
    internal sealed class MemoryJournal(int copies = 4) : IRecordStore
    {
        public byte[]?[] Records { get; } = new byte[]?[copies];

        /// <summary>What becomes of a write at an index: null: it takes the record; otherwise what lies there afterwards.</summary>
        public Func<int, byte[], byte[]?> OnWrite { get; set; } = (_, _) => null;

        /// <summary>Whether the copy at an index can be read.</summary>
        public Func<int, bool> OnRead { get; set; } = _ => true;

        /// <summary>Copies that were written, or half written.</summary>
        public int Writes { get; private set; }

        /// <summary>The index that was written last.</summary>
        public int Newest { get; private set; }

        public int Count => Records.Length;

        public bool Read(int index, byte[] record)
        {
            if (!OnRead(index))
            {
                return false;
            }

            if (Records[index] is { } bytes)
            {
                bytes.CopyTo(record, 0);
                return true;
            }

            Array.Fill(record, (byte)0xFF);
            return true;
        }

        public bool Write(int index, byte[] record)
        {
            Writes++;
            Newest = index;
            byte[]? broken = OnWrite(index, record);
            Records[index] = broken ?? (byte[])record.Clone();
            return broken == null;
        }

        /// <summary>Changes a number of a record.</summary>
        public static void Put(byte[] record, int at, uint value)
        {
            BitConverter.GetBytes(value).CopyTo(record, at);
        }

        /// <summary>Makes a changed record whole again.</summary>
        public static void Seal(byte[] record)
        {
            int checksum = record.Length - 4;
            Put(record, checksum, nanoOta.VirtualDevice.Images.Crc32.Ieee(record.AsSpan(0, checksum)));
        }
    }
}
