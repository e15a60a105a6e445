// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

namespace nanoOta
{
    /// <summary>
    /// Verifies RS256: RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017, section 8.2.2). The firmware's own is <c>NativeRsaVerifier</c>;
    /// stock firmware has <c>ManagedRsaVerifier</c>. One verification at a time.
    /// </summary>
    public interface IRsaVerifier
    {
        /// <summary>Takes up a verification in place of any before. No array may change until its last step.</summary>
        /// <param name="modulus">The key's modulus, most significant byte first: 256, 384 or 512 bytes, odd, its first bit set.</param>
        /// <param name="exponent">The key's exponent, odd and at least 3.</param>
        /// <param name="signature">The signature, of any length.</param>
        /// <param name="digest">SHA-256 of what was signed, 32 bytes.</param>
        void Begin(byte[] modulus, uint exponent, byte[] signature, byte[] digest);

        /// <summary>Does one bounded piece of work.</summary>
        /// <returns>
        /// <see cref="ResultCode.Pending"/>: call again; <see cref="ResultCode.None"/>: the signature is the key's;
        /// <see cref="ResultCode.SignatureInvalid"/>: it is not.
        /// </returns>
        ResultCode Step();
    }
}
