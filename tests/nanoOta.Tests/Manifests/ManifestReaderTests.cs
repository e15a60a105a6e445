using System.Text;

namespace nanoOta.Tests.Manifests
{
    public class ManifestReaderTests
    {
        private const string Hash = "00112233445566778899aabbccddeeff00112233445566778899AABBCCDDEEFF";
        private const string Part = "{\"id\":\"deployment\",\"version\":\"1.1.0\",\"size\":10,\"sha256\":\"" + Hash + "\",\"urls\":[\"a.bin\"]}";

        [Fact]
        public void Everything_that_the_schema_has_is_read()
        {
            UpdateManifest m = Read($$"""
                {"schema":1,"provider":"Contoso","name":"Washer","version":"1.1.0-rc.1+7","counter":4294967295,
                 "compatibility":{"target":"ESP32_REV3"},"notBefore":"2026-01-01T00:00:00Z","expires":"2027-01-01T00:00:00Z","allowDowngrade":true,
                 "components":[{"id":"mcu","version":"2.0.0","size":2147483647,"sha256":"{{Hash}}","urls":["a","https://b/c","d","e"],"requires":{"clr":"1.16.0","x":"0.0.1"} },{{Part}}] }
                """);
            Assert.Equal(("Contoso", "Washer", "1.1.0-rc.1", uint.MaxValue, "ESP32_REV3"), (m.Provider, m.Name, m.Version.Text, m.Counter, m.Target));
            Assert.Equal((1767225600L, 1798761600L, true, false), (m.NotBefore, m.Expires, m.AllowDowngrade, m.AsksUnknown));
            ManifestComponent c = m.Components[0];
            Assert.Equal(("mcu", "2.0.0", int.MaxValue), (c.Id, c.Version.Text, c.Size));
            Assert.Equal(Convert.FromHexString(Hash), c.Sha256);
            Assert.Equal(["a", "https://b/c", "d", "e"], c.Urls);
            Assert.Equal(["clr", "x"], c.RequiredIds);
            Assert.Equal(["1.16.0", "0.0.1"], c.RequiredVersions.Select(v => v.Text));
            Assert.Same(m.Components[1], m.Find("deployment"));
            Assert.Null(m.Find("clr"));
        }

        [Fact]
        public void Members_that_are_unknown_are_passed_over_whatever_they_hold()
        {
            UpdateManifest m = Read($$"""{"x":[{"schema":9}],"schema":1,"version":"1.1.0","y":{"z":[]},"components":[{"more":[{"id":"no"}],{{Part[1..]}}],"q":null}""");
            Assert.Equal("deployment", m.Components[0].Id);
        }

        // What the tool publishes for people and other tools, of any form: devices neither need nor check it.
        [Theory]
        [InlineData("\"platformId\":\"washer-mk2\",\"description\":\"spring\",\"annotations\":{\"a\":[{\"b\":null}]}", "\"sha512\":\"00\",\"priority\":2,\"description\":\"ramp\",\"annotations\":{}")]
        [InlineData("\"platformId\":7,\"description\":[],\"annotations\":\"x\"", "\"sha512\":5,\"priority\":\"first\",\"description\":{},\"annotations\":null")]
        public void Members_for_other_tools_are_passed_over(string ofManifest, string ofComponent)
        {
            UpdateManifest m = Read($$"""{"schema":1,{{ofManifest}},"version":"1.1.0","components":[{{{ofComponent}},{{Part[1..]}}]}""");
            Assert.Equal(("1.1.0", "deployment", 10), (m.Version.Text, m.Components[0].Id, m.Components[0].Size));
        }

        // Another schema may give any member another meaning.
        [Theory]
        [InlineData("{\"schema\":2,\"version\":7,\"components\":{}}")]
        [InlineData("{\"version\":7,\"schema\":2}")]
        [InlineData("{\"components\":{},\"version\":\"x\",\"counter\":-1,\"schema\":2}")]
        [InlineData("{\"compatibility\":[],\"notBefore\":\"soon\",\"schema\":\"1\"}")]
        [InlineData("{\"version\":null,\"schema\":1.0}")]
        [InlineData("{\"version\":7,\"schema\":null}")]
        [InlineData("{\"version\":7}")]
        [InlineData("{}")]
        public void An_unknown_schema_is_said_to_be_unknown_before_anything_else_is_complained_about(string text)
        {
            Assert.Equal(ResultCode.SchemaUnknown, Code(text));
        }

        [Theory]
        [InlineData("")]
        [InlineData("[]")]
        [InlineData("1")]
        [InlineData("\uFEFF{\"schema\":1}")]
        [InlineData("{\"schema\":1,\"version\":\"1.1.0\",\"components\":[" + Part + "]")]
        [InlineData("{\"schema\":1,\"version\":\"1.1.0\",\"components\":[" + Part + "]}x")]
        [InlineData("{\"schema\":1,\"version\":\"1.1.0\"}")]
        [InlineData("{\"schema\":1,\"schema\":1,\"version\":\"1.1.0\",\"components\":[" + Part + "]}")]
        [InlineData("{\"schema\":1,\"version\":\"1.1.0\",\"version\":\"1.1.0\",\"components\":[" + Part + "]}")]
        public void What_is_no_such_object_is_malformed(string text)
        {
            Assert.Equal(ResultCode.ManifestMalformed, Code(text));
        }

        [Theory]
        [InlineData("\"provider\":7")]
        [InlineData("\"name\":null")]
        [InlineData("\"counter\":-1")]
        [InlineData("\"counter\":4294967296")]
        [InlineData("\"counter\":1.5")]
        [InlineData("\"counter\":\"1\"")]
        [InlineData("\"notBefore\":\"2026-02-29T00:00:00Z\"")]
        [InlineData("\"expires\":1798761600")]
        [InlineData("\"allowDowngrade\":\"true\"")]
        [InlineData("\"allowDowngrade\":1")]
        [InlineData("\"compatibility\":\"ESP32\"")]
        [InlineData("\"compatibility\":{\"target\":7}")]
        [InlineData("\"compatibility\":{\"target\":{\"a\":1}}")]
        public void A_known_member_must_be_right(string member)
        {
            Assert.Equal(ResultCode.ManifestMalformed, Code($"{{\"schema\":1,{member},\"version\":\"1.1.0\",\"components\":[{Part}]}}"));
        }

        [Theory]
        [InlineData("{}")]
        [InlineData("[]")]
        [InlineData("[[]]")]
        [InlineData("[1]")]
        [InlineData("[{}]")]
        [InlineData("[" + Part + "," + Part + "]")]
        [InlineData("[" + Part + ",1]")]
        public void Components_must_be_objects_each_with_an_id_of_its_own(string components)
        {
            Assert.Equal(ResultCode.ManifestMalformed, Code($"{{\"schema\":1,\"version\":\"1.1.0\",\"components\":{components}}}"));
        }

        [Theory]
        [InlineData("\"id\":\"deployment\"", "\"id\":\"\"")]
        [InlineData("\"id\":\"deployment\"", "\"id\":\"a23456789012345678901234567890123\"")]
        [InlineData("\"id\":\"deployment\"", "\"id\":5")]
        [InlineData("\"version\":\"1.1.0\"", "\"version\":\"1.1\"")]
        [InlineData("\"version\":\"1.1.0\"", "\"version\":11")]
        [InlineData("\"size\":10", "\"size\":0")]
        [InlineData("\"size\":10", "\"size\":-10")]
        [InlineData("\"size\":10", "\"size\":2147483648")]
        [InlineData("\"size\":10", "\"size\":4294967306")]
        [InlineData("\"size\":10", "\"size\":1e1")]
        [InlineData("\"size\":10", "\"size\":\"10\"")]
        [InlineData("EEFF", "EEF")]
        [InlineData("EEFF", "EEFG")]
        [InlineData("[\"a.bin\"]", "[]")]
        [InlineData("[\"a.bin\"]", "\"a.bin\"")]
        [InlineData("[\"a.bin\"]", "[\"\"]")]
        [InlineData("[\"a.bin\"]", "[1]")]
        [InlineData("[\"a.bin\"]", "[\"a b\"]")]
        [InlineData("[\"a.bin\"]", "[\"a\",\"b\",\"c\",\"d\",\"e\"]")]
        [InlineData("[\"a.bin\"]", "[\"a\\u0001\"]")]
        [InlineData("\"size\":10,", "")]
        [InlineData("\"size\":10", "\"size\":10,\"requires\":[]")]
        [InlineData("\"size\":10", "\"size\":10,\"requires\":{\"clr\":1}")]
        [InlineData("\"size\":10", "\"size\":10,\"requires\":{\"clr\":\"1.x\"}")]
        [InlineData("\"size\":10", "\"size\":10,\"requires\":{\"a\":\"1.0.0\",\"b\":\"1.0.0\",\"c\":\"1.0.0\",\"d\":\"1.0.0\",\"e\":\"1.0.0\",\"f\":\"1.0.0\",\"g\":\"1.0.0\",\"h\":\"1.0.0\",\"i\":\"1.0.0\"}")]
        public void A_component_must_be_right(string what, string instead)
        {
            Assert.Contains(what, Part);
            Assert.Equal(ResultCode.None, Code($"{{\"schema\":1,\"version\":\"1.1.0\",\"components\":[{Part}]}}"));
            Assert.Equal(ResultCode.ManifestMalformed, Code($"{{\"schema\":1,\"version\":\"1.1.0\",\"components\":[{Part.Replace(what, instead)}]}}"));
        }

        [Fact]
        public void Eight_components_are_read_and_a_ninth_is_refused()
        {
            Assert.Equal(ResultCode.None, Code(Many(8)));
            Assert.Equal(ResultCode.ManifestMalformed, Code(Many(9)));

            static string Many(int count)
            {
                return $"{{\"schema\":1,\"version\":\"1.1.0\",\"components\":[{string.Join(",", Enumerable.Range(0, count).Select(i => Part.Replace("deployment", "part" + i)))}]}}";
            }
        }

        [Theory]
        [InlineData("\"version\":\"1.1\",")]
        [InlineData("\"version\":1,")]
        [InlineData("")]
        public void A_version_that_is_none_has_its_own_code(string version)
        {
            Assert.Equal(ResultCode.VersionMalformed, Code($"{{\"schema\":1,{version}\"components\":[{Part}]}}"));
        }

        [Fact]
        public void A_manifest_of_4096_bytes_is_read_and_a_longer_one_is_not()
        {
            string text = $"{{\"schema\":1,\"version\":\"1.1.0\",\"components\":[{Part}]}}";
            Assert.Equal(ResultCode.None, Code(text.PadRight(4096)));
            Assert.Equal(ResultCode.ManifestTooLarge, Code(text.PadRight(4097)));
        }

        [Fact]
        public void Random_damage_is_refused_or_read_without_an_exception()
        {
            var random = new Random(5);
            byte[] text = Encoding.UTF8.GetBytes($"{{\"schema\":1,\"version\":\"1.1.0\",\"counter\":3,\"compatibility\":{{\"target\":\"T\"}},\"components\":[{Part}]}}");
            for (int i = 0; i < 20000; i++)
            {
                byte[] damaged = (byte[])text.Clone();
                for (int n = random.Next(1, 4); n > 0; n--)
                {
                    damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
                }

                ResultCode code = ManifestReader.Read(damaged, 0, random.Next(damaged.Length + 1), out UpdateManifest? manifest);
                Assert.Equal(code == ResultCode.None, manifest != null);
            }
        }

        private static ResultCode Code(string text)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            ResultCode code = ManifestReader.Read(bytes, 0, bytes.Length, out UpdateManifest? manifest);
            Assert.Equal(code == ResultCode.None, manifest != null);
            return code;
        }

        private static UpdateManifest Read(string text)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            Assert.Equal(ResultCode.None, ManifestReader.Read(bytes, 0, bytes.Length, out UpdateManifest manifest));
            return manifest;
        }
    }
}
