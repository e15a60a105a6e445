using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace nanoOta.VirtualDevice.Flash
{
    /// <summary>Blocks that many chips hold alike: of ten thousand devices with one image, each block is in memory once.</summary>
    public sealed class BlockPool
    {
        private readonly ConcurrentDictionary<UInt128, byte[]> _blocks = new();

        /// <summary>The block to keep for this content. Nobody writes to it.</summary>
        internal byte[] Find(byte[] block)
        {
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(block, hash);
            return _blocks.GetOrAdd(System.Buffers.Binary.BinaryPrimitives.ReadUInt128LittleEndian(hash), block);
        }
    }
}
