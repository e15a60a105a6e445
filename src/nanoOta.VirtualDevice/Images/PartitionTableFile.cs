using static nanoOta.VirtualDevice.Images.ImageBytes;

namespace nanoOta.VirtualDevice.Images
{
    /// <summary>A partition table read from a file or from flash: the table, and what was wrong with its encoding. Reading never throws.</summary>
    public sealed class PartitionTableFile
    {
        internal PartitionTableFile(string encoding, PartitionTable table, IReadOnlyList<ImageCheck> checks)
        {
            Encoding = encoding;
            Table = table;
            Checks = checks;
        }

        /// <summary>"binary" or "csv".</summary>
        public string Encoding { get; }

        /// <summary>The partitions that could be read.</summary>
        public PartitionTable Table { get; }

        /// <summary>The checks of the encoding; those of the layout are the table's own (<see cref="PartitionTable.Check"/>).</summary>
        public IReadOnlyList<ImageCheck> Checks { get; }

        /// <summary>Reads a binary table; what lies behind its 0xC00 bytes (a signature, erased flash) is not looked at.</summary>
        public static PartitionTableFile FromBinary(ReadOnlySpan<byte> bytes)
        {
            ReadOnlySpan<byte> table = bytes[..Math.Min(bytes.Length, PartitionTable.BinarySize)];
            var partitions = new List<Partition>();
            int md5At = -1;
            string? fault = null;
            int offset = 0;
            for (; fault == null; offset += PartitionTable.EntrySize)
            {
                if (table.Length - offset < PartitionTable.EntrySize)
                {
                    fault = $"Offset 0x{offset:X}: the table has no end mark.";
                    break;
                }

                ReadOnlySpan<byte> entry = table.Slice(offset, PartitionTable.EntrySize);
                ushort magic = U16(entry, 0);
                if (magic == PartitionTable.EntryMagic && md5At < 0)
                {
                    partitions.Add(new Partition(Text(entry.Slice(12, Partition.MaximumLabel)), entry[2], entry[3], U32(entry, 4), U32(entry, 8), U32(entry, 28)));
                }
                else if (magic == PartitionTable.Md5Magic && md5At < 0)
                {
                    md5At = offset;
                }
                else if (!entry.ContainsAnyExcept((byte)0xFF))
                {
                    break;
                }
                else
                {
                    fault = $"Offset 0x{offset:X}: an entry with magic 0x{magic:X4}{(md5At < 0 ? "" : " behind the MD5 entry")}.";
                }
            }

            List<ImageCheck> checks = [ImageCheck.Of("Length", table.Length == PartitionTable.BinarySize, $"0x{PartitionTable.BinarySize:X} bytes are there.", $"Offset 0x{bytes.Length:X}: cut off, a table has 0x{PartitionTable.BinarySize:X} bytes.")];
            checks.Add(ImageCheck.Of("Entries", fault == null && partitions.Count > 0, $"{partitions.Count} entries and an end mark.", fault ?? "Offset 0x0: the table is empty."));
            bool md5Ok = md5At >= 0 && PartitionTable.Md5(table[..md5At]).AsSpan().SequenceEqual(table.Slice(md5At + 16, 16));
            checks.Add(ImageCheck.Of("MD5", md5Ok, "The MD5 entry agrees.", md5At < 0
                ? "There is no MD5 entry, which ESP-IDF's bootloader wants." : $"Offset 0x{md5At:X}: the MD5 entry is not that of the entries before it."));
            if (fault == null)
            {
                int stray = table[offset..].IndexOfAnyExcept((byte)0xFF);
                checks.Add(ImageCheck.Of("Trailing bytes", stray < 0, "The rest is erased.", $"Offset 0x{offset + stray:X}: a byte behind the end mark is not 0xFF."));
            }

            return new PartitionTableFile("binary", new PartitionTable(partitions), checks);
        }

        /// <summary>Reads a csv table in ESP-IDF's syntax.</summary>
        public static PartitionTableFile FromCsv(string csv)
        {
            return PartitionTableCsv.Read(csv);
        }

        /// <summary>The uniform report: the checks of the encoding and of the layout.</summary>
        public ImageReport Report()
        {
            long flash = 0x100000;
            while (flash < Table.End)
            {
                flash *= 2;
            }

            int deployments = Table.All(PartitionTypes.Data, PartitionTypes.Deploy).Count();
            bool state = Table.All(PartitionTypes.Data, PartitionTypes.OtaState).Any();
            List<ImageFact> facts =
            [
                new("Encoding", Encoding),
                new("Partitions", $"{Table.Partitions.Count}"),
                new("Flash needed", $"{flash >> 20} MB"),
                new("Over-the-air slots", $"{Table.Partitions.Count(p => p.Type == PartitionTypes.App && (p.Subtype & 0xF0) == PartitionTypes.Ota0)} firmware, {deployments} deployment, ota_state {(state ? "there" : "missing")}"),
            ];
            return new ImageReport(ImageKind.PartitionTable, $"ESP32 partition table ({Encoding}), {Table.Partitions.Count} partitions", "", facts,
                [.. Table.Partitions.Select(p => $"0x{p.Offset:X6} 0x{p.Size:X6}  {p.Label} ({PartitionTypes.TypeName(p.Type)}, {PartitionTypes.SubtypeName(p.Type, p.Subtype)})")],
                [.. Checks, .. Table.Check()]);
        }
    }
}
