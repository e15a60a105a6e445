using System.Globalization;
using System.Text;
using static nanoOta.VirtualDevice.Images.ImageBytes;

namespace nanoOta.VirtualDevice.Images
{
    /// <summary>
    /// Partition tables as csv, read as ESP-IDF's gen_esp32part.py 1.5 does it: name, type, subtype, offset, size, flags; cells stripped, # before
    /// a comment line, what is behind the sixth cell passed over; an empty offset is the next free one, a negative size reaches up to that
    /// offset; where bootloader and table lie is an option of that tool, so that those cells may hold anything. Environment variables are
    /// not expanded, and a name of more than 16 bytes is refused, which that tool cuts off.
    /// </summary>
    internal static class PartitionTableCsv
    {
        private const string Header = "# Name, Type, SubType, Offset, Size, Flags";
        private const uint BootloaderOffset = 0x1000;
        private const uint TableSize = PartitionTable.FirstOffset - PartitionTable.FlashOffset;

        private static readonly string[] _flags = ["encrypted", "readonly"];

        public static string Write(PartitionTable table)
        {
            var csv = new StringBuilder(Header).Append('\n');
            foreach (Partition p in table.Partitions)
            {
                string flags = string.Join(':', _flags.Where((_, bit) => (p.Flags >> bit & 1) != 0));
                csv.Append(CultureInfo.InvariantCulture, $"{p.Label},{PartitionTypes.TypeName(p.Type)},{PartitionTypes.SubtypeName(p.Type, p.Subtype)},0x{p.Offset:x},0x{p.Size:x},{flags}\n");
            }

            return csv.ToString();
        }

        public static PartitionTableFile Read(string csv)
        {
            var partitions = new List<Partition>();
            var faults = new List<string>();
            long next = PartitionTable.FirstOffset;
            string[] lines = Lines(csv);
            for (int i = 0; i < lines.Length; i++)
            {
                string line = lines[i].Trim();
                if (line.Length == 0 || line[0] == '#')
                {
                    continue;
                }

                Partition? partition = ReadLine(line.Split(','), next, out string fault);
                if (partition == null)
                {
                    faults.Add($"Line {i + 1}: {fault}.");
                    continue;
                }

                partitions.Add(partition);
                if (PartitionTypes.IsPrimary(partition))
                {
                    continue;
                }

                if (partition.Offset < next)
                {
                    faults.Add($"Line {i + 1}: begins at 0x{partition.Offset:X}, before 0x{next:X}, where the line above ends; ESP-IDF's generator wants them in order.");
                }

                next = partition.End;
            }

            if (partitions.Count == 0)
            {
                faults.Add("There is no partition in it.");
            }

            return new PartitionTableFile("csv", new PartitionTable(partitions), [.. ImageCheck.ForEach("Lines", faults, "Every line was understood.")]);
        }

        /// <summary>Whether a line has five columns, one of which at least is what it must be: other text has commas, too.</summary>
        public static bool LooksLikeOne(string line)
        {
            string[] cells = [.. line.Split(',').Select(cell => cell.Trim())];
            return cells.Length >= 5 && (TypeOf(cells[1]) != null || PythonNumber.Read(cells[4]) != null);
        }

        // Python's splitlines: more than line feeds end a line. A byte order mark is passed over.
        private static string[] Lines(string csv)
        {
            return csv.TrimStart('\uFEFF').Replace("\r\n", "\n", StringComparison.Ordinal)
                .Split(['\n', '\r', '\v', '\f', '\u001C', '\u001D', '\u001E', '\u0085', '\u2028', '\u2029']);
        }

        private static Partition? ReadLine(string[] cells, long next, out string fault)
        {
            string Cell(int column) => column < cells.Length ? cells[column].Trim() : "";
            byte? type = TypeOf(Cell(1));
            byte? subtype = type == null ? null : Subtype(type.Value, Cell(2));
            uint? offset = subtype == null ? null : Offset(type!.Value, subtype.Value, Cell(3), next);
            uint? size = offset == null ? null : Size(type!.Value, Cell(4), offset.Value);
            uint? flags = Flags(Cell(5));
            fault = Cell(0).Any(char.IsControl) ? "control characters in the name"
                : Encoding.UTF8.GetByteCount(Cell(0)) > Partition.MaximumLabel ? $"the name '{Cell(0)}' is longer than {Partition.MaximumLabel} bytes"
                : type == null ? $"'{Cell(1)}' is no partition type"
                : subtype == null ? $"'{Cell(2)}' is no subtype of {Cell(1)}"
                : offset == null ? $"'{Cell(3)}' is no offset"
                : size == null ? $"'{Cell(4)}' is no size"
                : flags == null ? $"'{Cell(5)}' are no flags"
                : "";
            return fault.Length > 0 ? null : new Partition(Cell(0), type!.Value, subtype!.Value, offset!.Value, size!.Value, flags!.Value);
        }

        private static byte? TypeOf(string cell)
        {
            return PartitionTypes.TypeOf(cell.ToLowerInvariant()) ?? (byte?)PythonNumber.Read(cell, byte.MaxValue);
        }

        private static byte? Subtype(byte type, string cell)
        {
            // An application must say which it is; anything else without a subtype is "undefined".
            return cell.Length == 0 && type != PartitionTypes.App
                ? PartitionTypes.SubtypeOf(PartitionTypes.Data, "undefined")
                : PartitionTypes.SubtypeOf(type, cell.ToLowerInvariant()) ?? (byte?)PythonNumber.Read(cell, byte.MaxValue);
        }

        private static uint? Offset(byte type, byte subtype, string cell, long next)
        {
            uint? written = PythonNumber.Read(cell, uint.MaxValue);
            return (type, subtype) switch
            {
                (PartitionTypes.Table, PartitionTypes.Primary) => PartitionTable.FlashOffset,

                // An option of the generator gives it; here the number that stands there, or for want of one an ESP32's.
                (PartitionTypes.Bootloader, PartitionTypes.Primary) => written < PartitionTable.FlashOffset ? written : BootloaderOffset,
                (PartitionTypes.Bootloader, PartitionTypes.Recovery) => written,
                _ => cell.Length == 0 ? NextFree(next, type) : written,
            };
        }

        private static uint? Size(byte type, string cell, uint offset)
        {
            if (type is PartitionTypes.Table or PartitionTypes.Bootloader)
            {
                return type == PartitionTypes.Table ? TableSize : PartitionTable.FlashOffset - (offset < PartitionTable.FlashOffset ? offset : BootloaderOffset);
            }

            // A negative one says where it ends.
            return PythonNumber.Read(cell) is { } size && (size >= 0 ? size : -size - offset) is { } bytes && bytes >= 0 && bytes <= uint.MaxValue ? (uint)bytes : null;
        }

        private static uint? NextFree(long next, byte type)
        {
            long offset = AlignUp(next, type == PartitionTypes.App ? 0x10000 : 0x1000);
            return offset > uint.MaxValue ? null : (uint)offset;
        }

        private static uint? Flags(string cell)
        {
            uint flags = 0;
            foreach (string name in cell.Split(':', StringSplitOptions.RemoveEmptyEntries))
            {
                int bit = Array.IndexOf(_flags, name);
                if (bit < 0)
                {
                    return null;
                }

                flags |= 1u << bit;
            }

            return flags;
        }
    }
}
