using nanoOta.VirtualDevice.Images;
using static nanoOta.VirtualDevice.Images.ImageBytes;

namespace nanoOta.VirtualDevice.Deltas
{
    /// <summary>What names an assembly in a manifest and in a slot: three fields of its header (docs/delta.md).</summary>
    /// <param name="Size">Bytes of the assembly, a multiple of 4.</param>
    /// <param name="HeaderCrc">The header's checksum, as stored.</param>
    /// <param name="BodyCrc">The body's checksum, as stored.</param>
    public readonly record struct PartIdentity(uint Size, uint HeaderCrc, uint BodyCrc)
    {
        /// <summary>Bytes of an identity: three numbers, little-endian.</summary>
        public const int Length = 12;

        /// <summary>Reads an identity.</summary>
        /// <param name="bytes">At least <see cref="Length"/> bytes.</param>
        public static PartIdentity Read(ReadOnlySpan<byte> bytes)
        {
            return new PartIdentity(U32(bytes, 0), U32(bytes, 4), U32(bytes, 8));
        }

        /// <summary>Writes the identity.</summary>
        /// <param name="bytes">At least <see cref="Length"/> bytes.</param>
        public void Write(Span<byte> bytes)
        {
            Put(bytes, 0, Size);
            Put(bytes, 4, HeaderCrc);
            Put(bytes, 8, BodyCrc);
        }

        internal static PartIdentity Of(NanoAssembly assembly)
        {
            return new PartIdentity(assembly.TotalSize, assembly.HeaderCrc.Stored, assembly.BodyCrc.Stored);
        }
    }
}
