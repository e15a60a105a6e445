// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;

namespace nanoOta
{
    /// <summary>
    /// RS256 in managed code, for stock firmware. The signature is raised to the key's exponent and the outcome compared, whole, with the block that the digest gives; nothing in it is parsed, so nothing
    /// can be hidden in it.
    /// </summary>
    /// <remarks>
    /// Written for an interpreter. Numbers are digits of 27 bits, least significant first: the products of two rows of the
    /// multiplication then add up in 64 bits without a carry, up to 4096 bits. Two rows are done at a time, with the digits of
    /// the column before in locals. All arithmetic is unsigned: nanoFramework silently mistreats signed mixtures.
    /// </remarks>
    public sealed class ManagedRsaVerifier : IRsaVerifier
    {
        private const int DigitBits = 27;
        private const uint Mask = (1u << DigitBits) - 1;

        // R is 2 to the power of all digits' bits. Squarings that lead to R's square, which leads into Montgomery's form.
        private const int Squarings = 5;

        // The ASN.1 in front of a SHA-256 digest. A text, because an initialised array costs a device several times as much.
        private const string DigestInfo = "3031300d060960864801650304020105000420";
        private const int DigestInfoLength = 19;

        private byte[] _key;
        private uint _exponent;
        private byte[] _signature;
        private byte[] _digest;
        private uint[] _modulus;
        private uint[] _base;
        private uint[] _power;
        private ulong[] _sum;
        private uint _inverse;
        private int _step;
        private int _bit;

        /// <inheritdoc/>
        public void Begin(byte[] modulus, uint exponent, byte[] signature, byte[] digest)
        {
            _key = modulus;
            _exponent = exponent;
            _signature = signature;
            _digest = digest;
            _step = 0;
        }

        /// <summary>Does one piece of work, of two multiplications of the key's length at the most.</summary>
        /// <inheritdoc/>
        public ResultCode Step()
        {
            int step = _step++;
            if (step == 0)
            {
                return Prepare() ? ResultCode.Pending : ResultCode.SignatureInvalid;
            }

            int bits = _modulus.Length * DigitBits;
            uint[] power = _power;
            if (step <= Squarings)
            {
                // Two to the power of the exponent's leading bits, in Montgomery's form: once all bits are taken, R squared.
                Multiply(power, power, power);
                if (((bits >> (Squarings - step)) & 1) != 0)
                {
                    Double(power);
                }

                return ResultCode.Pending;
            }

            if (step == Squarings + 1)
            {
                Multiply(power, ToDigits(_signature), _base);
                Array.Copy(_base, 0, power, 0, power.Length);
                return ResultCode.Pending;
            }

            Multiply(power, power, power);
            _bit--;
            if (_bit > 0)
            {
                if (((_exponent >> _bit) & 1) != 0)
                {
                    Multiply(power, _base, power);
                }

                return ResultCode.Pending;
            }

            // The exponent is odd; by the plain signature, because that also leads out of Montgomery's form.
            Multiply(power, ToDigits(_signature), power);
            return IsBlock() ? ResultCode.None : ResultCode.SignatureInvalid;
        }

        private bool Prepare()
        {
            int length = _key.Length;
            if (_signature.Length != length)
            {
                return false;
            }

            _modulus = ToDigits(_key);
            if (!IsBelowModulus(ToDigits(_signature)))
            {
                return false;
            }

            int digits = _modulus.Length;
            _base = new uint[digits];
            _power = new uint[digits];
            _sum = new ulong[digits];

            // Newton's iteration for 1 / modulus; each round doubles the bits that are right, beginning with three.
            uint low = _modulus[0];
            uint inverse = low;
            for (int i = 0; i < 4; i++)
            {
                inverse *= 2 - low * inverse;
            }

            _inverse = 0 - inverse;
            _bit = 31;
            while (((_exponent >> _bit) & 1) == 0)
            {
                _bit--;
            }

            // The modulus' highest bit alone is below it. Doubled up it becomes R, and then goes on to the leading bits of R's square.
            int bits = digits * DigitBits;
            _power[digits - 1] = 1u << (8 * length - 1 - (bits - DigitBits));
            for (int i = bits - (8 * length - 1) + (bits >> Squarings); i > 0; i--)
            {
                Double(_power);
            }

            return true;
        }

        // Montgomery's product: a * b / R modulo the modulus. The result may be one of the factors.
        private void Multiply(uint[] a, uint[] b, uint[] result)
        {
            uint[] n = _modulus;
            ulong[] sum = _sum;
            uint inverse = _inverse;
            int length = n.Length;
            Array.Clear(sum, 0, length);
            for (int i = 0; i < length; i += 2)
            {
                // Two digits of b, and the multiples m of the modulus that make the two lowest digits of the sum zero.
                ulong b0 = b[i];
                ulong b1 = b[i + 1];
                ulong a1 = a[0];
                ulong n1 = n[0];
                ulong c = sum[0] + a1 * b0;
                ulong m0 = ((uint)c * inverse) & Mask;
                ulong carry = (c + n1 * m0) >> DigitBits;
                ulong a0 = a[1];
                ulong n0 = n[1];
                c = sum[1] + carry + a0 * b0 + a1 * b1 + n0 * m0;
                ulong m1 = ((uint)c * inverse) & Mask;
                carry = (c + n1 * m1) >> DigitBits;
                for (int j = 2; j < length; j += 2)
                {
                    a1 = a[j];
                    n1 = n[j];
                    sum[j - 2] = sum[j] + a1 * b0 + a0 * b1 + n1 * m0 + n0 * m1;
                    a0 = a[j + 1];
                    n0 = n[j + 1];
                    sum[j - 1] = sum[j + 1] + a0 * b0 + a1 * b1 + n0 * m0 + n1 * m1;
                }

                sum[length - 2] = a0 * b1 + n0 * m1;
                sum[length - 1] = 0;
                sum[0] += carry;
            }

            ulong digit = 0;
            for (int j = 0; j < length; j++)
            {
                digit += sum[j];
                result[j] = (uint)digit & Mask;
                digit >>= DigitBits;
            }

            Reduce(result);
        }

        private void Double(uint[] x)
        {
            uint digit = 0;
            for (int j = 0; j < x.Length; j++)
            {
                digit |= x[j] << 1;
                x[j] = digit & Mask;
                digit >>= DigitBits;
            }

            Reduce(x);
        }

        // What is below twice the modulus becomes what is below it.
        private void Reduce(uint[] x)
        {
            if (IsBelowModulus(x))
            {
                return;
            }

            uint[] n = _modulus;
            uint borrow = 0;
            for (int j = 0; j < x.Length; j++)
            {
                uint digit = x[j] - n[j] - borrow;
                x[j] = digit & Mask;
                borrow = digit >> 31;
            }
        }

        private bool IsBelowModulus(uint[] x)
        {
            int j = x.Length - 1;
            while (j > 0 && x[j] == _modulus[j])
            {
                j--;
            }

            return x[j] < _modulus[j];
        }

        // No supported length is a multiple of 27, so that the last digit is the rest; and their digits are even in number.
        private static uint[] ToDigits(byte[] number)
        {
            uint[] digits = new uint[number.Length * 8 / DigitBits + 1];
            ulong bits = 0;
            int waiting = 0;
            int count = 0;
            for (int i = number.Length - 1; i >= 0; i--)
            {
                bits |= (ulong)number[i] << waiting;
                waiting += 8;
                if (waiting >= DigitBits)
                {
                    digits[count++] = (uint)bits & Mask;
                    bits >>= DigitBits;
                    waiting -= DigitBits;
                }
            }

            digits[count] = (uint)bits;
            return digits;
        }

        // Compares with 00 01 FF … FF 00, the digest's ASN.1, and the digest (RFC 8017, section 9.2), from the end on.
        private bool IsBlock()
        {
            byte[] info = Hex.Parse(DigestInfo, DigestInfoLength);
            int length = _signature.Length;
            ulong bits = 0;
            int waiting = 0;
            int count = 0;
            for (int i = 0; i < length; i++)
            {
                if (waiting < 8)
                {
                    bits |= (ulong)_power[count++] << waiting;
                    waiting += DigitBits;
                }

                uint expected = 0xFF;
                if (i < Sha256.DigestLength)
                {
                    expected = _digest[Sha256.DigestLength - 1 - i];
                }
                else if (i < Sha256.DigestLength + DigestInfoLength)
                {
                    expected = info[Sha256.DigestLength + DigestInfoLength - 1 - i];
                }
                else if (i == Sha256.DigestLength + DigestInfoLength || i == length - 1)
                {
                    expected = 0;
                }
                else if (i == length - 2)
                {
                    expected = 1;
                }

                if ((byte)bits != expected)
                {
                    return false;
                }

                bits >>= 8;
                waiting -= 8;
            }

            return true;
        }
    }
}
