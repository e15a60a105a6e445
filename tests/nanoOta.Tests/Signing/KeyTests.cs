using System.Text;

namespace nanoOta.Tests.Signing
{
    public class KeyTests
    {
        private static readonly TestKey _key = TestKey.Of("a", 2048, 3);

        [Fact]
        public void A_json_web_key_is_read()
        {
            RsaPublicKey key = RsaPublicKey.Parse(_key.Jwk)!;
            Assert.Equal(("a", 3u), (key.Id, key.Exponent));
            Assert.Equal(_key.Modulus, key.Modulus);
            Assert.NotNull(RsaPublicKey.Parse(_key.Jwk.Replace("\"alg\":\"RS256\",", "\"use\":\"sig\",\"x5c\":[{}],")));
        }

        public static TheoryData<string> Bad => [.. _bad.Keys];

        private static readonly Dictionary<string, string> _bad = new()
        {
            ["nothing"] = "",
            ["no object"] = "[]",
            ["something behind it"] = _key.Jwk + "x",
            ["cut short"] = _key.Jwk[..^1],
            ["no key type"] = _key.Jwk.Replace("\"kty\":\"RSA\",", ""),
            ["another key type"] = _key.Jwk.Replace("RSA", "oct"),
            ["another algorithm"] = _key.Jwk.Replace("RS256", "RS512"),
            ["no id"] = _key.Jwk.Replace("\"kid\":\"a\",", ""),
            ["an empty id"] = _key.Jwk.Replace("\"kid\":\"a\"", "\"kid\":\"\""),
            ["an id that is a number"] = _key.Jwk.Replace("\"kid\":\"a\"", "\"kid\":1"),
            ["a long id"] = _key.Jwk.Replace("\"kid\":\"a\"", $"\"kid\":\"{new string('a', 65)}\""),
            ["two ids"] = _key.Jwk.Replace("\"kid\":\"a\"", "\"kid\":\"a\",\"kid\":\"b\""),
            ["no modulus"] = With(null, _key.Exponent),
            ["an even modulus"] = With([.. _key.Modulus[..^1], (byte)(_key.Modulus[^1] ^ 1)], _key.Exponent),
            ["a modulus without its first bit"] = With([(byte)(_key.Modulus[0] & 0x7F), .. _key.Modulus[1..]], _key.Exponent),
            ["a modulus with a leading zero"] = With([0, .. _key.Modulus], _key.Exponent),
            ["a modulus of 1024 bits"] = With(_key.Modulus[^128..], _key.Exponent),
            ["a modulus of 2056 bits"] = With([0x80, .. _key.Modulus], _key.Exponent),
            ["a modulus of 8192 bits"] = With([.. _key.Modulus, .. _key.Modulus, .. _key.Modulus, .. _key.Modulus], _key.Exponent),
            ["a modulus with padding"] = _key.Jwk.Replace(TestKey.Text(_key.Modulus), TestKey.Text(_key.Modulus) + "=="),
            ["no exponent"] = With(_key.Modulus, null),
            ["an empty exponent"] = With(_key.Modulus, []),
            ["the exponent 0"] = With(_key.Modulus, [0]),
            ["the exponent 1"] = With(_key.Modulus, [1]),
            ["the exponent 2"] = With(_key.Modulus, [2]),
            ["an even exponent"] = With(_key.Modulus, [1, 0, 0]),
            ["an exponent with a leading zero"] = With(_key.Modulus, [0, 1, 0, 1]),
            ["an exponent of 33 bits"] = With(_key.Modulus, [1, 0, 0, 0, 1]),
        };

        [Theory]
        [MemberData(nameof(Bad))]
        public void A_key_that_is_not_acceptable_is_refused(string what)
        {
            Assert.NotEqual(_key.Jwk, _bad[what]);
            Assert.Null(RsaPublicKey.Parse(_bad[what]));
        }

        [Theory]
        [InlineData(256)]
        [InlineData(384)]
        [InlineData(512)]
        public void Only_2048_3072_and_4096_bits_are_accepted(int length)
        {
            byte[] modulus = [.. Enumerable.Repeat((byte)0xC1, length)];
            Assert.NotNull(RsaPublicKey.Create("a", modulus, [3]));
            Assert.Null(RsaPublicKey.Create("a", modulus[8..], [3]));
            Assert.Null(RsaPublicKey.Create("a", [.. modulus, 1], [3]));
        }

        [Fact]
        public void A_list_of_keys_is_read()
        {
            KeyList list = Read($$"""{"version":4294967295,"more":{},"keys":[{{_key.Jwk}},{{TestKey.Of("b", 2048, 3).Jwk}}]}""")!;
            Assert.Equal((uint.MaxValue, 2, "b"), (list.Version, list.Keys.Length, list.Find("b").Id));
            Assert.Null(list.Find("c"));
            Assert.Null(list.Find(null));
        }

        [Theory]
        [InlineData("""[]""")]
        [InlineData("""{"keys":[K]}""")]
        [InlineData("""{"version":1}""")]
        [InlineData("""{"version":0,"keys":[K]}""")]
        [InlineData("""{"version":-1,"keys":[K]}""")]
        [InlineData("""{"version":4294967296,"keys":[K]}""")]
        [InlineData("""{"version":"1","keys":[K]}""")]
        [InlineData("""{"version":1.5,"keys":[K]}""")]
        [InlineData("""{"version":1,"keys":[]}""")]
        [InlineData("""{"version":1,"keys":{}}""")]
        [InlineData("""{"version":1,"keys":null}""")]
        [InlineData("""{"version":1,"keys":[K,K]}""")]
        [InlineData("""{"version":1,"keys":[K,{}]}""")]
        [InlineData("""{"version":1,"keys":[K,1]}""")]
        [InlineData("""{"version":1,"keys":[K]""")]
        [InlineData("""{"version":1,"keys":[K]}x""")]
        [InlineData("""{"version":1,"version":2,"keys":[K]}""")]
        public void A_list_that_is_malformed_or_leaves_no_key_is_refused(string list)
        {
            Assert.Null(Read(list.Replace("K", _key.Jwk)));
        }

        [Fact]
        public void A_list_holds_four_keys_at_the_most()
        {
            string keys = string.Join(',', Enumerable.Range(0, 4).Select(i => _key.Jwk.Replace("\"a\"", $"\"{i}\"")));
            Assert.Equal(4, Read($$"""{"version":1,"keys":[{{keys}}]}""")!.Keys.Length);
            Assert.Null(Read($$"""{"version":1,"keys":[{{keys}},{{_key.Jwk}}]}"""));
        }

        private static KeyList? Read(string text)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            return KeyList.Read(bytes, bytes.Length);
        }

        private static string With(byte[]? modulus, byte[]? exponent)
        {
            string n = modulus == null ? "" : $"\"n\":\"{TestKey.Text(modulus)}\",";
            string e = exponent == null ? "" : $"\"e\":\"{TestKey.Text(exponent)}\",";
            return $$"""{"kty":"RSA",{{n}}{{e}}"kid":"a"}""";
        }
    }
}
