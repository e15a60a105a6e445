using System.Text;

namespace nanoOta.VirtualDevice.Images
{
    /// <summary>
    /// Where things are in a nanoFramework assembly, one instance for each generation of the format.
    /// The numbers are docs/images.md's, checked against CLR_RECORD_ASSEMBLY of nf-interpreter.
    /// </summary>
    public sealed class AssemblyFormat
    {
        /// <summary>CLR 1.x.</summary>
        public static AssemblyFormat Nfmrk1 { get; } = new("NFMRK1", headerSize: 124, version: 28, tables: 40, tableCount: 16, paddings: 108, resourcesData: 10, referenceSize: 12, referenceVersion: 4);

        /// <summary>CLR 2.x preview (generics).</summary>
        public static AssemblyFormat Nfmrk2 { get; } = new("NFMRK2", headerSize: 128, version: 24, tables: 36, tableCount: 18, paddings: 108, resourcesData: 12, referenceSize: 10, referenceVersion: 2);

        internal const int HeaderCrc = 8;
        internal const int BodyCrc = 12;
        internal const int NativeChecksum = 20;
        internal const ushort StringTableVersion = 1;

        private readonly byte[] _marker;

        private AssemblyFormat(string marker, int headerSize, int version, int tables, int tableCount, int paddings, int resourcesData, int referenceSize, int referenceVersion)
        {
            Marker = marker;
            _marker = Encoding.ASCII.GetBytes(marker + '\0');
            HeaderSize = headerSize;
            VersionOffset = version;
            TablesOffset = tables;
            TableCount = tableCount;
            PaddingsOffset = paddings;
            ResourcesData = resourcesData;
            ReferenceSize = referenceSize;
            ReferenceVersion = referenceVersion;
        }

        /// <summary>"NFMRK1" or "NFMRK2", the first bytes of an assembly.</summary>
        public string Marker { get; }

        /// <summary>Bytes in the header; also the step in which the CLR searches on after a bad one.</summary>
        public int HeaderSize { get; }

        internal int VersionOffset { get; }

        internal int NameOffset => VersionOffset + 8;

        internal int StringTableVersionOffset => VersionOffset + 10;

        internal int TablesOffset { get; }

        /// <summary>Table starts in the header. The last is no table: it is the total size.</summary>
        internal int TableCount { get; }

        internal int PaddingsOffset { get; }

        internal int ResourcesData { get; }

        internal int Strings => ResourcesData + 1;

        internal int ReferenceSize { get; }

        internal int ReferenceVersion { get; }

        /// <summary>The format whose marker <paramref name="bytes"/> start with; null when there is none.</summary>
        public static AssemblyFormat? Of(ReadOnlySpan<byte> bytes)
        {
            return bytes.StartsWith(Nfmrk1._marker) ? Nfmrk1 : bytes.StartsWith(Nfmrk2._marker) ? Nfmrk2 : null;
        }

        internal void PutMarker(Span<byte> header)
        {
            _marker.CopyTo(header);
        }
    }
}
