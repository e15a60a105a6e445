using System.Security.Cryptography;
using System.Text;
using static nanoOta.VirtualDevice.Images.ImageBytes;

namespace nanoOta.VirtualDevice.Images
{
    /// <summary>An ESP32 partition table: what is where in flash, in the order in which ESP-IDF searches it.</summary>
    public sealed class PartitionTable(IReadOnlyList<Partition> partitions)
    {
        /// <summary>Where the table itself lies in flash, unless the firmware was configured otherwise.</summary>
        public const uint FlashOffset = 0x8000;

        /// <summary>Flash below this offset belongs to bootloader and table.</summary>
        public const uint FirstOffset = FlashOffset + 0x1000;

        /// <summary>Bytes of a binary table.</summary>
        public const int BinarySize = 0xC00;

        internal const int EntrySize = 32;
        internal const ushort EntryMagic = 0x50AA;
        internal const ushort Md5Magic = 0xEBEB;

        /// <summary>The partitions, in the table's order.</summary>
        public IReadOnlyList<Partition> Partitions { get; } = partitions;

        /// <summary>Bytes of flash that the partitions reach to.</summary>
        public long End => Partitions.Count == 0 ? 0 : Partitions.Max(p => p.End);

        /// <summary>The partition with this label; null when there is none.</summary>
        public Partition? Find(string label)
        {
            return Partitions.FirstOrDefault(p => p.Label == label);
        }

        /// <summary>The partitions of a type and subtype, in the table's order: ESP-IDF takes the first.</summary>
        public IEnumerable<Partition> All(byte type, byte subtype)
        {
            return Partitions.Where(p => p.Is(type, subtype));
        }

        /// <summary>Checks the layout by ESP-IDF's rules (gen_esp32part.py) and for what nanoFramework needs.</summary>
        /// <param name="flashSize">Bytes of flash; without it the fit is not checked.</param>
        public IReadOnlyList<ImageCheck> Check(long? flashSize = null)
        {
            return PartitionTableChecks.Run(this, flashSize);
        }

        /// <summary>The table as it lies in flash: entries, MD5 entry, 0xFF up to 0xC00 bytes.</summary>
        /// <exception cref="InvalidOperationException">Too many partitions, or a label of more than 16 bytes.</exception>
        public byte[] ToBinary()
        {
            if ((Partitions.Count + 1) * EntrySize >= BinarySize || Partitions.Any(p => p.LabelLength > Partition.MaximumLabel))
            {
                throw new InvalidOperationException($"A binary table holds {(BinarySize / EntrySize) - 2} partitions with labels of at most {Partition.MaximumLabel} bytes.");
            }

            var bytes = new byte[BinarySize];
            bytes.AsSpan().Fill(0xFF);
            for (int i = 0; i < Partitions.Count; i++)
            {
                Partition partition = Partitions[i];
                Span<byte> entry = bytes.AsSpan(i * EntrySize, EntrySize);
                entry.Clear();
                Put(entry, 0, EntryMagic);
                entry[2] = partition.Type;
                entry[3] = partition.Subtype;
                Put(entry, 4, partition.Offset);
                Put(entry, 8, partition.Size);
                Encoding.UTF8.GetBytes(partition.Label, entry.Slice(12, Partition.MaximumLabel));
                Put(entry, 28, partition.Flags);
            }

            int end = Partitions.Count * EntrySize;
            Put(bytes, end, Md5Magic);
            Md5(bytes.AsSpan(0, end)).CopyTo(bytes, end + 16);
            return bytes;
        }

        /// <summary>The table as csv in ESP-IDF's syntax, offsets written out.</summary>
        public string ToCsv()
        {
            return PartitionTableCsv.Write(this);
        }

        // ESP-IDF's choice: it finds damage, it is no protection.
        internal static byte[] Md5(ReadOnlySpan<byte> entries)
        {
            return MD5.HashData(entries);
        }
    }
}
