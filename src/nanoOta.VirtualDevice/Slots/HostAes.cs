using System.Buffers.Binary;
using System.Security.Cryptography;

namespace nanoOta.VirtualDevice.Slots
{
    /// <summary>AES as <see cref="IAes"/> has it, by .NET's own: what stands for the firmware's code on a PC.</summary>
    public sealed class HostAes : IAes
    {
        private const int BlockLength = 16;

        /// <inheritdoc/>
        public bool Crypt(byte[] key, byte[] counter, int position, byte[] data, int offset, int count)
        {
            if (key.Length is not (16 or 32))
            {
                return false;
            }

            using var aes = Aes.Create();
            aes.Key = key;
            int skip = position % BlockLength;
            UInt128 number = BinaryPrimitives.ReadUInt128BigEndian(counter) + (UInt128)(position / BlockLength);
            var stream = new byte[(skip + count + BlockLength - 1) / BlockLength * BlockLength];
            for (int at = 0; at < stream.Length; at += BlockLength)
            {
                BinaryPrimitives.WriteUInt128BigEndian(stream.AsSpan(at), number++);
            }

            aes.EncryptEcb(stream, stream, PaddingMode.None);
            for (int i = 0; i < count; i++)
            {
                data[offset + i] ^= stream[skip + i];
            }

            return true;
        }

        /// <inheritdoc/>
        public bool DecryptBlock(byte[] key, byte[] block)
        {
            if (key.Length is not (16 or 32))
            {
                return false;
            }

            using var aes = Aes.Create();
            aes.Key = key;
            aes.DecryptEcb(block, block, PaddingMode.None);
            return true;
        }
    }
}
