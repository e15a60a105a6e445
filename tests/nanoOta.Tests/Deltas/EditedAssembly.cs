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

        /// <summary>Another assembly with the same checksums: a bit is flipped at 5000, and four bytes at 6000 make up for it.</summary>
        public static byte[] Collide(byte[] assembly)
        {
            int header = AssemblyFormat.Nfmrk1.HeaderSize;
            byte[] other = [.. assembly];
            uint before = Crc32.Nano(assembly.AsSpan(header));
            uint Flip(int at, int bit)
            {
                other[at] ^= (byte)(1 << bit);
                return Crc32.Nano(other.AsSpan(header)) ^ before;
            }

            // What each of 32 bits does to the checksum, as rows of a system over GF(2).
            var rows = new (uint Effect, uint Bits)[32];
            for (int i = 0; i < 32; i++)
            {
                rows[i] = (Flip(6000 + (i / 8), i % 8), 1u << i);
                Flip(6000 + (i / 8), i % 8);
            }

            uint wanted = Flip(5000, 0);
            uint bits = 0;
            for (int column = 0; column < 32; column++)
            {
                int pivot = Array.FindIndex(rows, column, row => (row.Effect >> column & 1) != 0);
                (rows[column], rows[pivot]) = (rows[pivot], rows[column]);
                for (int i = 0; i < 32; i++)
                {
                    if (i != column && (rows[i].Effect >> column & 1) != 0)
                    {
                        rows[i] = (rows[i].Effect ^ rows[column].Effect, rows[i].Bits ^ rows[column].Bits);
                    }
                }
            }

            for (int column = 0; column < 32; column++)
            {
                bits ^= (wanted >> column & 1) != 0 ? rows[column].Bits : 0;
            }

            for (int i = 0; i < 32; i++)
            {
                other[6000 + (i / 8)] ^= (byte)((bits >> i & 1) << (i % 8));
            }

            return other;
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
