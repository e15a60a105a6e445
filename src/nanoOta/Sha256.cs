// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

namespace nanoOta
{
    /// <summary>Lengths of SHA-256, and digests of whole buffers. The work is done by an <see cref="IHasher"/>.</summary>
    public static class Sha256
    {
        /// <summary>Length of a digest in bytes.</summary>
        public const int DigestLength = 32;

        /// <summary>Length of a state in bytes: eight words, the length so far, and the unfinished block.</summary>
        public const int StateLength = 32 + 8 + 64;

        /// <summary>The digest of a part of a buffer.</summary>
        /// <param name="hasher">Does the work.</param>
        /// <param name="data">Holds the bytes.</param>
        /// <param name="offset">Where they begin.</param>
        /// <param name="count">How many they are.</param>
        /// <returns>32 bytes.</returns>
        public static byte[] Of(IHasher hasher, byte[] data, int offset, int count)
        {
            byte[] state = new byte[StateLength];
            byte[] digest = new byte[DigestLength];
            hasher.Append(state, 0, data, offset, count);
            hasher.Finish(state, 0, digest, 0);
            return digest;
        }
    }
}
