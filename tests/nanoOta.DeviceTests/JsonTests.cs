// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System.Text;
using nanoFramework.TestFramework;

namespace nanoOta.DeviceTests
{
    [TestClass]
    public class JsonTests
    {
        // Among them what nanoFramework's own parser refuses: escapes of any character, "\/", arrays in arrays.
        [TestMethod]
        public void Every_kind_of_value_is_read()
        {
            Assert.AreEqual(
                "{ a= 's/A\u00f6\u20ac' n= [ [ -12 ] 1.5 T F 0 ] } .",
                Read("{ \"a\" : \"s\\/\\u0041\\u00f6\u20ac\", \"n\":[[-12],1.5,true,false,null]} "));
        }

        [TestMethod]
        public void What_is_no_json_is_refused_where_it_ceases_to_be()
        {
            Assert.AreEqual("{ a= !1", Read("{\"a\":}"));
            Assert.AreEqual("[ 1 !1", Read("[1,]"));
            Assert.AreEqual("{ a= 1 !3", Read("{\"a\":1,\"a\":2}"));
            Assert.AreEqual("[ [ [ !4", Read("[[[[1]]]]"));
        }

        [TestMethod]
        public void Integers_are_exact_up_to_64_bits()
        {
            byte[] text = Encoding.UTF8.GetBytes("[9223372036854775807,-9223372036854775808,9223372036854775808]");
            JsonReader json = new JsonReader(text, 0, text.Length);
            json.Read();
            json.Read();
            Assert.IsTrue(json.TryGetInt64(out long value));
            Assert.AreEqual(9223372036854775807L, value);
            json.Read();
            Assert.IsTrue(json.TryGetInt64(out value));
            Assert.AreEqual(-9223372036854775808L, value);
            json.Read();
            Assert.IsFalse(json.TryGetInt64(out value));
        }

        [TestMethod]
        public void A_manifest_is_read()
        {
            byte[] text = Encoding.UTF8.GetBytes(MemoryUpdate.Manifest("1.1.0", new byte[10], "a.bin"));
            Assert.AreEqual((int)ResultCode.None, (int)ManifestReader.Read(text, 0, text.Length, out UpdateManifest manifest));
            Assert.AreEqual("1.1.0", manifest.Version.Text);
            Assert.AreEqual(10, manifest.Components[0].Size);
            Assert.AreEqual((int)ResultCode.ManifestMalformed, (int)ManifestReader.Read(text, 0, text.Length - 1, out manifest));
        }

        private static string Read(string text)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            JsonReader json = new JsonReader(bytes, 0, bytes.Length, 3);
            string read = string.Empty;
            while (true)
            {
                switch (json.Read())
                {
                    case JsonToken.ObjectStart: read += "{ "; break;
                    case JsonToken.ObjectEnd: read += "} "; break;
                    case JsonToken.ArrayStart: read += "[ "; break;
                    case JsonToken.ArrayEnd: read += "] "; break;
                    case JsonToken.Name: read += json.GetString() + "= "; break;
                    case JsonToken.String: read += "'" + json.GetString() + "' "; break;
                    case JsonToken.Number: read += json.GetString() + " "; break;
                    case JsonToken.True: read += "T "; break;
                    case JsonToken.False: read += "F "; break;
                    case JsonToken.Null: read += "0 "; break;
                    case JsonToken.End: return read + ".";
                    default: return read + "!" + ((int)json.Error).ToString();
                }
            }
        }
    }
}
