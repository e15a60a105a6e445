using System.Buffers.Binary;
using System.Text;

namespace nanoOta.Budgets.Pe
{
    /// <summary>A .pe of nanoFramework 1.x, as far as the estimate is compared with it: sizes of tables, and names.</summary>
    internal sealed class PeFile(byte[] bytes)
    {
        private const int TableStarts = 40;
        private const int Paddings = 108;
        private const int Types = 4;
        private const int Fields = 5;
        private const int Methods = 6;
        private const int Strings = 11;

        // Index 0xFFFF is the first of the CLR's own names, 0xFFFE the second, and so on.
        private const int BuiltInNames = 860;

        private static readonly string[] _tables =
        [
            "assembly references", "type references", "field references", "method references", "types", "fields", "methods", "attributes",
            "type specifications", "resources", "resource data", "strings", "signatures", "bodies", "resource files",
        ];

        /// <summary>Bytes of each table without padding, by the names that <see cref="PeEstimate"/> gives them.</summary>
        public IReadOnlyDictionary<string, int> Tables => Enumerable.Range(0, _tables.Length).ToDictionary(table => _tables[table], SizeOf);

        /// <summary>Bytes of the whole file.</summary>
        public int Size => bytes.Length;

        /// <summary>The name that a row of the types has, and its namespace.</summary>
        public (Name Name, Name Namespace) Type(int row) => (NameAt(Start(Types) + 24 * row), NameAt(Start(Types) + 24 * row + 2));

        /// <summary>The name that a row of the fields has.</summary>
        public Name Field(int row) => NameAt(Start(Fields) + 8 * row);

        /// <summary>The name that a row of the methods has.</summary>
        public Name Method(int row) => NameAt(Start(Methods) + 16 * row);

        private Name NameAt(int offset)
        {
            int index = BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(offset));
            if (index > 0xFFFF - BuiltInNames)
            {
                return new Name(null);
            }

            ReadOnlySpan<byte> text = bytes.AsSpan(Start(Strings) + index);
            return new Name(Encoding.UTF8.GetString(text[..text.IndexOf((byte)0)]));
        }

        private int SizeOf(int table) => Start(table + 1) - Start(table) - bytes[Paddings + table];

        private int Start(int table) => BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(TableStarts + 4 * table));
    }

    /// <summary>A name in a .pe.</summary>
    /// <param name="Own">Its text; null when it is one of the CLR's own names, which the .pe only numbers.</param>
    internal readonly record struct Name(string? Own);
}
