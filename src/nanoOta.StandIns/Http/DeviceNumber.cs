using System.Globalization;

namespace nanoOta.StandIns
{
    /// <summary>Convert.ToInt32 of the device: strtoll with a look at the range (nf-interpreter, corlib_native_System_Convert.cpp).</summary>
    internal static class DeviceNumber
    {
        /// <summary>Reads a decimal number; blanks around it and a sign are allowed.</summary>
        /// <exception cref="FormatException">It is none.</exception>
        /// <exception cref="ArgumentOutOfRangeException">It does not fit.</exception>
        internal static int Parse(string text)
        {
            return (int)Bounded(Parse(text, char.IsAsciiDigit, NumberStyles.None), int.MaxValue);
        }

        /// <summary>Reads a hexadecimal number; 80000000 to FFFFFFFF are the negative ones.</summary>
        /// <inheritdoc cref="Parse(string)"/>
        internal static int ParseHex(string text)
        {
            return unchecked((int)Bounded(Parse(text, char.IsAsciiHexDigit, NumberStyles.AllowHexSpecifier), uint.MaxValue));
        }

        private static long Bounded(Int128 value, long max)
        {
            return value >= int.MinValue && value <= max ? (long)value : throw new ArgumentOutOfRangeException(nameof(value));
        }

        private static Int128 Parse(string text, Func<char, bool> isDigit, NumberStyles style)
        {
            string digits = text.TrimStart(' ', '\t', '\v', '\f', '\r', '\n').TrimEnd(' ');
            bool isNegative = digits.StartsWith('-');
            if (isNegative || digits.StartsWith('+'))
            {
                digits = digits[1..];
            }

            if (style != NumberStyles.None && digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase) && digits.Length > 2)
            {
                digits = digits[2..];
            }

            if (digits.Length == 0 || !digits.All(isDigit))
            {
                throw new FormatException();
            }

            // 30 digits are beyond every range asked for, and still fit.
            digits = digits.TrimStart('0').PadLeft(1, '0');
            Int128 value = digits.Length > 30 ? Int128.MaxValue : Int128.Parse(digits, style, CultureInfo.InvariantCulture);
            return isNegative ? -value : value;
        }
    }
}
