using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace nanoOta.Tests.Core
{
    /// <summary>Times, digits and checksums.</summary>
    public class SmallPartsTests
    {
        [Theory]
        [InlineData("1970-01-01T00:00:01Z", 1)]
        [InlineData("2000-02-29T23:59:59Z", 951868799)]
        [InlineData("2024-02-29T00:00:00Z", 1709164800)]
        [InlineData("2026-11-20T22:00:00Z", 1795212000)]
        [InlineData("2038-01-19T03:14:08Z", 2147483648)]
        [InlineData("2100-02-28T12:00:00Z", 4107499200)]
        [InlineData("9999-12-31T23:59:59Z", 253402300799)]
        public void A_time_is_read_and_written(string text, long seconds)
        {
            Assert.True(UtcTime.TryParse(text, out long read));
            Assert.Equal(seconds, read);
            Assert.Equal(text, UtcTime.Format(seconds));
        }

        [Fact]
        public void Every_day_is_read_as_dotnet_reads_it_and_no_other()
        {
            foreach (int year in Enumerable.Range(1970, 140).Concat([2399, 2400, 2401, 2999, 3000, 3001, 4000, 9998, 9999]))
            {
                for (int month = 0; month <= 13; month++)
                {
                    for (int day = 0; day <= 32; day++)
                    {
                        string text = $"{year}-{month:00}-{day:00}T01:02:03Z";
                        bool exists = DateTimeOffset.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out DateTimeOffset time);
                        Assert.Equal(exists, UtcTime.TryParse(text, out long seconds));
                        Assert.Equal(exists ? time.ToUnixTimeSeconds() : 0, seconds);
                    }
                }
            }
        }

        [Theory]
        [InlineData("3000-12-31T23:59:59Z")]
        [InlineData("3001-01-01T00:00:00Z")]
        [InlineData("9999-12-31T23:59:59Z")]
        public void A_time_beyond_the_last_year_of_a_device_s_DateTime_is_read_too(string text)
        {
            Assert.True(UtcTime.TryParse(text, out long seconds));
            Assert.Equal(DateTimeOffset.Parse(text).ToUnixTimeSeconds(), seconds);

            // .NET's own DateTime goes on, so that calling it would not be noticed here.
            byte[] code = typeof(UtcTime).GetMethod(nameof(UtcTime.TryParse))!.GetMethodBody()!.GetILAsByteArray()!;
            IEnumerable<int> calls = Enumerable.Range(0, code.Length - 4).Where(at => code[at] is 0x28 or 0x6F or 0x73).Select(at => BitConverter.ToInt32(code, at + 1));
            Assert.DoesNotContain(calls, token => token >>> 24 is 0x06 or 0x0A && IsOfDateTime(token));
        }

        private static bool IsOfDateTime(int token)
        {
            try
            {
                return typeof(UtcTime).Module.ResolveMethod(token)?.DeclaringType == typeof(DateTime);
            }
            catch (ArgumentException)
            {
                return false; // not a call after all: an operand that looks like one
            }
        }

        [Theory]
        [InlineData("2026-11-20T22:00:00.5Z")]
        [InlineData("2026-11-20T22:00:00.123456789Z")]
        public void A_fraction_of_a_second_is_dropped(string text)
        {
            Assert.True(UtcTime.TryParse(text, out long seconds));
            Assert.Equal(1795212000, seconds);
        }

        [Theory]
        [InlineData(null)]
        [InlineData("")]
        [InlineData("2026-11-20")]
        [InlineData("2026-11-20T22:00Z")]
        [InlineData("2026-11-20T22:00:00")]
        [InlineData("2026-11-20T22:00:00z")]
        [InlineData("2026-11-20t22:00:00Z")]
        [InlineData("2026-11-20 22:00:00Z")]
        [InlineData("2026-11-20T22:00:00+00:00")]
        [InlineData("2026-11-20T22:00:00.Z")]
        [InlineData("2026-11-20T22:00:00,5Z")]
        [InlineData("2026-11-20T22:00:00.5xZ")]
        [InlineData("2026-11-20T22:00:00.1234567890Z")]
        [InlineData("2026-11-20T24:00:00Z")]
        [InlineData("2026-11-20T22:60:00Z")]
        [InlineData("2026-11-20T22:00:60Z")]
        [InlineData("2026-11-20T22:00:-1Z")]
        [InlineData("-026-11-20T22:00:00Z")]
        [InlineData("1969-12-31T23:59:59Z")]
        [InlineData("1970-01-01T00:00:00Z")]
        [InlineData("0000-01-01T00:00:00Z")]
        [InlineData(" 2026-11-20T22:00:00Z")]
        [InlineData("2026-1-20T22:00:00.0Z")]
        [InlineData("\u0662\u0660\u0662\u0666-11-20T22:00:00Z")]
        public void What_is_no_time_is_not_read(string? text)
        {
            Assert.False(UtcTime.TryParse(text, out long seconds));
            Assert.Equal(0, seconds);
        }

        [Fact]
        public void Random_bytes_are_read_from_their_digits()
        {
            Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes =>
            {
                string text = Convert.ToHexStringLower(bytes);
                return Hex.Parse(text, bytes.Length).SequenceEqual(bytes)
                    && Hex.Parse(text.ToUpperInvariant(), bytes.Length).SequenceEqual(bytes)
                    && Hex.Parse(text, bytes.Length + 1) == null;
            }).QuickCheckThrowOnFailure();
        }

        [Fact]
        public void No_character_but_the_22_digits_has_a_value()
        {
            for (int c = -1; c <= 0x10000; c++)
            {
                bool digit = c is >= 0 and < 128 && char.IsAsciiHexDigit((char)c);
                Assert.Equal(digit ? Convert.ToInt32(((char)c).ToString(), 16) : -1, Hex.Digit(c));
            }
        }

        [Theory]
        [InlineData(null, 1)]
        [InlineData("", 1)]
        [InlineData("0", 1)]
        [InlineData("000", 1)]
        [InlineData("0g", 1)]
        [InlineData("0x", 1)]
        [InlineData(" 0", 1)]
        public void What_is_not_just_so_many_digits_gives_no_bytes(string? text, int length)
        {
            Assert.Null(Hex.Parse(text, length));
        }

        [Theory]
        [InlineData("", 0)]
        [InlineData("123456789", 0xCBF43926)]
        [InlineData("a", 0xE8B7BE43)]
        [InlineData("The quick brown fox jumps over the lazy dog", 0x414FA339)]
        public void The_checksum_has_its_known_values(string text, uint crc)
        {
            Assert.Equal(crc, Crc.Of(text));
            byte[] bytes = Encoding.ASCII.GetBytes(text + "more");
            Assert.Equal(crc, Crc.Of(bytes, text.Length));
        }

        [Fact]
        public void The_checksum_of_random_bytes_is_that_of_the_table_driven_one()
        {
            Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes => Crc.Of(bytes, bytes.Length) == nanoOta.VirtualDevice.Images.Crc32.Ieee(bytes)).QuickCheckThrowOnFailure();
            Assert.Equal(0u, Crc.Of(null));
        }
    }
}
