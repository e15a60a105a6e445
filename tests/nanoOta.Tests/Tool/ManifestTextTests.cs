using System.Text;
using nanoOta.Tool.Packing;

namespace nanoOta.Tests.Tool
{
    public class ManifestTextTests
    {
        [Theory]
        [InlineData("eyJhIjoxfQ.eyJiIjoyfQ.c2ln", "{\"b\":2}")]
        [InlineData("eyJhIjoxfQ.eyJiIjoyfQ.\n", "{\"b\":2}")]
        [InlineData("\uFEFFeyJhIjoxfQ.eyJiIjoyfQ.c2ln", "{\"b\":2}")]
        [InlineData("{\"version\":\"1.10.0\"}", null)]
        [InlineData(".eyJiIjoyfQ.c2ln", null)]
        [InlineData("eyJhIjoxfQ.eyJ!IjoyfQ.c2ln", null)]
        [InlineData("eyJhIjoxfQ.eyJiIjoyfQ", null)]
        [InlineData("", null)]
        public void Only_what_has_the_form_of_a_compact_JWS_has_a_payload(string file, string? payload)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(file);
            Assert.Equal(payload, ManifestText.PayloadOf(bytes) is { } found ? Encoding.UTF8.GetString(found) : null);
            Assert.Equal(payload ?? file, Encoding.UTF8.GetString(ManifestText.Of(bytes)));
        }

        [Theory]
        [InlineData("v1_1_0.json", true)]
        [InlineData("back-2/v1_1_0.jws", true)]
        [InlineData("releases.json", false)]
        [InlineData("a/releases.json", false)]
        [InlineData("releases.json.lock", false)]
        [InlineData("v1_1_0.bin", false)]
        public void A_record_of_releases_is_no_candidate(string path, bool isOne)
        {
            Assert.Equal(isOne, ManifestText.IsCandidate(path));
        }
    }
}
