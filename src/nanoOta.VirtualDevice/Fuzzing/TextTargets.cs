using System.Text;
using System.Text.Json;

namespace nanoOta.VirtualDevice.Fuzzing
{
    /// <summary>What reads text: JSON, manifests, update requests, versions, times, URLs, hexadecimal digits.</summary>
    internal static class TextTargets
    {
        private const int MaxTokens = 100_000;

        private const string Manifest = """
            {"schema":1,"provider":"Contoso","name":"Washer","version":"1.1.0","counter":7,"compatibility":{"target":"ESP32_REV3"},"notBefore":"2026-01-01T00:00:00Z",
            "expires":"2027-01-01T00:00:00Z","allowDowngrade":false,"components":[{"id":"deployment","version":"1.1.0","size":123456,
            "sha256":"00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff","urls":["v1_1_0.bin","https://mirror.example/a?b=c"],"requires":{"clr":"1.16.0"}}]}
            """;

        private const string Request = """
            {"$version":7,"updateVersion":"1.1.0","updateUrl":"https://files.example/firmware","updateToken":"sv=1&sig=a%2Bb","updateRetry":"x","updateAfter":"2026-01-01T00:00:00Z",
            "updateShare":50,"updateWindow":"22:00-04:00","other":{"a":[1,-2.5e3,null,true,"\u00e9\ud83d\ude00"]}}
            """;

        private const string Inline = """
            {"update":{"version":"1.1.0","url":"https://files.example/v1.bin","size":4096,"sha256":"00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff","sas":"sv=1"}}
            """;

        public static IReadOnlyList<FuzzTarget> All { get; } =
        [
            new("json", 300, Bytes(Manifest, Request, Inline, "[[1,2],{\"a\":\"\\ud83d\\ude00\"},-9223372036854775808,1e5]", "\"text\"", "0"), Json),
            new("manifest", 200, Bytes(Manifest), input =>
            {
                ResultCode code = ManifestReader.Read(input, 0, input.Length, out UpdateManifest manifest);
                Require((code == ResultCode.None) == (manifest != null), $"{code}, and {(manifest == null ? "no" : "a")} manifest");
                Require(manifest == null || manifest.Components.All(c => c.Size > 0 && c.Sha256.Length == Sha256.DigestLength && c.Urls.Length > 0), "a component is not whole");
            }),
            new("update request", 200, Bytes(Request, Inline), input =>
            {
                var json = new JsonReader(input, 0, input.Length);
                if (json.Read() == JsonToken.ObjectStart)
                {
                    UpdateOffer offer = PlainOffer.Read(json, out _);
                    Require(offer == null || offer.Code != ResultCode.None || offer.Version != null, "an offer of no version");
                }
            }),
            new("text", 150, Bytes("1.2.3-rc.1+build.5", "10.20.30", "7", "2026-11-20T12:00:00Z", "https://host.example:8443/a/b?c=d", "../v1_1_0.bin", "00ff7f"), input =>
            {
                string text = Encoding.Latin1.GetString(input);
                if (SemanticVersion.Parse(text) is { } version)
                {
                    Require(version.CompareTo(SemanticVersion.Parse(version.Text)) == 0, "a version differs from itself");
                }

                if (Url.IsReference(text))
                {
                    Url.Resolve("https://host.example/firmware/v1.json", text);
                }

                if (Url.IsAbsolute(text))
                {
                    Require(Url.HostOf(text).Length > 0, "an absolute URL without a host");
                }
            }),
        ];

        // What our reader takes, .NET's takes as well.
        private static void Json(byte[] input)
        {
            var json = new JsonReader(input, 0, input.Length);
            int tokens = 0;
            JsonToken token;
            while ((token = json.Read()) != JsonToken.End && token != JsonToken.Error)
            {
                Require(++tokens < MaxTokens, "reads on and on");
                if (token is JsonToken.String or JsonToken.Name)
                {
                    json.GetString();
                }
                else if (token == JsonToken.Number)
                {
                    json.TryGetInt64(out _);
                }
            }

            if (token == JsonToken.End)
            {
                JsonDocument.Parse(input, new JsonDocumentOptions { MaxDepth = 64 }).Dispose();
            }
            else
            {
                Require(json.Position >= 0 && json.Position <= input.Length, $"an error at {json.Position} of {input.Length}");
            }
        }

        private static byte[][] Bytes(params string[] texts)
        {
            return [.. texts.Select(Encoding.UTF8.GetBytes)];
        }

        private static void Require(bool condition, string otherwise)
        {
            if (!condition)
            {
                throw new FuzzException(otherwise);
            }
        }
    }
}
