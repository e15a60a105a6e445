// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

namespace nanoOta
{
    /// <summary>
    /// SHA-256 (FIPS 180-4) over a state in the caller's array, so that a checkpoint can keep the state as it is. The firmware's
    /// own is <c>NativeHasher</c>; stock firmware has <c>ManagedHasher</c>. Both write the same state.
    /// </summary>
    /// <remarks>
    /// A state is 104 bytes: eight words, the length so far in bytes (both big-endian), and the unfinished block.
    /// A state of zeros is that of an empty message, so clearing the array starts a new one.
    /// </remarks>
    public interface IHasher
    {
        /// <summary>Takes in the next bytes of the message.</summary>
        /// <param name="state">Holds the state.</param>
        /// <param name="at">Where the state begins.</param>
        /// <param name="data">Holds the bytes; another array than the state's, or another part of it.</param>
        /// <param name="offset">Where they begin.</param>
        /// <param name="count">How many they are, 0 or more.</param>
        void Append(byte[] state, int at, byte[] data, int offset, int count);

        /// <summary>Ends the message and writes its digest of 32 bytes. The state is then that of an empty message.</summary>
        /// <param name="state">Holds the state.</param>
        /// <param name="at">Where the state begins.</param>
        /// <param name="digest">Receives the digest.</param>
        /// <param name="digestAt">Where the digest goes.</param>
        void Finish(byte[] state, int at, byte[] digest, int digestAt);
    }
}
