using System.Globalization;
using System.Numerics;

namespace nanoOta.VirtualDevice.Images
{
    /// <summary>
    /// Numbers as gen_esp32part.py reads them: Python's <c>int(text, 0)</c>, and before that each K or M at the end, in either case, times 1024
    /// or 1048576. So there are a sign, the prefixes 0x, 0o and 0b, single underscores between digits, and no zeros in front of a decimal number.
    /// </summary>
    internal static class PythonNumber
    {
        // Longer than any number that a partition can have; what is longer still has no place to stop.
        private const int MaximumLength = 64;

        /// <summary>The number; null when the text is none. It may be negative, and larger than a partition can be.</summary>
        public static BigInteger? Read(string text)
        {
            return text.Length > MaximumLength ? null : text.LastOrDefault() switch
            {
                'k' or 'K' => Read(text[..^1]) * 1024,
                'm' or 'M' => Read(text[..^1]) * 1048576,
                _ => Integer(text.Trim()),
            };
        }

        /// <summary>The number, when it is in a range.</summary>
        public static uint? Read(string text, uint maximum)
        {
            return Read(text) is { } number && number >= 0 && number <= maximum ? (uint)number : null;
        }

        private static BigInteger? Integer(string text)
        {
            bool isNegative = text.StartsWith('-');
            string digits = isNegative || text.StartsWith('+') ? text[1..] : text;
            int radix = (digits.Length > 1 && digits[0] == '0' ? digits[1] : ' ') switch
            {
                'x' or 'X' => 16,
                'o' or 'O' => 8,
                'b' or 'B' => 2,
                _ => 10,
            };
            digits = radix == 10 ? digits : digits[2..];

            // One underscore may stand between two digits, or between prefix and digits.
            digits = radix != 10 && digits.StartsWith('_') ? digits[1..] : digits;
            if (digits.Length == 0 || digits[0] == '_' || digits[^1] == '_' || digits.Contains("__", StringComparison.Ordinal))
            {
                return null;
            }

            BigInteger value = 0;
            foreach (char c in digits.Where(c => c != '_'))
            {
                int digit = char.IsAsciiHexDigit(c) ? int.Parse($"{c}", NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) : radix;
                if (digit >= radix)
                {
                    return null;
                }

                value = (value * radix) + digit;
            }

            // 007 is no number to Python, 00 is.
            return radix == 10 && digits[0] == '0' && value != 0 ? null : isNegative ? -value : value;
        }
    }
}
