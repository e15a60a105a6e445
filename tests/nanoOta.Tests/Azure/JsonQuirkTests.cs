extern alias StandIns;

using DeviceArrayList = System.Collections.ArrayList;

namespace nanoOta.Tests.Azure
{
    /// <summary>How the client's JSON library reads and writes (facts/nanoframework.md, section 2).</summary>
    public sealed class JsonQuirkTests
    {
        [Theory]
        [InlineData("1", 1)]
        [InlineData("12345678", 12345678)]
        [InlineData("123456789", 123456789)]
        [InlineData("2147483648", 2147483648L)]
        [InlineData("000000000001", 1L)]
        [InlineData("18446744073709551615", 18446744073709551615UL)]
        [InlineData("1.0", 1.0)]
        [InlineData("1e3", 1000.0)]
        [InlineData("true", true)]
        [InlineData("TRUE", true)]
        [InlineData("null", null)]
        [InlineData("\"text\"", "text")]
        [InlineData("'text'", "text")]
        [InlineData("\"\\u00e9\"", "é")]
        [InlineData("\"\\u00e95\"", "é")]
        [InlineData("\"\\\"quoted\"", "\"\"quoted\"")]
        public void A_value_has_this_type(string json, object? expected)
        {
            object? value = Read($"{{\"a\":{json}}}")["a"];

            Assert.Equal(expected, value);
            Assert.Equal(expected?.GetType(), value?.GetType());
        }

        [Theory]
        [InlineData("2026-11-20T10:00:00-build5")]
        [InlineData("2026-11-20 10:00:00")]
        [InlineData("20261120-101010-abcdef")]
        [InlineData("20241115a123045bcdef0123456789abcdef")]
        [InlineData("Fri, 20 Nov 2026 10:00:00 GMT")]
        [InlineData("a washing machine (2)")]
        public void A_string_becomes_a_time(string text)
        {
            Assert.IsType<DateTime>(Read($"{{\"a\":\"{text}\"}}")["a"]);
        }

        [Theory]
        [InlineData("2026-11-20")]
        [InlineData("20261320-101010-abcdef")]
        [InlineData("sha256:20241115a123045bcdef")]
        [InlineData("a washing machine (x)")]
        public void A_string_stays_one(string text)
        {
            Assert.Equal(text, Read($"{{\"a\":\"{text}\"}}")["a"]);
        }

        [Theory]
        [InlineData("""{"a":"\u002B"}""", "DeserializationException")]
        [InlineData("""{"a":"\u00fc"}""", "DeserializationException")]
        [InlineData("""{"a":"\u00f6"}""", "DeserializationException")]
        [InlineData("""{"a":"\/"}""", "DeserializationException")]
        [InlineData("""{"a":[[1]]}""", "DeserializationException")]
        [InlineData("""{"a":{"b":[[1]]}}""", "NotImplementedException")]
        [InlineData("""{"a":1,"a":2}""", "ArgumentException")]
        [InlineData("""{"a":1""", "IndexOutOfRangeException")]
        [InlineData("""{"a":"x""", "DeserializationException")]
        [InlineData("""{"a":"x"} y""", "DeserializationException")]
        [InlineData("""[1]""", "DeserializationException")]
        [InlineData(" ", "DeserializationException")]
        [InlineData("""{"a":1-2}""", "FormatException")]
        [InlineData("""{"2026-11-20T10:00:00Z":1}""", "DeserializationException")]
        public void A_text_is_not_understood(string json, string exception)
        {
            Assert.Equal(exception, Record.Exception(() => Read(json))?.GetType().Name);
        }

        [Theory]
        [InlineData("""{"a":1,}""")]
        [InlineData("""{"a":1 "b":2}""")]
        [InlineData("""{"b":[1,],"a":1}""")]
        [InlineData("""{"b":[],"a":1}""")]
        [InlineData("""{"b":[{"c":[1]}],"a":1}""")]
        public void A_text_is_understood(string json)
        {
            Assert.Equal(1, Read(json)["a"]);
        }

        [Fact]
        public void Objects_are_tables_and_arrays_are_lists()
        {
            DeviceTwinCollection read = Read("""{"a":{"b":[1,"x",{"c":true}]}}""");

            DeviceArrayList list = Assert.IsType<DeviceArrayList>(Assert.IsType<DeviceHashtable>(read["a"])["b"]);
            Assert.Equal(1, list[0]);
            Assert.Equal("x", list[1]);
            Assert.Equal(true, Assert.IsType<DeviceHashtable>(list[2])["c"]);
        }

        [Fact]
        public void Names_are_written_as_they_are_and_an_enum_as_its_number()
        {
            DeviceTwinCollection report = new();
            report.Add("a\"b", HubStatus.InternalError);
            report["c"] = "line\n\"quoted\" \u0001ü";
            report["d"] = null;
            report["e"] = new DeviceArrayList { 1, 2.5, true };

            Assert.Equal("{\"a\"b\":10,\"c\":\"line\\n\\\"quoted\\\" \u0001ü\",\"d\":null,\"e\":[1,2.5,true]}", report.ToJson());
        }

        [Fact]
        public void Version_is_0_when_it_is_no_small_number()
        {
            Assert.Equal(7, Read("""{"$version":7}""").Version);
            Assert.Equal(0, Read("""{"$version":000000000007}""").Version);
            Assert.Equal(0, Read("""{"$version":"7"}""").Version);
            Assert.Equal(0, Read("{}").Version);
        }

        [Fact]
        public void Version_is_enumerated_but_not_counted()
        {
            DeviceTwinCollection read = Read("""{"a":1,"$version":7}""");

            Assert.Equal(1, read.Count);
            Assert.Equal(["a", "$version"], read.Cast<StandIns::System.Collections.DictionaryEntry>().Select(entry => entry.Key));
        }

        [Fact]
        public void Adding_what_is_there_throws()
        {
            DeviceTwinCollection collection = Read("""{"a":1}""");

            Assert.Throws<ArgumentException>(() => collection.Add("a", 2));
        }

        private static DeviceTwinCollection Read(string json) => new(json);
    }
}
