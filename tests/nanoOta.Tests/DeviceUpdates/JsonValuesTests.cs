using System.Text;

namespace nanoOta.Tests.DeviceUpdates
{
    /// <summary>Values of a JSON text by their paths.</summary>
    public sealed class JsonValuesTests
    {
        [Theory]
        [InlineData("/a", "x")]
        [InlineData("/b/c", "1.50")]
        [InlineData("/b/d/0", "p")]
        [InlineData("/b/d/1/e", "q")]
        [InlineData("/b/d/2/0", "r")]
        [InlineData("/n", "-7")]
        [InlineData("/after", "last")]
        [InlineData("/b", null)]
        [InlineData("/null", null)]
        [InlineData("a", null)]
        [InlineData("/b/d/3", null)]
        public void A_path_finds_the_string_or_number_that_stands_there(string path, string? text)
        {
            Assert.Equal(text, Read("""{"a":"x","null":null,"b":{"c":1.50,"d":["p",{"e":"q"},["r"]]},"n":-7,"after":"last"}""", null).Text(path));
        }

        [Theory]
        [InlineData("9223372036854775807", long.MaxValue)]
        [InlineData("-1", -1)]
        [InlineData("9223372036854775808", 0)]
        [InlineData("1.0", 0)]
        [InlineData("\"1\"", 0)]
        [InlineData("true", 0)]
        public void Only_an_integer_of_64_bits_is_a_number(string value, long number)
        {
            Assert.Equal(number, Read($"{{\"a\":{value}}}", null).Number("/a"));
        }

        [Theory]
        [InlineData("true", true)]
        [InlineData("false", false)]
        [InlineData("\"true\"", false)]
        [InlineData("1", false)]
        [InlineData("null", false)]
        public void Only_true_is_true(string value, bool isTrue)
        {
            Assert.Equal(isTrue, Read($"{{\"a\":{value}}}", null).IsTrue("/a"));
        }

        [Fact]
        public void What_is_not_wanted_is_passed_over_and_the_reader_stands_at_the_end()
        {
            byte[] text = Encoding.UTF8.GetBytes("""{"x":{"y":1,"z":{"w":2}},"yy":[{"y":3}],"y":4}""");
            var json = new JsonReader(text, 0, text.Length);
            json.Read();
            var values = new JsonValues(json, ["/x/z", "/y"]);
            Assert.Equal([null, "2", null, "4"], new[] { "/x/y", "/x/z/w", "/z", "/y" }.Select(values.Text));
            Assert.Equal((JsonToken.ObjectEnd, JsonToken.End), (json.Token, json.Read()));
        }

        [Fact]
        public void Sixty_four_values_are_kept_and_no_more()
        {
            JsonValues values = Read($"[{string.Join(",", Enumerable.Range(0, 65))}]", null);
            Assert.Equal(["63", null], new[] { "/63", "/64" }.Select(values.Text));
        }

        [Theory]
        [InlineData("{\"a\":[1,2")]
        [InlineData("{\"a\":[1,]}")]
        [InlineData("{\"a\":1,\"a\":2}")]
        [InlineData("{\"a\":{\"b\":[{")]
        public void A_text_that_is_refused_ends_with_the_error(string text)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            var json = new JsonReader(bytes, 0, bytes.Length);
            json.Read();
            Assert.Null(new JsonValues(json, null).Text("/b"));
            Assert.Equal(JsonToken.Error, json.Token);
        }

        private static JsonValues Read(string text, string[]? wanted)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            var json = new JsonReader(bytes, 0, bytes.Length);
            json.Read();
            return new JsonValues(json, wanted);
        }
    }
}
