using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;

namespace nanoOta.Tests.Manifests
{
    public class JsonReaderTests
    {
        [Theory]
        [InlineData("""{"a":1,"b":[true,false,null],"c":{"d":"e"}}""")]
        [InlineData("""  [ ] """)]
        [InlineData("{}")]
        [InlineData("\"\"")]
        [InlineData("0")]
        [InlineData("-0")]
        [InlineData("[9223372036854775807,-9223372036854775808,9223372036854775808,-9223372036854775809]")]
        [InlineData("[0.5,-1e10,1E+2,1e-2,123456789012345678901234567890]")]
        [InlineData("""["\u0041\u00f6\u20ac\ud83d\ude00","\"\\\/\b\f\n\r\t","öäü€😀"]""")]
        [InlineData("""{"\u0061":1,"b\/c":2}""")]
        [InlineData("\t\r\n {\t\"a\"\r:\n1 , \"b\" : [ 1 , 2 ] } \n")]
        [InlineData("[[1]]")]
        public void What_it_reads_is_what_System_Text_Json_reads(string text)
        {
            Assert.Equal(Canonical(text), Read(text));
        }

        [Fact]
        public void Random_documents_are_read_as_System_Text_Json_reads_them()
        {
            Prop.ForAll(Documents(3).ToArbitrary(), text => Read(text) == Canonical(text)).QuickCheckThrowOnFailure();
        }

        [Fact]
        public void Random_damage_is_refused_or_read_as_System_Text_Json_reads_it()
        {
            var damage = from text in Documents(3)
                         from at in Gen.Choose(0, Math.Max(0, Encoding.UTF8.GetByteCount(text) - 1))
                         from value in Gen.Choose(0, 255)
                         select (Text: Encoding.UTF8.GetBytes(text), at, value);
            Prop.ForAll(damage.ToArbitrary(), d =>
            {
                d.Text[d.at] = (byte)d.value;
                string? ours = Read(d.Text, d.Text.Length);
                string? theirs = Canonical(d.Text);

                // We are stricter: duplicate names, and NUL in any form.
                return ours == theirs || ours == null;
            }).QuickCheckThrowOnFailure();
        }

        [Theory]
        [InlineData("", JsonError.Syntax, 0)]
        [InlineData("  ", JsonError.Syntax, 2)]
        [InlineData("{", JsonError.Syntax, 1)]
        [InlineData("[1", JsonError.Syntax, 2)]
        [InlineData("[1,]", JsonError.Syntax, 3)]
        [InlineData("{\"a\":1,}", JsonError.Syntax, 7)]
        [InlineData("{\"a\"}", JsonError.Syntax, 4)]
        [InlineData("{\"a\" 1}", JsonError.Syntax, 5)]
        [InlineData("{a:1}", JsonError.Syntax, 1)]
        [InlineData("[1}", JsonError.Syntax, 2)]
        [InlineData("{\"a\":1]", JsonError.Syntax, 6)]
        [InlineData("'a'", JsonError.Syntax, 0)]
        [InlineData("tru", JsonError.Syntax, 3)]
        [InlineData("trux", JsonError.Syntax, 3)]
        [InlineData("nul", JsonError.Syntax, 3)]
        [InlineData("True", JsonError.Syntax, 0)]
        [InlineData("01", JsonError.Syntax, 2)]
        [InlineData("-", JsonError.Syntax, 1)]
        [InlineData("1.", JsonError.Syntax, 2)]
        [InlineData(".5", JsonError.Syntax, 0)]
        [InlineData("1e", JsonError.Syntax, 2)]
        [InlineData("1e+", JsonError.Syntax, 3)]
        [InlineData("+1", JsonError.Syntax, 0)]
        [InlineData("NaN", JsonError.Syntax, 0)]
        [InlineData("[1]x", JsonError.TrailingText, 3)]
        [InlineData("1 2", JsonError.TrailingText, 2)]
        [InlineData("{}{}", JsonError.TrailingText, 2)]
        [InlineData("\"", JsonError.BadString, 1)]
        [InlineData("\"a", JsonError.BadString, 2)]
        [InlineData("\"\\", JsonError.BadString, 1)]
        [InlineData("\"\\x\"", JsonError.BadString, 1)]
        [InlineData("\"\\u12G4\"", JsonError.BadString, 1)]
        [InlineData("\"\\u12\"", JsonError.BadString, 1)]
        [InlineData("\"a\nb\"", JsonError.BadString, 2)]
        [InlineData("\"a\0b\"", JsonError.BadString, 2)]
        [InlineData("\"a\\u0000b\"", JsonError.BadString, 2)]
        [InlineData("\"\\ud800\"", JsonError.BadString, 1)]
        [InlineData("\"\\ud800x\"", JsonError.BadString, 1)]
        [InlineData("\"\\ud800\\u0041\"", JsonError.BadString, 1)]
        [InlineData("\"\\ud800\\ud800\"", JsonError.BadString, 1)]
        [InlineData("\"x\\udc00\"", JsonError.BadString, 2)]
        [InlineData("{\"a\":1,\"a\":2}", JsonError.DuplicateName, 7)]
        [InlineData("{\"a\":1,\"\\u0061\":2}", JsonError.DuplicateName, 7)]
        [InlineData("{\"x\":{\"a\":1},\"y\":{\"a\":1,\"b\":2,\"a\":3}}", JsonError.DuplicateName, 30)]
        public void What_is_refused_is_refused_at_its_place(string text, JsonError error, int position)
        {
            JsonReader reader = ReadAll(Encoding.UTF8.GetBytes(text));
            Assert.Equal(JsonToken.Error, reader.Token);
            Assert.Equal((error, position), (reader.Error, reader.Position));
            Assert.Equal(JsonToken.Error, reader.Read());
        }

        [Theory]
        [InlineData(new byte[] { (byte)'"', 0x80, (byte)'"' })]
        [InlineData(new byte[] { (byte)'"', 0xC0, 0x80, (byte)'"' })]
        [InlineData(new byte[] { (byte)'"', 0xC1, 0xBF, (byte)'"' })]
        [InlineData(new byte[] { (byte)'"', 0xE0, 0x80, 0x80, (byte)'"' })]
        [InlineData(new byte[] { (byte)'"', 0xED, 0xA0, 0x80, (byte)'"' })]
        [InlineData(new byte[] { (byte)'"', 0xF0, 0x80, 0x80, 0x80, (byte)'"' })]
        [InlineData(new byte[] { (byte)'"', 0xF4, 0x90, 0x80, 0x80, (byte)'"' })]
        [InlineData(new byte[] { (byte)'"', 0xF5, 0x80, 0x80, 0x80, (byte)'"' })]
        [InlineData(new byte[] { (byte)'"', 0xC3, (byte)'"' })]
        [InlineData(new byte[] { (byte)'"', 0xE2, 0x82, (byte)'"' })]
        [InlineData(new byte[] { (byte)'"', 0xE2, 0x82 })]
        [InlineData(new byte[] { (byte)'"', 0xFF, (byte)'"' })]
        public void Bytes_that_are_not_UTF_8_in_its_shortest_form_are_refused(byte[] text)
        {
            JsonReader reader = ReadAll(text);
            Assert.Equal((JsonToken.Error, JsonError.BadString, 1), (reader.Token, reader.Error, reader.Position));
        }

        [Fact]
        public void Nesting_is_read_up_to_its_limit_and_refused_beyond()
        {
            Assert.Equal(JsonToken.End, ReadAll(Encoding.UTF8.GetBytes("[[{\"a\":[]}]]"), depth: 4).Token);
            JsonReader reader = ReadAll(Encoding.UTF8.GetBytes("[[{\"a\":[[]]}]]"), depth: 4);
            Assert.Equal((JsonError.TooDeep, 8), (reader.Error, reader.Position));
        }

        [Fact]
        public void Members_of_the_open_objects_are_read_up_to_their_limit_and_refused_beyond()
        {
            Assert.Equal(JsonToken.End, ReadAll("{\"a\":{\"b\":0,\"c\":0},\"d\":0,\"e\":0}"u8.ToArray(), members: 3).Token);
            JsonReader reader = ReadAll("{\"a\":{\"b\":0,\"c\":0,\"d\":0}}"u8.ToArray(), members: 3);
            Assert.Equal((JsonError.TooManyMembers, 18), (reader.Error, reader.Position));
        }

        [Fact]
        public void A_part_of_a_buffer_is_read_as_if_it_were_alone()
        {
            byte[] buffer = "xx[1]yy"u8.ToArray();
            var reader = new JsonReader(buffer, 2, 3);
            Assert.Equal([JsonToken.ArrayStart, JsonToken.Number, JsonToken.ArrayEnd, JsonToken.End], [reader.Read(), reader.Read(), reader.Read(), reader.Read()]);
        }

        [Fact]
        public void Skipping_passes_over_a_whole_value_and_stops_at_its_end()
        {
            var reader = new JsonReader("{\"a\":{\"b\":[1,{}]},\"c\":2}"u8.ToArray(), 0, 24);
            reader.Read();
            reader.Read();
            Assert.Equal(("a", null), (reader.GetString(), reader.GetText()));
            Assert.True(reader.Skip());
            Assert.Equal(JsonToken.ObjectEnd, reader.Token);
            Assert.Equal(JsonToken.Name, reader.Read());
            Assert.Equal("c", reader.GetString());
            Assert.True(reader.Skip());
            Assert.Equal(JsonToken.ObjectEnd, reader.Read());
            Assert.Equal(JsonToken.End, reader.Read());
        }

        [Fact]
        public void Every_cut_of_a_document_is_refused_without_an_exception()
        {
            byte[] text = Encoding.UTF8.GetBytes("""{"a":[1,-2.5e3,"x\u20ac\ud83d\ude00"],"b":{"c":null,"d":true}}""");
            for (int length = 0; length < text.Length; length++)
            {
                Assert.Equal(JsonToken.Error, ReadAll(text[..length]).Token);
            }
        }

        // All that a text holds, written the same way whichever reader read it; null when it is refused.
        private static string? Read(string text)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            return Read(bytes, bytes.Length);
        }

        private static string? Read(byte[] bytes, int count)
        {
            var json = new JsonReader(bytes, 0, count, 64, 512);
            var all = new StringBuilder();
            while (json.Read() is not (JsonToken.End or JsonToken.Error))
            {
                all.Append(json.Token);
                if (json.TryGetInt64(out long number))
                {
                    all.Append('=').Append(number);
                }
                else if (json.Token is JsonToken.Name or JsonToken.String or JsonToken.Number)
                {
                    all.Append('=').Append(json.GetString());
                }

                all.Append(';');
            }

            return json.Token == JsonToken.End ? all.ToString() : null;
        }

        private static string? Canonical(string text)
        {
            return Canonical(Encoding.UTF8.GetBytes(text));
        }

        private static string? Canonical(byte[] text)
        {
            try
            {
                var all = new StringBuilder();
                var json = new Utf8JsonReader(text);
                while (json.Read())
                {
                    all.Append(json.TokenType switch
                    {
                        JsonTokenType.StartObject => "ObjectStart",
                        JsonTokenType.EndObject => "ObjectEnd",
                        JsonTokenType.StartArray => "ArrayStart",
                        JsonTokenType.EndArray => "ArrayEnd",
                        JsonTokenType.PropertyName => "Name=" + json.GetString(),
                        JsonTokenType.String => "String=" + json.GetString(),
                        JsonTokenType.Number => "Number=" + (json.TryGetInt64(out long number) ? number.ToString() : Encoding.UTF8.GetString(json.ValueSpan)),
                        _ => json.TokenType.ToString(),
                    }).Append(';');
                }

                return all.ToString();
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException)
            {
                return null;
            }
        }

        private static JsonReader ReadAll(byte[] text, int depth = 12, int members = 64)
        {
            var json = new JsonReader(text, 0, text.Length, depth, members);
            while (json.Read() is not (JsonToken.End or JsonToken.Error))
            {
            }

            return json;
        }

        private static Gen<string> Documents(int depth)
        {
            var strings = ArbMap.Default.GeneratorFor<string>().Where(s => s != null && !s.Contains('\0') && IsWhole(s)).Select(s => JsonSerializer.Serialize(s));
            var scalars = Gen.OneOf(
                strings,
                ArbMap.Default.GeneratorFor<long>().Select(n => n.ToString()),
                ArbMap.Default.GeneratorFor<double>().Where(double.IsFinite).Select(d => JsonSerializer.Serialize(d)),
                Gen.Elements("true", "false", "null", "\"\\u0020\\/\\ud83d\\ude00\"", "-0", "1e5"));
            if (depth == 0)
            {
                return scalars;
            }

            var nested = Documents(depth - 1);
            return Gen.OneOf(
                scalars,
                nested.ListOf().Select(items => "[" + string.Join(" , ", items) + "]"),
                nested.ListOf().Select(items => "{" + string.Join(",", items.Select((item, i) => $"\"n{i}\": {item}")) + "}"));
        }

        private static bool IsWhole(string text)
        {
            return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) == text;
        }
    }
}
