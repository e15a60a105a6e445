// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System.Runtime.CompilerServices;

namespace nanoOta
{
    /// <summary>AES-128 and AES-256 by the firmware's own code, for encrypted images. It keeps nothing: keys are expanded in each call.</summary>
    /// <remarks>
    /// An array that is null is a <see cref="System.NullReferenceException"/>; a counter or a block of less than 16 bytes, and a range that goes beyond
    /// its array or begins or extends below 0, a <see cref="System.ArgumentOutOfRangeException"/>. Nothing is changed then.
    /// </remarks>
    public sealed class NativeAes : IAes
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.InternalCall)]
        public extern bool Crypt(byte[] key, byte[] counter, int position, byte[] data, int offset, int count);

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.InternalCall)]
        public extern bool DecryptBlock(byte[] key, byte[] block);
    }
}
