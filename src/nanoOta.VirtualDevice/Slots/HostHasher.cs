using System.Buffers.Binary;
using System.Numerics;

namespace nanoOta.VirtualDevice.Slots
{
    /// <summary>
    /// SHA-256 over a saved state, as <see cref="NativeHasher"/> has it: what stands for the firmware's own code on a PC. It is written
    /// apart from both others, and allocates nothing.
    /// </summary>
    public sealed class HostHasher : IHasher
    {
        /// <summary>Length of a state in bytes.</summary>
        public const int StateLength = BlockAt + BlockLength;

        private const int BlockLength = 64;
        private const int LengthAt = 32;
        private const int BlockAt = 40;

        private static readonly uint[] _start = [.. Roots(8, root => Math.Sqrt(root))];
        private static readonly uint[] _rounds = [.. Roots(BlockLength, root => Math.Cbrt(root))];

        /// <inheritdoc/>
        public void Append(byte[] state, int at, byte[] data, int offset, int count)
        {
            Append(state.AsSpan(at, StateLength), data.AsSpan(offset, count));
        }

        /// <inheritdoc/>
        public void Finish(byte[] state, int at, byte[] digest, int digestAt)
        {
            Finish(state.AsSpan(at, StateLength), digest.AsSpan(digestAt, 32));
        }

        /// <summary>Takes in the next bytes of the message.</summary>
        public static void Append(Span<byte> state, ReadOnlySpan<byte> data)
        {
            ulong length = BinaryPrimitives.ReadUInt64BigEndian(state[LengthAt..]);
            if (length == 0)
            {
                state.Clear();
            }

            if (length == 0 && data.Length > 0)
            {
                Put(_start, state);
            }

            BinaryPrimitives.WriteUInt64BigEndian(state[LengthAt..], length + (ulong)data.Length);
            int filled = (int)(length % BlockLength);
            Span<byte> block = state[BlockAt..];
            while (filled + data.Length >= BlockLength)
            {
                int take = BlockLength - filled;
                data[..take].CopyTo(block[filled..]);
                Compress(state, block);
                data = data[take..];
                filled = 0;
                block.Clear();
            }

            // Zeros behind the unfinished block's bytes: a state says what was taken in, not in which pieces.
            data.CopyTo(block[filled..]);
        }

        /// <summary>Ends the message; the state is then zeros.</summary>
        public static void Finish(Span<byte> state, Span<byte> digest)
        {
            ulong length = BinaryPrimitives.ReadUInt64BigEndian(state[LengthAt..]);
            Span<byte> end = stackalloc byte[2 * BlockLength];
            end.Clear();
            end[0] = 0x80;
            int padding = BlockLength - ((int)(length % BlockLength) + 9 + BlockLength - 1) % BlockLength - 1 + 9;
            BinaryPrimitives.WriteUInt64BigEndian(end[(padding - 8)..], length << 3);
            if (length == 0)
            {
                Put(_start, state);
                Compress(state, end[..BlockLength]);
            }
            else
            {
                Append(state, end[..padding]);
            }

            state[..32].CopyTo(digest);
            state.Clear();
        }

        private static void Compress(Span<byte> state, ReadOnlySpan<byte> block)
        {
            Span<uint> w = stackalloc uint[BlockLength];
            for (int t = 0; t < BlockLength; t++)
            {
                w[t] = t < 16 ? BinaryPrimitives.ReadUInt32BigEndian(block[(4 * t)..]) : w[t - 16] + w[t - 7]
                    + (BitOperations.RotateRight(w[t - 15], 7) ^ BitOperations.RotateRight(w[t - 15], 18) ^ (w[t - 15] >> 3))
                    + (BitOperations.RotateRight(w[t - 2], 17) ^ BitOperations.RotateRight(w[t - 2], 19) ^ (w[t - 2] >> 10));
            }

            Span<uint> v = stackalloc uint[8];
            Span<uint> before = stackalloc uint[8];
            for (int i = 0; i < 8; i++)
            {
                before[i] = v[i] = BinaryPrimitives.ReadUInt32BigEndian(state[(4 * i)..]);
            }

            for (int t = 0; t < BlockLength; t++)
            {
                uint one = v[7] + _rounds[t] + w[t] + ((v[4] & v[5]) ^ (~v[4] & v[6]))
                    + (BitOperations.RotateRight(v[4], 6) ^ BitOperations.RotateRight(v[4], 11) ^ BitOperations.RotateRight(v[4], 25));
                uint two = ((v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]))
                    + (BitOperations.RotateRight(v[0], 2) ^ BitOperations.RotateRight(v[0], 13) ^ BitOperations.RotateRight(v[0], 22));
                v[..7].CopyTo(v[1..]);
                v[4] += one;
                v[0] = one + two;
            }

            for (int i = 0; i < 8; i++)
            {
                v[i] += before[i];
            }

            Put(v, state);
        }

        private static void Put(ReadOnlySpan<uint> words, Span<byte> to)
        {
            for (int i = 0; i < words.Length; i++)
            {
                BinaryPrimitives.WriteUInt32BigEndian(to[(4 * i)..], words[i]);
            }
        }

        // The first 32 bits behind the point of the roots of the first primes (FIPS 180-4): a double has enough of them.
        private static IEnumerable<uint> Roots(int count, Func<double, double> root)
        {
            return Enumerable.Range(2, 400).Where(n => Enumerable.Range(2, n - 2).All(d => n % d != 0)).Take(count)
                .Select(prime => (uint)((root(prime) - Math.Floor(root(prime))) * 4294967296.0));
        }
    }
}
