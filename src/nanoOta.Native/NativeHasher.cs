// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System.Runtime.CompilerServices;

namespace nanoOta
{
    /// <summary>
    /// SHA-256 by the firmware's own code: some 60 to 90 machine instructions a byte. It keeps nothing; the state is the caller's.
    /// </summary>
    /// <remarks>
    /// An array that is null is a <see cref="System.NullReferenceException"/>; a range that goes beyond its array, or begins or
    /// extends below 0, a <see cref="System.ArgumentOutOfRangeException"/>. The state is then as it was.
    /// </remarks>
    public sealed class NativeHasher : IHasher
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.InternalCall)]
        public extern void Append(byte[] state, int at, byte[] data, int offset, int count);

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.InternalCall)]
        public extern void Finish(byte[] state, int at, byte[] digest, int digestAt);
    }
}
