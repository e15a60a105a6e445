using System.Buffers.Binary;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.Tests.Deltas
{
    /// <summary>Assemblies as another build of them would be: sound in every check, other bytes.</summary>
    internal static class EditedAssembly
    {
        private const int TableStarts = 40;
        private const int Tables = 16;

        /// <summary>The core library as nanoFramework ships it.</summary>
        public static byte[] Mscorlib()
        {
            return nanoOta.Tests.Images.Vectors.Read("mscorlib.pe", "assemblies");
        }

        /// <summary>The assembly with other bytes at an offset.</summary>
        public static byte[] Overwrite(byte[] assembly, int offset, params byte[] bytes)
        {
            byte[] edited = [.. assembly];
            bytes.CopyTo(edited, offset);
            return Seal(edited);
        }

        /// <summary>The assembly with bytes inserted at an offset; tables behind it move.</summary>
        /// <param name="assembly">An assembly of the first generation.</param>
        /// <param name="offset">In the body.</param>
        /// <param name="bytes">A multiple of 4.</param>
        public static byte[] Insert(byte[] assembly, int offset, params byte[] bytes)
        {
            byte[] edited = [.. assembly[..offset], .. bytes, .. assembly[offset..]];
            for (int i = 0; i < Tables; i++)
            {
                Span<byte> field = edited.AsSpan(TableStarts + (4 * i));
                uint start = BinaryPrimitives.ReadUInt32LittleEndian(field);
                BinaryPrimitives.WriteUInt32LittleEndian(field, start > offset ? start + (uint)bytes.Length : start);
            }

            return Seal(edited);
        }

        // Both checksums anew.
        private static byte[] Seal(byte[] assembly)
        {
            int header = AssemblyFormat.Nfmrk1.HeaderSize;
            BinaryPrimitives.WriteUInt32LittleEndian(assembly.AsSpan(12), Crc32.Nano(assembly.AsSpan(header)));
            BinaryPrimitives.WriteUInt32LittleEndian(assembly.AsSpan(8), 0);
            BinaryPrimitives.WriteUInt32LittleEndian(assembly.AsSpan(8), Crc32.Nano(assembly.AsSpan(0, header)));
            return assembly;
        }
    }
}
