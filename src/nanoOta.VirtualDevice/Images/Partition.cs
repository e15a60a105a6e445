using System.Text;

namespace nanoOta.VirtualDevice.Images
{
    /// <summary>One entry of an ESP32 partition table.</summary>
    /// <param name="Label">At most 16 bytes of UTF-8.</param>
    /// <param name="Type">0 app, 1 data; see <see cref="PartitionTypes"/>.</param>
    /// <param name="Subtype">Its meaning depends on the type.</param>
    /// <param name="Offset">Where it begins in flash, in bytes.</param>
    /// <param name="Size">Bytes.</param>
    /// <param name="Flags">Bit 0 encrypted, bit 1 read-only.</param>
    public sealed record Partition(string Label, byte Type, byte Subtype, uint Offset, uint Size, uint Flags = 0)
    {
        internal const int MaximumLabel = 16;

        /// <summary>The first byte behind it.</summary>
        public long End => (long)Offset + Size;

        internal int LabelLength => Encoding.UTF8.GetByteCount(Label);

        /// <summary>Whether it has this type and subtype.</summary>
        public bool Is(byte type, byte subtype)
        {
            return Type == type && Subtype == subtype;
        }

        /// <summary>"label (type, subtype) 0x…–0x…".</summary>
        public override string ToString()
        {
            return $"{Label} ({PartitionTypes.TypeName(Type)}, {PartitionTypes.SubtypeName(Type, Subtype)}) 0x{Offset:X}-0x{End:X}";
        }
    }
}
