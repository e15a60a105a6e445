// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;

namespace nanoOta
{
    /// <summary>AES Key Wrap (RFC 3394), as far as devices need it: unwrapping a key of 16 or 32 bytes.</summary>
    internal static class KeyWrap
    {
        /// <summary>By so much a wrapped key is longer than the key, in bytes: the check value.</summary>
        internal const int Overhead = 8;

        private const int Half = 8;
        private const byte Check = 0xA6;

        /// <summary>Unwraps a key (RFC 3394, section 2.2.2).</summary>
        /// <param name="aes">Does the work.</param>
        /// <param name="with">The key that it was wrapped with.</param>
        /// <param name="wrapped">The wrapped key, 24 or 40 bytes.</param>
        /// <param name="key">Receives the key; null without one.</param>
        /// <returns><see cref="ResultCode.None"/>, <see cref="ResultCode.EncryptionUnsupported"/> or <see cref="ResultCode.ContentKeyInvalid"/>.</returns>
        internal static ResultCode Unwrap(IAes aes, byte[] with, byte[] wrapped, out byte[] key)
        {
            byte[] unwrapped = new byte[wrapped.Length - Overhead];
            byte[] block = new byte[2 * Half];
            int count = unwrapped.Length / Half;
            key = null;
            Array.Copy(wrapped, 0, block, 0, Half);
            Array.Copy(wrapped, Half, unwrapped, 0, unwrapped.Length);
            for (int step = 6 * count; step > 0; step--)
            {
                int at = (step - 1) % count * Half;

                // A step's number has one byte: there are 24 at the most.
                block[Half - 1] ^= (byte)step;
                Array.Copy(unwrapped, at, block, Half, Half);
                if (!aes.DecryptBlock(with, block))
                {
                    return ResultCode.EncryptionUnsupported;
                }

                Array.Copy(block, Half, unwrapped, at, Half);
            }

            // All of it in any case: how long it takes says nothing of where it differs.
            int difference = 0;
            for (int i = 0; i < Half; i++)
            {
                difference |= block[i] ^ Check;
            }

            if (difference != 0)
            {
                return ResultCode.ContentKeyInvalid;
            }

            key = unwrapped;
            return ResultCode.None;
        }
    }
}
