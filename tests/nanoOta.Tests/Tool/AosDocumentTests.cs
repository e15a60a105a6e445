using System.Security.Cryptography;
using System.Text.Json.Nodes;
using nanoOta.Tool;

namespace nanoOta.Tests.Tool
{
    /// <summary>The update document of seed document 4, as it is printed there.</summary>
    public sealed class AosDocumentTests : IDisposable
    {
        private const string Printed = """
            {
            "imageVersion": 2,
            "components": [{
            "id": "rootfs",
            "version": "1.0",
            "description": "this is rootfs update",
            "annotations": {...},
            "urls": [
            "url1",
            "url2"
            ],
            "sha256": "sha256checksum",
            "sha512": "sha512checksum",
            "size": 1234
            },
            {
            "id": "boot",
            "version": "2.0",
            "description": "this is boot update",
            "urls": [
            "url1",
            "url2"
            ],
            "sha256": "sha256checksum",
            "sha512": "sha512checksum",
            "size": 1234
            }
            ]
            "decryptionInfo": { ... }
            }
            """;

        private readonly Workshop _workshop = new();
        private readonly byte[] _image = [.. Enumerable.Range(0, 1234).Select(i => (byte)(i * 7))];

        public void Dispose()
        {
            _workshop.Dispose();
        }

        // What is left out in print is put in: the comma, what stands for dots, and the checksums.
        private string Mended => Printed.Replace("]\n\"decryptionInfo\"", "],\n\"decryptionInfo\"").Replace("{...}", """{"os":"linux"}""").Replace("{ ... }", "{}")
            .Replace("sha256checksum", Convert.ToHexStringLower(SHA256.HashData(_image))).Replace("sha512checksum", Convert.ToHexStringLower(SHA512.HashData(_image)));

        [Fact]
        public void The_documents_own_example_becomes_a_manifest()
        {
            ToolResult result = ToolResult.Of(Arguments(Mended));
            Assert.True(result.ExitCode == 0, result.Error);
            var manifest = JsonNode.Parse(File.ReadAllText(_workshop.PathOf("firmware/v2_0_0.json")))!.AsObject();
            string hashes = $"\"size\":1234,\"sha256\":\"{Convert.ToHexStringLower(SHA256.HashData(_image))}\"";
            var expected = JsonNode.Parse($$$"""
                {"schema":1,"version":"2.0.0","counter":2,"compatibility":{"target":"ESP32_REV3"},"components":[
                 {"id":"rootfs","version":"1.0.0",{{{hashes}}},"urls":["url1","url2","v2_0_0.bin"],"description":"this is rootfs update","annotations":{"os":"linux"}},
                 {"id":"boot","version":"2.0.0",{{{hashes}}},"urls":["url1","url2","v2_0_0.boot.bin"],"description":"this is boot update"}]}
                """);
            Assert.True(JsonNode.DeepEquals(expected, manifest), manifest.ToJsonString());
        }

        [Fact]
        public void The_image_version_is_the_counter_unless_another_one_is_given()
        {
            ToolResult result = ToolResult.Of([.. Arguments(Mended), "--counter", "next", "--json"]);
            Assert.Equal(1, (int)result.Last["counter"]!);
        }

        [Theory]
        [InlineData("],", "]", "is no JSON")]
        [InlineData("\"imageVersion\": 2", "\"imageVersion\": \"2\"", "imageVersion is no number")]
        [InlineData("{}", "{\"key\":\"x\"}", "decryptionInfo is not empty: it is encrypted for AosEdge's devices")]
        [InlineData("\"id\": \"boot\"", "\"id\": \"bios\"", "has no component 'boot'; it has rootfs, bios")]
        [InlineData("\"version\": \"2.0\"", "\"version\": \"second\"", "components[1].version is 'second'")]
        [InlineData("\"id\": \"rootfs\",", "", "components[0].id is missing")]
        [InlineData("\"urls\"", "\"url\"", "components[0].urls is no array")]
        public void A_document_that_is_wrong_says_where(string was, string becomes, string reason)
        {
            Assert.Contains(reason, ToolResult.Refusal(ExitCode.Usage, Arguments(Mended.Replace(was, becomes))));
        }

        [Fact]
        public void A_file_that_is_not_the_documents_is_refused()
        {
            Assert.Contains("size of the component 'rootfs' is 1235; the file has 1234", ToolResult.Refusal(ExitCode.Unsound, Arguments(Mended.Replace("1234", "1235"))));
            Assert.Contains("sha256 of the component 'rootfs' is 'sha256checksum'; the file has ", ToolResult.Refusal(ExitCode.Unsound, Arguments(Mended.Replace(Convert.ToHexStringLower(SHA256.HashData(_image)), "sha256checksum"))));
            Assert.Contains("sha512 of the component 'rootfs' is 'sha512checksum'", ToolResult.Refusal(ExitCode.Unsound, Arguments(Mended.Replace(Convert.ToHexStringLower(SHA512.HashData(_image)), "sha512checksum"))));
            Assert.Contains("no file was given for it: add boot=FILE", ToolResult.Refusal(ExitCode.Usage, [.. Arguments(Mended).Where(argument => !argument.StartsWith("boot=", StringComparison.Ordinal))]));
        }

        private string[] Arguments(string document)
        {
            string image = _workshop.PathOf("image.bin");
            File.WriteAllBytes(image, _image);
            return ["pack", $"rootfs={image}", $"boot={image}", "--version", "2.0.0", "--from-aos", _workshop.Write("aos.json", document), "--out", _workshop.PathOf("firmware")];
        }
    }
}
