namespace nanoOta.VirtualDevice.Fuzzing
{
    /// <summary>Makes hostile inputs of good ones: bits flipped, ranges cut, doubled and mixed, numbers at their limits, or all at random.</summary>
    public sealed class Mutator(int seed)
    {
        private const int MaxMutations = 6;
        private const int MaxRandomLength = 600;

        // What parsers trip over: limits of numbers, and characters that mean something.
        private static readonly byte[][] _tokens =
        [
            [0], [0xFF], [0x7F], [0x80], [0xFF, 0xFF, 0xFF, 0xFF], [0xFF, 0xFF, 0xFF, 0x7F], [0, 0, 0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80],
            .. new[]
            {
                "{", "}", "[", "]", "\"", "\\", "\\u0000", "\\ud83d", "\\udc00", ",", ":", "null", "true", "-", "0", "1e999", "1.5", "-0", "9223372036854775807",
                "9223372036854775808", "-9223372036854775808", "2147483648", "4294967296", "\r\n", "\r\n\r\n", ": ", ";", "http://", "https://", "//", "..", "@", "?", "#",
                "%00", "bytes ", "0-0/0", "chunked", "size", "version", "urls", "1.0.0", "-rc.1", "+build", "T", "Z", "2026-02-30T24:00:00Z",
            }.Select(System.Text.Encoding.ASCII.GetBytes),
        ];

        private readonly Random _random = new(seed);

        /// <summary>The next input.</summary>
        /// <param name="seeds">Good inputs; left as they are.</param>
        public byte[] Next(IReadOnlyList<byte[]> seeds)
        {
            if (_random.Next(20) == 0)
            {
                var noise = new byte[_random.Next(MaxRandomLength)];
                _random.NextBytes(noise);
                return noise;
            }

            List<byte> bytes = [.. Pick(seeds)];
            for (int n = _random.Next(1, MaxMutations); n > 0; n--)
            {
                Mutate(bytes, seeds);
            }

            return [.. bytes];
        }

        private void Mutate(List<byte> bytes, IReadOnlyList<byte[]> seeds)
        {
            int at = _random.Next(bytes.Count + 1);
            int count = Math.Min(bytes.Count - at, _random.Next(1, 1 + (_random.Next(4) == 0 ? 256 : 8)));
            switch (_random.Next(9))
            {
                case 0 when at < bytes.Count:
                    bytes[at] ^= (byte)(1 << _random.Next(8));
                    break;
                case 1 when at < bytes.Count:
                    bytes[at] = (byte)_random.Next(256);
                    break;
                case 2:
                    bytes.RemoveRange(at, count);
                    break;
                case 3:
                    bytes.InsertRange(at, bytes.GetRange(at, count));
                    break;
                case 4:
                    bytes.InsertRange(at, Pick(_tokens));
                    break;
                case 5:
                    byte[] token = Pick(_tokens);
                    bytes.RemoveRange(at, Math.Min(token.Length, bytes.Count - at));
                    bytes.InsertRange(at, token);
                    break;
                case 6:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                case 7:
                    byte[] other = Pick(seeds);
                    bytes.RemoveRange(at, bytes.Count - at);
                    bytes.AddRange(other.AsSpan(_random.Next(other.Length + 1)));
                    break;
                default:
                    bytes.InsertRange(at, Enumerable.Repeat((byte)_random.Next(256), _random.Next(1, 40)));
                    break;
            }
        }

        private byte[] Pick(IReadOnlyList<byte[]> from)
        {
            return from[_random.Next(from.Count)];
        }
    }
}
