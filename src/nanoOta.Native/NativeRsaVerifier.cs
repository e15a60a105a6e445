// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System.Runtime.CompilerServices;

namespace nanoOta
{
    /// <summary>RS256 by the firmware's own code, when it is begun: about 40 ms for RSA-3072 on an ESP32-C3, half of it on an STM32F7.</summary>
    public sealed class NativeRsaVerifier : IRsaVerifier
    {
        // nota_rsa_work: what the native code computes in, 2052 bytes. An array of the managed heap for as long as the call takes: too
        // much for the stack of a thread that interprets, and too rarely needed to be kept.
        private const int WorkWords = 513;

        private bool _isGood;

        /// <inheritdoc/>
        public void Begin(byte[] modulus, uint exponent, byte[] signature, byte[] digest)
        {
            _isGood = NativeVerify(modulus, exponent, signature, digest, new uint[WorkWords]);
        }

        /// <inheritdoc/>
        public ResultCode Step()
        {
            return _isGood ? ResultCode.None : ResultCode.SignatureInvalid;
        }

        [MethodImpl(MethodImplOptions.InternalCall)]
        private static extern bool NativeVerify(byte[] modulus, uint exponent, byte[] signature, byte[] digest, uint[] work);
    }
}
