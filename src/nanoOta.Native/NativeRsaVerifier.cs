// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System.Runtime.CompilerServices;

namespace nanoOta
{
    /// <summary>RS256 by the firmware's own code, in a single step: about 40 ms for RSA-3072 on an ESP32-C3, half of it on an STM32F7.</summary>
    public sealed class NativeRsaVerifier : IRsaVerifier
    {
        // nota_rsa_work: what the native code computes in, 2052 bytes. An array of the managed heap for as long as the call takes: too
        // much for the stack of a thread that interprets, and too rarely needed to be kept.
        private const int WorkWords = 513;

        private byte[] _modulus;
        private uint _exponent;
        private byte[] _signature;
        private byte[] _digest;

        /// <inheritdoc/>
        public void Begin(byte[] modulus, uint exponent, byte[] signature, byte[] digest)
        {
            _modulus = modulus;
            _exponent = exponent;
            _signature = signature;
            _digest = digest;
        }

        /// <inheritdoc/>
        public ResultCode Step()
        {
            return NativeVerify(_modulus, _exponent, _signature, _digest, new uint[WorkWords]) ? ResultCode.None : ResultCode.SignatureInvalid;
        }

        [MethodImpl(MethodImplOptions.InternalCall)]
        private static extern bool NativeVerify(byte[] modulus, uint exponent, byte[] signature, byte[] digest, uint[] work);
    }
}
