// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;

namespace nanoOta
{
    /// <summary>
    /// SHA-256 (FIPS 180-4) in managed code, for stock firmware: nanoFramework has no SHA-256 over a stream.
    /// </summary>
    /// <remarks>
    /// Written for an interpreter: eight rounds stand unrolled with the working words and the schedule in locals, because an
    /// array access costs as much as four simple instructions and a call as much as eleven. A rotation of a 32-bit word is one shift of the 64-bit word that
    /// holds it twice. All arithmetic is unsigned: nanoFramework silently mistreats signed mixtures.
    /// </remarks>
    public sealed class ManagedHasher : IHasher
    {
        private const int BlockLength = 64;
        private const int LengthAt = 36;
        private const int BlockAt = 40;

        // The word twice in 64 bits, so that a right shift rotates it.
        private const ulong Twice = 0x100000001UL;

        private static readonly uint[] s_k =
        {
            0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
            0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
            0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
            0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
            0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
            0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
            0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
            0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
        };

        private readonly uint[] _hash = new uint[8];

        /// <inheritdoc/>
        public void Append(byte[] state, int at, byte[] data, int offset, int count)
        {
            int filled = Load(state, at);
            ulong length = Length(state, at) + (uint)count;
            PutUInt32(state, at + LengthAt - 4, (uint)(length >> 32));
            PutUInt32(state, at + LengthAt, (uint)length);
            int block = at + BlockAt;
            if (filled != 0)
            {
                int take = BlockLength - filled;
                if (take > count)
                {
                    take = count;
                }

                Array.Copy(data, offset, state, block + filled, take);
                offset += take;
                count -= take;
                filled += take;
            }

            if (filled == BlockLength)
            {
                Compress(state, block);
                filled = 0;
            }

            if (filled == 0)
            {
                while (count >= BlockLength)
                {
                    Compress(data, offset);
                    offset += BlockLength;
                    count -= BlockLength;
                }

                Array.Copy(data, offset, state, block, count);
            }

            Store(state, at);
        }

        /// <inheritdoc/>
        public void Finish(byte[] state, int at, byte[] digest, int digestAt)
        {
            int filled = Load(state, at);
            ulong bits = Length(state, at) << 3;
            int block = at + BlockAt;
            state[block + filled++] = 0x80;
            if (filled > BlockLength - 8)
            {
                Array.Clear(state, block + filled, BlockLength - filled);
                Compress(state, block);
                filled = 0;
            }

            Array.Clear(state, block + filled, BlockLength - 8 - filled);
            PutUInt32(state, block + BlockLength - 8, (uint)(bits >> 32));
            PutUInt32(state, block + BlockLength - 4, (uint)bits);
            Compress(state, block);
            Array.Clear(state, at, Sha256.StateLength);
            Store(digest, digestAt);
        }

        // The words, those of an empty message when the length is 0; and how much of the block is filled.
        private int Load(byte[] state, int at)
        {
            uint[] hash = _hash;
            if (Length(state, at) == 0)
            {
                hash[0] = 0x6a09e667;
                hash[1] = 0xbb67ae85;
                hash[2] = 0x3c6ef372;
                hash[3] = 0xa54ff53a;
                hash[4] = 0x510e527f;
                hash[5] = 0x9b05688c;
                hash[6] = 0x1f83d9ab;
                hash[7] = 0x5be0cd19;
                return 0;
            }

            for (int i = 0; i < 8; i++)
            {
                hash[i] = GetUInt32(state, at + 4 * i);
            }

            return state[at + LengthAt + 3] & (BlockLength - 1);
        }

        private void Store(byte[] to, int at)
        {
            for (int i = 0; i < 8; i++)
            {
                PutUInt32(to, at + 4 * i, _hash[i]);
            }
        }

        private static ulong Length(byte[] state, int at)
        {
            return ((ulong)GetUInt32(state, at + LengthAt - 4) << 32) | GetUInt32(state, at + LengthAt);
        }

        private static uint GetUInt32(byte[] b, int o)
        {
            return ((uint)b[o] << 24) | ((uint)b[o + 1] << 16) | ((uint)b[o + 2] << 8) | b[o + 3];
        }

        private static void PutUInt32(byte[] b, int o, uint value)
        {
            b[o] = (byte)(value >> 24);
            b[o + 1] = (byte)(value >> 16);
            b[o + 2] = (byte)(value >> 8);
            b[o + 3] = (byte)value;
        }

        private void Compress(byte[] m, int o)
        {
            ulong x, y;
            uint[] hash = _hash;
            uint[] k = s_k;
            uint a = hash[0], b = hash[1], c = hash[2], d = hash[3], e = hash[4], f = hash[5], g = hash[6], h = hash[7];

            uint w0 = ((uint)m[o] << 24) | ((uint)m[o + 1] << 16) | ((uint)m[o + 2] << 8) | m[o + 3];
            uint w1 = ((uint)m[o + 4] << 24) | ((uint)m[o + 5] << 16) | ((uint)m[o + 6] << 8) | m[o + 7];
            uint w2 = ((uint)m[o + 8] << 24) | ((uint)m[o + 9] << 16) | ((uint)m[o + 10] << 8) | m[o + 11];
            uint w3 = ((uint)m[o + 12] << 24) | ((uint)m[o + 13] << 16) | ((uint)m[o + 14] << 8) | m[o + 15];
            uint w4 = ((uint)m[o + 16] << 24) | ((uint)m[o + 17] << 16) | ((uint)m[o + 18] << 8) | m[o + 19];
            uint w5 = ((uint)m[o + 20] << 24) | ((uint)m[o + 21] << 16) | ((uint)m[o + 22] << 8) | m[o + 23];
            uint w6 = ((uint)m[o + 24] << 24) | ((uint)m[o + 25] << 16) | ((uint)m[o + 26] << 8) | m[o + 27];
            uint w7 = ((uint)m[o + 28] << 24) | ((uint)m[o + 29] << 16) | ((uint)m[o + 30] << 8) | m[o + 31];
            uint w8 = ((uint)m[o + 32] << 24) | ((uint)m[o + 33] << 16) | ((uint)m[o + 34] << 8) | m[o + 35];
            uint w9 = ((uint)m[o + 36] << 24) | ((uint)m[o + 37] << 16) | ((uint)m[o + 38] << 8) | m[o + 39];
            uint w10 = ((uint)m[o + 40] << 24) | ((uint)m[o + 41] << 16) | ((uint)m[o + 42] << 8) | m[o + 43];
            uint w11 = ((uint)m[o + 44] << 24) | ((uint)m[o + 45] << 16) | ((uint)m[o + 46] << 8) | m[o + 47];
            uint w12 = ((uint)m[o + 48] << 24) | ((uint)m[o + 49] << 16) | ((uint)m[o + 50] << 8) | m[o + 51];
            uint w13 = ((uint)m[o + 52] << 24) | ((uint)m[o + 53] << 16) | ((uint)m[o + 54] << 8) | m[o + 55];
            uint w14 = ((uint)m[o + 56] << 24) | ((uint)m[o + 57] << 16) | ((uint)m[o + 58] << 8) | m[o + 59];
            uint w15 = ((uint)m[o + 60] << 24) | ((uint)m[o + 61] << 16) | ((uint)m[o + 62] << 8) | m[o + 63];

            for (int t = 0; t < 64; t += 8)
            {
                x = e * Twice; y = a * Twice;
                h += (uint)((x >> 6) ^ (x >> 11) ^ (x >> 25)) + (g ^ (e & (f ^ g))) + k[t] + w0;
                d += h; h += (uint)((y >> 2) ^ (y >> 13) ^ (y >> 22)) + ((a & b) | (c & (a | b)));
                x = d * Twice; y = h * Twice;
                g += (uint)((x >> 6) ^ (x >> 11) ^ (x >> 25)) + (f ^ (d & (e ^ f))) + k[t + 1] + w1;
                c += g; g += (uint)((y >> 2) ^ (y >> 13) ^ (y >> 22)) + ((h & a) | (b & (h | a)));
                x = c * Twice; y = g * Twice;
                f += (uint)((x >> 6) ^ (x >> 11) ^ (x >> 25)) + (e ^ (c & (d ^ e))) + k[t + 2] + w2;
                b += f; f += (uint)((y >> 2) ^ (y >> 13) ^ (y >> 22)) + ((g & h) | (a & (g | h)));
                x = b * Twice; y = f * Twice;
                e += (uint)((x >> 6) ^ (x >> 11) ^ (x >> 25)) + (d ^ (b & (c ^ d))) + k[t + 3] + w3;
                a += e; e += (uint)((y >> 2) ^ (y >> 13) ^ (y >> 22)) + ((f & g) | (h & (f | g)));
                x = a * Twice; y = e * Twice;
                d += (uint)((x >> 6) ^ (x >> 11) ^ (x >> 25)) + (c ^ (a & (b ^ c))) + k[t + 4] + w4;
                h += d; d += (uint)((y >> 2) ^ (y >> 13) ^ (y >> 22)) + ((e & f) | (g & (e | f)));
                x = h * Twice; y = d * Twice;
                c += (uint)((x >> 6) ^ (x >> 11) ^ (x >> 25)) + (b ^ (h & (a ^ b))) + k[t + 5] + w5;
                g += c; c += (uint)((y >> 2) ^ (y >> 13) ^ (y >> 22)) + ((d & e) | (f & (d | e)));
                x = g * Twice; y = c * Twice;
                b += (uint)((x >> 6) ^ (x >> 11) ^ (x >> 25)) + (a ^ (g & (h ^ a))) + k[t + 6] + w6;
                f += b; b += (uint)((y >> 2) ^ (y >> 13) ^ (y >> 22)) + ((c & d) | (e & (c | d)));
                x = f * Twice; y = b * Twice;
                a += (uint)((x >> 6) ^ (x >> 11) ^ (x >> 25)) + (h ^ (f & (g ^ h))) + k[t + 7] + w7;
                e += a; a += (uint)((y >> 2) ^ (y >> 13) ^ (y >> 22)) + ((b & c) | (d & (b | c)));

                // The words used up become the eight behind the other eight, with which they then change places. The shift by
                // 35 is the standard's shift by 3 in the upper half.
                if (t < 48)
                {
                    x = w1 * Twice; y = w14 * Twice;
                    w0 += (uint)((x >> 7) ^ (x >> 18) ^ (x >> 35)) + w9 + (uint)((y >> 17) ^ (y >> 19) ^ (y >> 42));
                    x = w2 * Twice; y = w15 * Twice;
                    w1 += (uint)((x >> 7) ^ (x >> 18) ^ (x >> 35)) + w10 + (uint)((y >> 17) ^ (y >> 19) ^ (y >> 42));
                    x = w3 * Twice; y = w0 * Twice;
                    w2 += (uint)((x >> 7) ^ (x >> 18) ^ (x >> 35)) + w11 + (uint)((y >> 17) ^ (y >> 19) ^ (y >> 42));
                    x = w4 * Twice; y = w1 * Twice;
                    w3 += (uint)((x >> 7) ^ (x >> 18) ^ (x >> 35)) + w12 + (uint)((y >> 17) ^ (y >> 19) ^ (y >> 42));
                    x = w5 * Twice; y = w2 * Twice;
                    w4 += (uint)((x >> 7) ^ (x >> 18) ^ (x >> 35)) + w13 + (uint)((y >> 17) ^ (y >> 19) ^ (y >> 42));
                    x = w6 * Twice; y = w3 * Twice;
                    w5 += (uint)((x >> 7) ^ (x >> 18) ^ (x >> 35)) + w14 + (uint)((y >> 17) ^ (y >> 19) ^ (y >> 42));
                    x = w7 * Twice; y = w4 * Twice;
                    w6 += (uint)((x >> 7) ^ (x >> 18) ^ (x >> 35)) + w15 + (uint)((y >> 17) ^ (y >> 19) ^ (y >> 42));
                    x = w8 * Twice; y = w5 * Twice;
                    w7 += (uint)((x >> 7) ^ (x >> 18) ^ (x >> 35)) + w0 + (uint)((y >> 17) ^ (y >> 19) ^ (y >> 42));
                }

                uint v = w0; w0 = w8; w8 = v;
                v = w1; w1 = w9; w9 = v;
                v = w2; w2 = w10; w10 = v;
                v = w3; w3 = w11; w11 = v;
                v = w4; w4 = w12; w12 = v;
                v = w5; w5 = w13; w13 = v;
                v = w6; w6 = w14; w14 = v;
                v = w7; w7 = w15; w15 = v;
            }

            hash[0] += a;
            hash[1] += b;
            hash[2] += c;
            hash[3] += d;
            hash[4] += e;
            hash[5] += f;
            hash[6] += g;
            hash[7] += h;
        }
    }
}
