using System.Buffers.Binary;
using System.Reflection.PortableExecutable;

namespace nanoOta.Profile.Redirect
{
    /// <summary>Gives an assembly new metadata in a section of its own, at the end of the file.</summary>
    internal static class PeSection
    {
        private const int DosHeaderSize = 0x40;
        private const int SectionHeaderSize = 40;

        // Offsets from the PE signature ("PE\0\0" and the COFF header take 24 bytes); the same in PE32 and PE32+.
        private const int SectionCount = 6;
        private const int SizeOfInitializedData = 24 + 8;
        private const int SizeOfImage = 24 + 56;

        /// <exception cref="InvalidDataException">The headers have no room for another section.</exception>
        public static byte[] Append(byte[] file, PEHeaders headers, byte[] metadata)
        {
            PEHeader header = headers.PEHeader!;
            SectionHeader last = headers.SectionHeaders[^1];
            int address = Align(last.VirtualAddress + last.VirtualSize, header.SectionAlignment);
            int start = Align(file.Length, header.FileAlignment);
            byte[] result = new byte[Align(start + metadata.Length, header.FileAlignment)];
            file.CopyTo(result, 0);
            metadata.CopyTo(result, start);

            // The compiler leaves no room for a fourth section header: drop the DOS program, whose place the headers take.
            // Nothing refers to headers by their offset, and what lies behind them stays where it is.
            int signature = headers.CoffHeaderStartOffset - 4;
            int length = headers.PEHeaderStartOffset - signature + headers.CoffHeader.SizeOfOptionalHeader
                + (SectionHeaderSize * headers.SectionHeaders.Length);
            if (DosHeaderSize + length + SectionHeaderSize > header.SizeOfHeaders)
            {
                throw new InvalidDataException("the headers have no room for another section");
            }

            Span<byte> pe = result.AsSpan(DosHeaderSize, header.SizeOfHeaders - DosHeaderSize);
            pe.Clear();
            file.AsSpan(signature, length).CopyTo(pe);
            Write(result.AsSpan(0x3C), DosHeaderSize);

            pe[SectionCount]++;
            Write(pe[SizeOfInitializedData..], header.SizeOfInitializedData + result.Length - start);
            Write(pe[SizeOfImage..], Align(address + metadata.Length, header.SectionAlignment));
            WriteSectionHeader(pe[length..], address, metadata.Length, start, result.Length - start);

            // ECMA-335 II.25.3.3: the metadata's address and size follow the CLI header's size and version.
            Span<byte> directory = result.AsSpan(headers.CorHeaderStartOffset + 8);
            Write(directory, address);
            Write(directory[4..], metadata.Length);
            return result;
        }

        private static void WriteSectionHeader(Span<byte> section, int address, int size, int fileStart, int fileSize)
        {
            ".nano"u8.CopyTo(section);
            Write(section[8..], size);
            Write(section[12..], address);
            Write(section[16..], fileSize);
            Write(section[20..], fileStart);
            Write(section[36..], (int)(SectionCharacteristics.ContainsInitializedData | SectionCharacteristics.MemRead));
        }

        private static int Align(int value, int alignment) => (value + alignment - 1) / alignment * alignment;

        private static void Write(Span<byte> place, int value) => BinaryPrimitives.WriteInt32LittleEndian(place, value);
    }
}
