// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;

namespace nanoOta
{
    /// <summary>
    /// AES-128 and AES-256 (FIPS 197) in managed code, for stock firmware. nanoFramework's own class takes keys of 128 bits alone, and returns a
    /// new array for each call. This one allocates when it is made, about 5 KB, and not again.
    /// </summary>
    /// <remarks>
    /// Written for an interpreter: substitution and column mixing are one look-up in tables of words, the state is in locals, and all arithmetic is
    /// unsigned. Which entries of the tables are read depends on the key: whoever can time single memory accesses of the device learns of it.
    /// </remarks>
    public sealed class ManagedAes : IAes
    {
        private const int BlockLength = 16;

        private readonly byte[] _box = new byte[256];
        private readonly byte[] _inverse = new byte[256];

        // A byte's share in a column of the next state, by its row.
        private readonly uint[] _first = new uint[256];
        private readonly uint[] _second = new uint[256];
        private readonly uint[] _third = new uint[256];
        private readonly uint[] _fourth = new uint[256];

        private readonly uint[] _schedule = new uint[60];
        private readonly byte[] _stream = new byte[BlockLength];
        private byte[] _key;

        // Index of the last round's key in the schedule.
        private int _last;

        /// <summary>Makes it, with its tables.</summary>
        public ManagedAes()
        {
            // Over all elements but 0 by the powers of 3, and their inverses by those of its inverse, 0xF6.
            uint element = 1;
            uint inverse = 1;
            for (int i = 0; i < 256; i++)
            {
                uint at = i == 255 ? 0 : element;
                uint s = i == 255 ? 0 : inverse;
                s ^= (s << 1) ^ (s << 2) ^ (s << 3) ^ (s << 4);
                s = ((s ^ (s >> 8)) & 0xFF) ^ 0x63;
                _box[(int)at] = (byte)s;
                _inverse[(int)s] = (byte)at;
                uint two = Double(s);
                uint word = (two << 24) | (s << 16) | (s << 8) | (two ^ s);
                _first[(int)at] = word;
                _second[(int)at] = (word >> 8) | (word << 24);
                _third[(int)at] = (word >> 16) | (word << 16);
                _fourth[(int)at] = (word >> 24) | (word << 8);
                element ^= Double(element);

                // 0xF6 is 2 + 4 + 16 + 32 + 64 + 128.
                uint power = Double(inverse);
                uint sum = power;
                power = Double(power);
                sum ^= power;
                power = Double(Double(power));
                sum ^= power;
                power = Double(power);
                sum ^= power;
                power = Double(power);
                inverse = sum ^ power ^ Double(power);
            }
        }

        /// <inheritdoc/>
        public bool Crypt(byte[] key, byte[] counter, int position, byte[] data, int offset, int count)
        {
            if (!Expand(key))
            {
                return false;
            }

            // The counter of the block that the position is in.
            uint low = Word(counter, 12);
            uint next = low + ((uint)position >> 4);
            uint carry = next < low ? 1u : 0;
            uint c2 = Word(counter, 8) + carry;
            carry = c2 < carry ? 1u : 0;
            uint c1 = Word(counter, 4) + carry;
            carry = c1 < carry ? 1u : 0;
            uint c0 = Word(counter, 0) + carry;
            uint c3 = next;

            uint[] first = _first;
            uint[] second = _second;
            uint[] third = _third;
            uint[] fourth = _fourth;
            uint[] w = _schedule;
            byte[] box = _box;
            int last = _last;
            int skip = position & (BlockLength - 1);
            int end = offset + count;
            while (offset < end)
            {
                uint s0 = c0 ^ w[0];
                uint s1 = c1 ^ w[1];
                uint s2 = c2 ^ w[2];
                uint s3 = c3 ^ w[3];
                uint t0;
                uint t1;
                uint t2;
                uint t3;
                int k = 4;
                while (true)
                {
                    t0 = first[(int)(s0 >> 24)] ^ second[(byte)(s1 >> 16)] ^ third[(byte)(s2 >> 8)] ^ fourth[(byte)s3] ^ w[k];
                    t1 = first[(int)(s1 >> 24)] ^ second[(byte)(s2 >> 16)] ^ third[(byte)(s3 >> 8)] ^ fourth[(byte)s0] ^ w[k + 1];
                    t2 = first[(int)(s2 >> 24)] ^ second[(byte)(s3 >> 16)] ^ third[(byte)(s0 >> 8)] ^ fourth[(byte)s1] ^ w[k + 2];
                    t3 = first[(int)(s3 >> 24)] ^ second[(byte)(s0 >> 16)] ^ third[(byte)(s1 >> 8)] ^ fourth[(byte)s2] ^ w[k + 3];

                    // The number of rounds before the last one is odd.
                    k += 4;
                    if (k == last)
                    {
                        break;
                    }

                    s0 = first[(int)(t0 >> 24)] ^ second[(byte)(t1 >> 16)] ^ third[(byte)(t2 >> 8)] ^ fourth[(byte)t3] ^ w[k];
                    s1 = first[(int)(t1 >> 24)] ^ second[(byte)(t2 >> 16)] ^ third[(byte)(t3 >> 8)] ^ fourth[(byte)t0] ^ w[k + 1];
                    s2 = first[(int)(t2 >> 24)] ^ second[(byte)(t3 >> 16)] ^ third[(byte)(t0 >> 8)] ^ fourth[(byte)t1] ^ w[k + 2];
                    s3 = first[(int)(t3 >> 24)] ^ second[(byte)(t0 >> 16)] ^ third[(byte)(t1 >> 8)] ^ fourth[(byte)t2] ^ w[k + 3];
                    k += 4;
                }

                s0 = (((uint)box[(int)(t0 >> 24)] << 24) | ((uint)box[(byte)(t1 >> 16)] << 16) | ((uint)box[(byte)(t2 >> 8)] << 8) | box[(byte)t3]) ^ w[k];
                s1 = (((uint)box[(int)(t1 >> 24)] << 24) | ((uint)box[(byte)(t2 >> 16)] << 16) | ((uint)box[(byte)(t3 >> 8)] << 8) | box[(byte)t0]) ^ w[k + 1];
                s2 = (((uint)box[(int)(t2 >> 24)] << 24) | ((uint)box[(byte)(t3 >> 16)] << 16) | ((uint)box[(byte)(t0 >> 8)] << 8) | box[(byte)t1]) ^ w[k + 2];
                s3 = (((uint)box[(int)(t3 >> 24)] << 24) | ((uint)box[(byte)(t0 >> 16)] << 16) | ((uint)box[(byte)(t1 >> 8)] << 8) | box[(byte)t2]) ^ w[k + 3];
                if (skip == 0 && end - offset >= BlockLength)
                {
                    data[offset] = (byte)(data[offset] ^ (s0 >> 24));
                    data[offset + 1] = (byte)(data[offset + 1] ^ (s0 >> 16));
                    data[offset + 2] = (byte)(data[offset + 2] ^ (s0 >> 8));
                    data[offset + 3] = (byte)(data[offset + 3] ^ s0);
                    data[offset + 4] = (byte)(data[offset + 4] ^ (s1 >> 24));
                    data[offset + 5] = (byte)(data[offset + 5] ^ (s1 >> 16));
                    data[offset + 6] = (byte)(data[offset + 6] ^ (s1 >> 8));
                    data[offset + 7] = (byte)(data[offset + 7] ^ s1);
                    data[offset + 8] = (byte)(data[offset + 8] ^ (s2 >> 24));
                    data[offset + 9] = (byte)(data[offset + 9] ^ (s2 >> 16));
                    data[offset + 10] = (byte)(data[offset + 10] ^ (s2 >> 8));
                    data[offset + 11] = (byte)(data[offset + 11] ^ s2);
                    data[offset + 12] = (byte)(data[offset + 12] ^ (s3 >> 24));
                    data[offset + 13] = (byte)(data[offset + 13] ^ (s3 >> 16));
                    data[offset + 14] = (byte)(data[offset + 14] ^ (s3 >> 8));
                    data[offset + 15] = (byte)(data[offset + 15] ^ s3);
                    offset += BlockLength;
                }
                else
                {
                    Put(_stream, s0, s1, s2, s3);
                    while (skip < BlockLength && offset < end)
                    {
                        data[offset++] ^= _stream[skip++];
                    }

                    skip = 0;
                }

                if (++c3 == 0 && ++c2 == 0 && ++c1 == 0)
                {
                    c0++;
                }
            }

            return true;
        }

        /// <inheritdoc/>
        public bool DecryptBlock(byte[] key, byte[] block)
        {
            if (!Expand(key))
            {
                return false;
            }

            byte[] back = _inverse;
            uint[] w = _schedule;
            int k = _last;
            uint s0 = Word(block, 0) ^ w[k];
            uint s1 = Word(block, 4) ^ w[k + 1];
            uint s2 = Word(block, 8) ^ w[k + 2];
            uint s3 = Word(block, 12) ^ w[k + 3];
            do
            {
                k -= 4;
                uint t0 = (((uint)back[(int)(s0 >> 24)] << 24) | ((uint)back[(byte)(s3 >> 16)] << 16) | ((uint)back[(byte)(s2 >> 8)] << 8) | back[(byte)s1]) ^ w[k];
                uint t1 = (((uint)back[(int)(s1 >> 24)] << 24) | ((uint)back[(byte)(s0 >> 16)] << 16) | ((uint)back[(byte)(s3 >> 8)] << 8) | back[(byte)s2]) ^ w[k + 1];
                uint t2 = (((uint)back[(int)(s2 >> 24)] << 24) | ((uint)back[(byte)(s1 >> 16)] << 16) | ((uint)back[(byte)(s0 >> 8)] << 8) | back[(byte)s3]) ^ w[k + 2];
                uint t3 = (((uint)back[(int)(s3 >> 24)] << 24) | ((uint)back[(byte)(s2 >> 16)] << 16) | ((uint)back[(byte)(s1 >> 8)] << 8) | back[(byte)s0]) ^ w[k + 3];

                // Mixing a column four times gives the column again, so three times take one mixing back. Only key unwrapping comes here.
                s0 = k == 0 ? t0 : Mix(Mix(Mix(t0)));
                s1 = k == 0 ? t1 : Mix(Mix(Mix(t1)));
                s2 = k == 0 ? t2 : Mix(Mix(Mix(t2)));
                s3 = k == 0 ? t3 : Mix(Mix(Mix(t3)));
            }
            while (k > 0);

            Put(block, s0, s1, s2, s3);
            return true;
        }

        // The schedule of the key that was used last is kept: reads of the network are short.
        private bool Expand(byte[] key)
        {
            if (key.Length != 16 && key.Length != 32)
            {
                return false;
            }

            if (_key != null && Bytes.Equal(_key, key))
            {
                return true;
            }

            int words = key.Length / 4;
            uint[] w = _schedule;
            _key = (byte[])key.Clone();
            _last = 4 * (words + 6);
            uint constant = 1;
            for (int i = 0; i < _last + 4; i++)
            {
                if (i < words)
                {
                    w[i] = Word(key, 4 * i);
                    continue;
                }

                uint t = w[i - 1];
                if (i % words == 0)
                {
                    t = Substitute((t << 8) | (t >> 24)) ^ (constant << 24);
                    constant = Double(constant);
                }
                else if (words == 8 && i % words == 4)
                {
                    t = Substitute(t);
                }

                w[i] = w[i - words] ^ t;
            }

            return true;
        }

        private uint Substitute(uint word)
        {
            return ((uint)_box[(int)(word >> 24)] << 24) | ((uint)_box[(byte)(word >> 16)] << 16) | ((uint)_box[(byte)(word >> 8)] << 8) | _box[(byte)word];
        }

        // The tables substitute as well: what they are asked for is substituted back before.
        private uint Mix(uint word)
        {
            return _first[_inverse[(int)(word >> 24)]] ^ _second[_inverse[(byte)(word >> 16)]] ^ _third[_inverse[(byte)(word >> 8)]] ^ _fourth[_inverse[(byte)word]];
        }

        private static uint Double(uint element)
        {
            return (element << 1) ^ ((element & 0x80) != 0 ? 0x11Bu : 0);
        }

        private static uint Word(byte[] bytes, int at)
        {
            return ((uint)bytes[at] << 24) | ((uint)bytes[at + 1] << 16) | ((uint)bytes[at + 2] << 8) | bytes[at + 3];
        }

        private static void Put(byte[] to, uint w0, uint w1, uint w2, uint w3)
        {
            for (int i = 0; i < 4; i++)
            {
                int shift = 24 - 8 * i;
                to[i] = (byte)(w0 >> shift);
                to[i + 4] = (byte)(w1 >> shift);
                to[i + 8] = (byte)(w2 >> shift);
                to[i + 12] = (byte)(w3 >> shift);
            }
        }
    }
}
