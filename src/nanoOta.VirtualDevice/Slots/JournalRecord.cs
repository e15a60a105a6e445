using System.Text;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.VirtualDevice.Slots
{
    /// <summary>A record of the agent's journal, seen from outside: as far as what watches the agent must read it.</summary>
    public static class JournalRecord
    {
        /// <summary>Where its sequence number lies.</summary>
        public const int Sequence = 4;

        /// <summary>Where the phase lies: 1 while components are being fetched.</summary>
        public const int Phase = 8;

        /// <summary>Where the offset lies at which the download goes on after a cut.</summary>
        public const int Offset = 16;

        private const int Checksum = Journal.RecordLength - 4;

        /// <summary>A record that says nothing but its number.</summary>
        public static byte[] Empty(uint sequence)
        {
            var record = new byte[Journal.RecordLength];
            Encoding.ASCII.GetBytes("nOJ2").CopyTo(record, 0);
            BitConverter.TryWriteBytes(record.AsSpan(Sequence), sequence);
            BitConverter.TryWriteBytes(record.AsSpan(Checksum), Crc32.Ieee(record.AsSpan(0, Checksum)));
            return record;
        }

        /// <summary>Whether it was written whole.</summary>
        public static bool IsWhole(ReadOnlySpan<byte> record)
        {
            return BitConverter.ToUInt32(record[Checksum..]) == Crc32.Ieee(record[..Checksum]);
        }

        /// <summary>Whether a download goes on from here after a cut.</summary>
        public static bool IsCheckpoint(ReadOnlySpan<byte> record)
        {
            return BitConverter.ToUInt32(record[Phase..]) == 1 && BitConverter.ToUInt32(record[Offset..]) is > 0 and var at && at % 4096 == 0;
        }
    }
}
