using System.Globalization;
using System.Text;
using static nanoOta.VirtualDevice.Images.ImageBytes;

namespace nanoOta.VirtualDevice.Images
{
    /// <summary>
    /// Partition tables as csv, in the syntax of ESP-IDF's gen_esp32part.py: name, type, subtype, offset, size, flags; # begins a comment line;
    /// numbers in decimal or 0x, with K or M; an empty offset is the next free one. Its environment variables are not expanded.
    /// </summary>
    internal static class PartitionTableCsv
    {
        private const string Header = "# Name, Type, SubType, Offset, Size, Flags";

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
            string[] lines = csv.TrimStart('\uFEFF').Split('\n');
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
                if (partition.Type >= PartitionTypes.Bootloader && partition.Offset < PartitionTable.FirstOffset)
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
            return cells.Length >= 5 && ((PartitionTypes.TypeOf(cells[1].ToLowerInvariant()) ?? ReadByte(cells[1])) != null || ReadNumber(cells[4]) != null);
        }

        private static Partition? ReadLine(string[] cells, long next, out string fault)
        {
            fault = "";
            string Cell(int column) => column < cells.Length ? cells[column].Trim() : "";
            if (cells.Any(cell => cell.Any(char.IsControl)) || cells.Skip(6).Any(cell => cell.Trim().Length > 0))
            {
                fault = "control characters, or more than six columns";
                return null;
            }

            byte? type = PartitionTypes.TypeOf(Cell(1).ToLowerInvariant()) ?? ReadByte(Cell(1));
            byte? subtype = type == null ? null : Subtype(type.Value, Cell(2));
            uint? offset = Cell(3).Length > 0 ? ReadNumber(Cell(3)) : NextFree(next, type);
            uint? size = ReadNumber(Cell(4));
            uint? flags = Flags(Cell(5));
            fault = Encoding.UTF8.GetByteCount(Cell(0)) > Partition.MaximumLabel ? $"the name '{Cell(0)}' is longer than {Partition.MaximumLabel} bytes"
                : type == null ? $"'{Cell(1)}' is no partition type"
                : subtype == null ? $"'{Cell(2)}' is no subtype of {Cell(1)}"
                : offset == null ? $"'{Cell(3)}' is no offset"
                : size == null ? $"'{Cell(4)}' is no size"
                : flags == null ? $"'{Cell(5)}' are no flags"
                : "";
            return fault.Length > 0 ? null : new Partition(Cell(0), type!.Value, subtype!.Value, offset!.Value, size!.Value, flags!.Value);
        }

        private static byte? Subtype(byte type, string cell)
        {
            // An application must say which it is; anything else without a subtype is "undefined".
            return cell.Length == 0 && type != PartitionTypes.App
                ? PartitionTypes.SubtypeOf(PartitionTypes.Data, "undefined")
                : PartitionTypes.SubtypeOf(type, cell.ToLowerInvariant()) ?? ReadByte(cell);
        }

        private static uint? NextFree(long next, byte? type)
        {
            long offset = AlignUp(next, type == PartitionTypes.App ? 0x10000 : 0x1000);
            return offset > uint.MaxValue ? null : (uint)offset;
        }

        private static uint? Flags(string cell)
        {
            uint flags = 0;
            foreach (string name in cell.Split(':', StringSplitOptions.RemoveEmptyEntries))
            {
                int bit = Array.IndexOf(_flags, name.Trim());
                if (bit < 0)
                {
                    return null;
                }

                flags |= 1u << bit;
            }

            return flags;
        }

        private static byte? ReadByte(string cell)
        {
            return ReadNumber(cell) is { } number and <= byte.MaxValue ? (byte)number : null;
        }

        private static uint? ReadNumber(string cell)
        {
            int unit = cell.EndsWith('K') || cell.EndsWith('k') ? 10 : cell.EndsWith('M') || cell.EndsWith('m') ? 20 : 0;
            string digits = unit == 0 ? cell : cell[..^1];
            bool hex = digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
            bool ok = hex
                ? uint.TryParse(digits.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint number)
                : uint.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number);
            return ok && number <= uint.MaxValue >> unit ? number << unit : null;
        }
    }
}
