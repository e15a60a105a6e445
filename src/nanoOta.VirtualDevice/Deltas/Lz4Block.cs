using System.Buffers.Binary;
using K4os.Compression.LZ4;
using K4os.Compression.LZ4.Encoders;

namespace nanoOta.VirtualDevice.Deltas
{
    /// <summary>Standard LZ4 blocks with and without a dictionary, by K4os.Compression.LZ4.</summary>
    /// <remarks>The format: lz4_Block_format.md of the LZ4 project. A match reaches back at most 65535 bytes, through the output so far into the dictionary's end.</remarks>
    public static class Lz4Block
    {
        /// <summary>How far a match reaches back, in bytes.</summary>
        public const int Reach = 65535;

        private const LZ4Level Level = LZ4Level.L12_MAX;

        /// <summary>Compresses as far as LZ4 can.</summary>
        /// <param name="data">At least one byte.</param>
        /// <param name="dictionary">What the reader has as well; may be empty.</param>
        public static byte[] Encode(ReadOnlySpan<byte> data, ReadOnlySpan<byte> dictionary)
        {
            // The library's codec takes no dictionary when it compresses. Its chained encoder does: a block may refer to the block before.
            dictionary = dictionary[Math.Max(0, dictionary.Length - Reach)..];
            using ILZ4Encoder encoder = LZ4Encoder.Create(chaining: true, Level, Math.Max(data.Length, dictionary.Length), extraBlocks: 1);
            var target = new byte[LZ4Codec.MaximumOutputSize(Math.Max(data.Length, dictionary.Length))];
            if (!dictionary.IsEmpty)
            {
                Encode(encoder, dictionary, target);
            }

            return target[..Encode(encoder, data, target)];
        }

        /// <summary>Decompresses; every byte is judged.</summary>
        /// <param name="block">The block.</param>
        /// <param name="dictionary">What it was made with; may be empty.</param>
        /// <param name="length">The output's length, which must be met exactly.</param>
        /// <returns>The output; null when the block is not one, reaches outside, or gives another length.</returns>
        public static byte[]? Decode(ReadOnlySpan<byte> block, ReadOnlySpan<byte> dictionary, int length)
        {
            // The library copies nothing from nowhere (offset 0) without a word.
            if (CountSequences(block) < 0)
            {
                return null;
            }

            var target = new byte[length];
            int written = LZ4Codec.Decode(block, target, dictionary[Math.Max(0, dictionary.Length - Reach)..]);
            return written == length ? target : null;
        }

        /// <summary>Walks over a block's sequences.</summary>
        /// <returns>How many there are; -1 when a length or an offset is cut off, an offset is 0, or the block does not end with literals.</returns>
        public static int CountSequences(ReadOnlySpan<byte> block)
        {
            int at = 0;
            for (int count = 1; at < block.Length; count++)
            {
                int token = block[at++];
                long literals = Count(block, ref at, token >> 4);
                if (literals < 0 || literals > block.Length - at)
                {
                    return -1;
                }

                at += (int)literals;
                if (at == block.Length)
                {
                    return count;
                }

                if (block.Length - at < 2 || BinaryPrimitives.ReadUInt16LittleEndian(block[at..]) == 0)
                {
                    return -1;
                }

                at += 2;
                if (Count(block, ref at, token & 15) < 0)
                {
                    return -1;
                }
            }

            return -1;
        }

        private static int Encode(ILZ4Encoder encoder, ReadOnlySpan<byte> data, Span<byte> target)
        {
            EncoderAction action = encoder.TopupAndEncode(data, target, forceEncode: true, allowCopy: false, out int loaded, out int encoded);
            return action == EncoderAction.Encoded && loaded == data.Length ? encoded
                : throw new InvalidOperationException($"The LZ4 encoder took {loaded} of {data.Length} bytes.");
        }

        private static long Count(ReadOnlySpan<byte> block, ref int at, int nibble)
        {
            long count = nibble;
            while (nibble == 15)
            {
                if (at == block.Length)
                {
                    return -1;
                }

                count += block[at];
                nibble = block[at++] == 255 ? 15 : 0;
            }

            return count;
        }
    }
}
