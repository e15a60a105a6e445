using static nanoOta.VirtualDevice.Images.ImageBytes;

namespace nanoOta.VirtualDevice.Images
{
    /// <summary>By what the CLR resolves a reference: equal keys belong together.</summary>
    public readonly record struct ReferenceKey(string Name, ushort Major, ushort Minor);

    /// <summary>A reference from one assembly to another.</summary>
    public sealed record AssemblyReference(string Name, AssemblyVersion Version)
    {
        /// <summary>What an assembly's <see cref="NanoAssembly.Key"/> must be to meet it.</summary>
        public ReferenceKey Key => new(Name, Version.Major, Version.Minor);
    }

    /// <summary>
    /// One nanoFramework assembly (.pe) as it lies in a file or in flash. Reading never throws:
    /// what cannot be read is empty and named in <see cref="Faults"/>.
    /// </summary>
    public sealed class NanoAssembly
    {
        private readonly List<string> _faults = [];

        private NanoAssembly(AssemblyFormat format, int offset)
        {
            Format = format;
            Offset = offset;
        }

        /// <summary>NFMRK1 or NFMRK2.</summary>
        public AssemblyFormat Format { get; }

        /// <summary>Where the header begins in the bytes it was read from.</summary>
        public int Offset { get; }

        /// <summary>Bytes from the header to the end, as the header states it; not padded, and not to be trusted before <see cref="HeaderOk"/>.</summary>
        public uint TotalSize { get; private set; }

        /// <summary>The assembly's name; empty when it cannot be read.</summary>
        public string Name { get; private set; } = "";

        /// <summary>The assembly's version.</summary>
        public AssemblyVersion Version { get; private set; }

        /// <summary>Checksum of the native methods' signatures; 0 when the assembly has none. The CLR's own must be the same.</summary>
        public uint NativeChecksum { get; private set; }

        /// <summary>The assemblies it needs.</summary>
        public IReadOnlyList<AssemblyReference> References { get; private set; } = [];

        /// <summary>Which references it meets.</summary>
        public ReferenceKey Key => new(Name, Version.Major, Version.Minor);

        /// <summary>What the CLR calls a good header: header CRC and string table version.</summary>
        public bool HeaderOk { get; private set; }

        /// <summary>Whether the body is there in full and its CRC agrees.</summary>
        public bool BodyOk { get; private set; }

        /// <summary>Header CRC computed over the bytes, and the one stored.</summary>
        public (uint Computed, uint Stored) HeaderCrc { get; private set; }

        /// <summary>Body CRC computed over the bytes (0 when the body is cut off), and the one stored.</summary>
        public (uint Computed, uint Stored) BodyCrc { get; private set; }

        /// <summary>What is wrong with sizes, tables and names, one sentence each; the CRCs aside. The CLR does not look: it would run astray.</summary>
        public IReadOnlyList<string> Faults => _faults;

        /// <summary>Reads the assembly at <paramref name="offset"/>; null when no marker and whole header is there.</summary>
        public static NanoAssembly? Read(ReadOnlySpan<byte> bytes, int offset = 0)
        {
            ReadOnlySpan<byte> rest = (uint)offset < (uint)bytes.Length ? bytes[offset..] : [];
            AssemblyFormat? format = AssemblyFormat.Of(rest);
            if (format == null || rest.Length < format.HeaderSize)
            {
                return null;
            }

            var assembly = new NanoAssembly(format, offset);
            assembly.ReadHeader(rest);
            assembly.ReadBody(rest);
            return assembly;
        }

        /// <summary>"Name a.b.c.d".</summary>
        public override string ToString()
        {
            return $"{(Name.Length == 0 ? "(no name)" : Name)} {Version}";
        }

        internal static AssemblyVersion VersionAt(ReadOnlySpan<byte> bytes, int offset)
        {
            return new AssemblyVersion(U16(bytes, offset), U16(bytes, offset + 2), U16(bytes, offset + 4), U16(bytes, offset + 6));
        }

        private void ReadHeader(ReadOnlySpan<byte> bytes)
        {
            byte[] header = bytes[..Format.HeaderSize].ToArray();
            Put(header, AssemblyFormat.HeaderCrc, 0u);
            HeaderCrc = (Crc32.Nano(header), U32(bytes, AssemblyFormat.HeaderCrc));
            ushort stringTable = U16(bytes, Format.StringTableVersionOffset);
            if (stringTable != AssemblyFormat.StringTableVersion)
            {
                _faults.Add($"Offset 0x{Offset + Format.StringTableVersionOffset:X}: string table version {stringTable}, the CLR wants {AssemblyFormat.StringTableVersion}.");
            }

            HeaderOk = HeaderCrc.Computed == HeaderCrc.Stored && stringTable == AssemblyFormat.StringTableVersion;
            Version = VersionAt(bytes, Format.VersionOffset);
            NativeChecksum = U32(bytes, AssemblyFormat.NativeChecksum);
            TotalSize = TableStart(bytes, Format.TableCount - 1);
        }

        private void ReadBody(ReadOnlySpan<byte> bytes)
        {
            BodyCrc = (0, U32(bytes, AssemblyFormat.BodyCrc));
            if (TotalSize < Format.HeaderSize || TotalSize > bytes.Length)
            {
                _faults.Add($"Offset 0x{Offset:X}: the header states {TotalSize} bytes; a header has {Format.HeaderSize}, and {bytes.Length} bytes are left.");
                return;
            }

            ReadOnlySpan<byte> whole = bytes[..(int)TotalSize];
            BodyCrc = (Crc32.Nano(whole[Format.HeaderSize..]), BodyCrc.Stored);
            BodyOk = BodyCrc.Computed == BodyCrc.Stored;
            if (TablesAreInOrder(whole))
            {
                Name = StringAt(whole, U16(whole, Format.NameOffset));
                References = ReadReferences(whole);
            }
        }

        private bool TablesAreInOrder(ReadOnlySpan<byte> bytes)
        {
            uint previous = (uint)Format.HeaderSize;
            for (int i = 0; i < Format.TableCount; i++)
            {
                uint start = TableStart(bytes, i);
                if (start < previous || start > TotalSize || start % 4 != 0)
                {
                    _faults.Add($"Offset 0x{Offset + Format.TablesOffset + (4 * i):X}: table {i} begins at 0x{start:X}, which is not a multiple of 4 between 0x{previous:X} and 0x{TotalSize:X}.");
                    return false;
                }

                if (i > 0 && (bytes[Format.PaddingsOffset + i - 1] > 3 || bytes[Format.PaddingsOffset + i - 1] > start - previous))
                {
                    _faults.Add($"Offset 0x{Offset + Format.PaddingsOffset + i - 1:X}: table {i - 1} of {start - previous} bytes has {bytes[Format.PaddingsOffset + i - 1]} bytes of padding.");
                    return false;
                }

                previous = start;
            }

            return true;
        }

        private AssemblyReference[] ReadReferences(ReadOnlySpan<byte> bytes)
        {
            ReadOnlySpan<byte> rows = Table(bytes, 0);
            var references = new AssemblyReference[rows.Length / Format.ReferenceSize];
            for (int i = 0; i < references.Length; i++)
            {
                ReadOnlySpan<byte> row = rows[(i * Format.ReferenceSize)..];
                references[i] = new AssemblyReference(StringAt(bytes, U16(row, 0)), VersionAt(row, Format.ReferenceVersion));
            }

            return references;
        }

        private string StringAt(ReadOnlySpan<byte> bytes, ushort index)
        {
            string? text = BuiltInStrings.Find(index);
            ReadOnlySpan<byte> strings = Table(bytes, Format.Strings);
            if (text == null && index < strings.Length && strings[index..].Contains((byte)0))
            {
                text = Text(strings[index..]);
            }

            if (string.IsNullOrEmpty(text))
            {
                _faults.Add($"Offset 0x{Offset:X}: string 0x{index:X4}, used as an assembly's name, is empty or not in the string table of {strings.Length} bytes.");
            }

            return text ?? "";
        }

        private ReadOnlySpan<byte> Table(ReadOnlySpan<byte> bytes, int table)
        {
            int start = (int)TableStart(bytes, table);
            return bytes[start..((int)TableStart(bytes, table + 1) - bytes[Format.PaddingsOffset + table])];
        }

        private uint TableStart(ReadOnlySpan<byte> bytes, int table)
        {
            return U32(bytes, Format.TablesOffset + (4 * table));
        }
    }
}
