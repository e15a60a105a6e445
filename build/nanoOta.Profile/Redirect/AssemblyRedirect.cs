using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace nanoOta.Profile.Redirect
{
    /// <summary>
    /// Makes an assembly that was compiled for the device runnable on .NET: every reference to a nanoFramework assembly
    /// becomes one to nanoOta.StandIns. Nothing else changes: method bodies, tokens, addresses and the PDB's id stay.
    /// </summary>
    internal static class AssemblyRedirect
    {
        private const string StandIns = "nanoOta.StandIns";

        // c07d481e9758c731: the key that all nanoframework packages are signed with.
        private static readonly ImmutableArray<byte> NanoFrameworkToken = [0xc0, 0x7d, 0x48, 0x1e, 0x97, 0x58, 0xc7, 0x31];

        /// <param name="assembly">The assembly as compiled for the device.</param>
        /// <param name="standInsVersion">Assembly version of nanoOta.StandIns.</param>
        /// <exception cref="InvalidDataException">The assembly cannot be patched.</exception>
        public static byte[] Apply(byte[] assembly, Version standInsVersion)
        {
            using var image = new PEReader(ImmutableArray.Create(assembly));
            MetadataReader reader = image.GetMetadataReader();
            var metadata = new MetadataImage(image.GetMetadata().GetContent());
            int name = metadata.AppendString(StandIns);

            int firstRow = reader.GetTableMetadataOffset(TableIndex.AssemblyRef);
            int rowSize = reader.GetTableRowSize(TableIndex.AssemblyRef);
            foreach (AssemblyReferenceHandle handle in reader.AssemblyReferences)
            {
                if (reader.GetBlobContent(reader.GetAssemblyReference(handle).PublicKeyOrToken).SequenceEqual(NanoFrameworkToken))
                {
                    int row = firstRow + ((MetadataTokens.GetRowNumber(handle) - 1) * rowSize);
                    PatchRow(metadata, metadata.Row(row, rowSize), standInsVersion, name);
                }
            }

            return PeSection.Append(assembly, image.PEHeaders, metadata.ToArray());
        }

        // ECMA-335 II.22.5: four version numbers, flags, public key or token, name, culture, hash.
        private static void PatchRow(MetadataImage metadata, Span<byte> row, Version version, int name)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(row, (ushort)version.Major);
            BinaryPrimitives.WriteUInt16LittleEndian(row[2..], (ushort)version.Minor);
            BinaryPrimitives.WriteUInt16LittleEndian(row[4..], (ushort)version.Build);
            BinaryPrimitives.WriteUInt16LittleEndian(row[6..], (ushort)version.Revision);
            Span<byte> token = row.Slice(12, metadata.BlobIndexSize);
            token.Clear();
            Span<byte> nameIndex = row.Slice(12 + metadata.BlobIndexSize, metadata.StringIndexSize);
            if (nameIndex.Length == 4)
            {
                BinaryPrimitives.WriteInt32LittleEndian(nameIndex, name);
            }
            else
            {
                BinaryPrimitives.WriteUInt16LittleEndian(nameIndex, (ushort)name);
            }
        }
    }
}
