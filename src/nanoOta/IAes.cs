// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

namespace nanoOta
{
    /// <summary>
    /// AES (FIPS 197) as encrypted images need it: <c>NativeAes</c> of nanoOta.Native, <c>ManagedAes</c> of nanoOta.Encryption. Keys have 16 or 32
    /// bytes, counters and blocks 16.
    /// </summary>
    public interface IAes
    {
        /// <summary>AES in counter mode (NIST SP 800-38A, section 6.5): encrypts or decrypts bytes of a text in place.</summary>
        /// <param name="key">The key.</param>
        /// <param name="counter">The counter block of the text's first block, one big-endian number of 128 bits; it stays as it is.</param>
        /// <param name="position">Where in the text the bytes begin, 0 or more; it need not be the start of a block.</param>
        /// <param name="data">Holds the bytes.</param>
        /// <param name="offset">Where they begin.</param>
        /// <param name="count">How many they are; may be 0.</param>
        /// <returns>False when keys of this length cannot be used; nothing is changed then.</returns>
        bool Crypt(byte[] key, byte[] counter, int position, byte[] data, int offset, int count);

        /// <summary>Decrypts one block in place.</summary>
        /// <param name="key">The key.</param>
        /// <param name="block">The block.</param>
        /// <returns>False when keys of this length cannot be used; nothing is changed then.</returns>
        bool DecryptBlock(byte[] key, byte[] block);
    }
}
