// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;
using System.Security.Cryptography;

namespace nanoOta
{
    /// <summary>
    /// AES-128 by nanoFramework's own class, for stock firmware that has it. The class does single blocks (ECB); counter mode is built on it. It
    /// takes keys of 128 bits alone: for AES-256 on stock firmware there is <c>ManagedAes</c> of nanoOta.Encryption.
    /// </summary>
    /// <remarks>
    /// Each call of the class allocates its answer, as long as what it was given. So 512 bytes of counters are encrypted at a time, in one array
    /// that is used again, and 4 KiB of an image cost eight to twelve arrays of 512 bytes. Firmware without the native half of
    /// nanoFramework.System.Security.Cryptography does not start an application with this package.
    /// </remarks>
    public sealed class FrameworkAes : IAes
    {
        private const int BlockLength = 16;
        private const uint Blocks = 32;

        private readonly Aes _aes = new Aes(CipherMode.ECB);
        private readonly byte[] _counters = new byte[Blocks * BlockLength];

        /// <inheritdoc/>
        public bool Crypt(byte[] key, byte[] counter, int position, byte[] data, int offset, int count)
        {
            if (key.Length != BlockLength)
            {
                return false;
            }

            _aes.Key = key;
            byte[] counters = _counters;
            int skip = position & (BlockLength - 1);
            int end = offset + count;
            uint low = Start(counter, (uint)position >> 4);
            while (offset < end)
            {
                // Up to where the last four bytes carry over: there it begins anew.
                uint blocks = 0;
                do
                {
                    int at = (int)(blocks++ * BlockLength);
                    counters[at + 12] = (byte)(low >> 24);
                    counters[at + 13] = (byte)(low >> 16);
                    counters[at + 14] = (byte)(low >> 8);
                    counters[at + 15] = (byte)low;
                }
                while (++low != 0 && blocks < Blocks);

                byte[] stream = _aes.Encrypt(counters);
                int usable = (int)(blocks * BlockLength) - skip;
                int stop = end - offset < usable ? end : offset + usable;
                while (offset + 4 <= stop)
                {
                    data[offset] ^= stream[skip];
                    data[offset + 1] ^= stream[skip + 1];
                    data[offset + 2] ^= stream[skip + 2];
                    data[offset + 3] ^= stream[skip + 3];
                    offset += 4;
                    skip += 4;
                }

                while (offset < stop)
                {
                    data[offset++] ^= stream[skip++];
                }

                skip = 0;
                if (low == 0 && offset < end)
                {
                    Carry();
                }
            }

            return true;
        }

        /// <inheritdoc/>
        public bool DecryptBlock(byte[] key, byte[] block)
        {
            if (key.Length != BlockLength)
            {
                return false;
            }

            _aes.Key = key;
            Array.Copy(_aes.Decrypt(block), 0, block, 0, BlockLength);
            return true;
        }

        // Puts the upper twelve bytes of a block's counter into all counters, and returns the lower four.
        private uint Start(byte[] counter, uint block)
        {
            Array.Copy(counter, 0, _counters, 0, BlockLength);
            uint first = ((uint)counter[12] << 24) | ((uint)counter[13] << 16) | ((uint)counter[14] << 8) | counter[15];
            uint low = first + block;
            if (low < first)
            {
                Carry();
            }
            else
            {
                Spread();
            }

            return low;
        }

        private void Carry()
        {
            for (int i = 11; i >= 0 && ++_counters[i] == 0; i--)
            {
            }

            Spread();
        }

        private void Spread()
        {
            for (int at = BlockLength; at < _counters.Length; at += BlockLength)
            {
                Array.Copy(_counters, 0, _counters, at, 12);
            }
        }
    }
}
