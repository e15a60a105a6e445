using System.Text;

namespace nanoOta.Tests.Download
{
    /// <summary>
    /// What public bug reports of other update systems say servers do, each with its siblings: the update is installed, or the right
    /// code is reported and another round comes.
    /// </summary>
    public sealed class HttpCaseTests
    {
        private const int Cut = 40_000;
        private const string Signature = "sv=1&sig=aB%2Bc%2Fd%3D";

        private static readonly string _longQuery = "?sig=" + new string('a', 1800);

        // Two lines that no client would keep apart from an attack by their size alone, but servers of clouds send them.
        private static readonly string[] _big = ["X-A: " + new string('a', 2500), "X-B: " + new string('b', 2500)];

        [Theory]
        [InlineData("ETag: W/\"a\"", "ETag: \"a\"")]
        [InlineData("ETag: \"a\"", "ETag: W/\"a\"")]
        [InlineData("ETag: \"a\"", "ETag: \"b\"")]
        [InlineData("ETag: \"a\"", "X-Other: 1")]
        [InlineData("X-Other: 1", "ETag: \"a\"")]
        [InlineData("ETag: \"a\"", "Last-Modified: Mon, 01 Dec 2025 10:00:01 GMT")]
        [InlineData("Last-Modified: Mon, 01 Dec 2025 10:00:01 GMT", "Last-Modified: Mon, 01 Dec 2025 10:00:02 GMT")]
        public void A_validator_that_changes_while_the_bytes_do_not_costs_a_restart_and_no_update(string first, string second)
        {
            Assert.Equal(ResultCode.Applied, CaseRun.OfImage(r => CaseRun.Ranged(r, Cut, lines: r.Number % 2 == 1 ? first : second)).Code);
        }

        [Theory]
        [InlineData("Last-Modified: Thu, 01 Jan 1970 00:00:01 GMT")]
        [InlineData("ETag: W/\"a\"")]
        [InlineData("ETag: \"a\"")]
        [InlineData("X-Other: 1")]
        public void A_file_that_is_replaced_under_one_validator_is_fetched_once_more_in_one_go(string validator)
        {
            byte[] old = [.. CaseRun.Image[..20_000], .. CaseRun.Image[20_000..].Select(b => (byte)(b ^ 0x55))];
            CaseRun run = CaseRun.OfImage(r => r.Number < 3 ? CaseRun.Ranged(r, Cut, file: old, lines: validator) : CaseRun.Ranged(r, lines: validator));
            Assert.Equal((ResultCode.Applied, (int?)null), (run.Code, run.Requests[^1].From));
            Assert.Equal(5, run.Requests.Count);
        }

        [Theory]
        [InlineData(400)]
        [InlineData(403)]
        [InlineData(404)]
        [InlineData(405)]
        [InlineData(416)]
        [InlineData(501)]
        public void A_server_that_refuses_ranges_is_asked_for_the_whole_file(int status)
        {
            CaseRun run = CaseRun.OfImage(r => r.From != null ? CaseRun.Answer(status, []) : CaseRun.Ranged(r, r.Number == 1 ? Cut : int.MaxValue, lines: "ETag: \"a\""));
            Assert.Equal(ResultCode.Applied, run.Code);
            Assert.Equal([null, null, 36_864 + (Cut - 36_864), null], run.Requests.Select(r => r.From));
        }

        [Theory]
        [InlineData("Bytes")]
        [InlineData("BYTES")]
        [InlineData("bytes")]
        public void The_unit_of_a_range_is_compared_without_regard_to_case(string unit)
        {
            CaseRun run = CaseRun.OfImage(r => CaseRun.Ranged(r, Cut, unit, lines: "ETag: \"a\""));
            Assert.Equal((ResultCode.Applied, 4), (run.Code, run.Requests.Count));
        }

        [Theory]
        [InlineData(0)]
        [InlineData(1)]
        [InlineData(2)]
        public void A_head_of_several_kilobytes_is_read_wherever_it_comes(int where)
        {
            CaseRun run = CaseRun.Of(r => r.IsManifest ? CaseRun.Answer(200, CaseRun.Manifest, where == 0 ? _big : [])
                : where == 2 && !r.Target.Contains("rel") ? CaseRun.Answer(302, [], [.. _big, "Location: /rel/v1_1_0.bin"])
                : CaseRun.Ranged(r, lines: where == 1 ? _big : []));
            Assert.Equal(ResultCode.Applied, run.Code);
        }

        [Theory]
        [InlineData("X-A: " + A1000 + A1000 + A1000 + A1000 + A1000, true)]
        [InlineData("Content-Length: 90000, 90000", false)]
        [InlineData("Content-Length: 90000 bytes", false)]
        [InlineData("X-No-Length: 1", false)]
        [InlineData("no header at all", false)]
        public void A_head_that_the_client_cut_is_a_bad_response_and_tried_again(string line, bool hasLength)
        {
            string[] lines = hasLength ? ["ETag: \"a\"", $"Content-Length: {CaseRun.Size}", line] : [line, "ETag: \"a\""];
            CaseRun image = CaseRun.OfImage(_ => CaseRun.Raw("HTTP/1.1", 200, CaseRun.Image, lines));
            CaseRun manifest = CaseRun.Of(_ => CaseRun.Raw("HTTP/1.1", 200, CaseRun.Manifest, lines));
            Assert.Equal((ResultCode.BadResponse, true), (image.Code, image.ComesAgain));
            Assert.Equal((ResultCode.BadResponse, true), (manifest.Code, manifest.ComesAgain));
        }

        [Theory]
        [InlineData("HTTP/1.0", "X-Other: 1")]
        [InlineData("HTTP/1.0", "Connection: close")]
        [InlineData("HTTP/1.1", "Connection: close")]
        public void A_body_without_a_length_goes_to_the_end_of_the_connection(string protocol, string line)
        {
            Assert.Equal(ResultCode.Applied, CaseRun.OfImage(_ => CaseRun.Raw(protocol, 200, CaseRun.Image, line)).Code);
        }

        [Theory]
        [InlineData("/rel/v1_1_0.bin")]
        [InlineData("/rel/v1_1_0.bin#top")]
        [InlineData("../rel/v1_1_0.bin")]
        [InlineData("./../rel/./v1_1_0.bin?a=b#c")]
        [InlineData("?rel=v1_1_0.bin")]
        [InlineData("?rel#top")]
        [InlineData("v1_1_0.bin?rel")]
        [InlineData("//files.example:8080/rel/v1_1_0.bin")]
        [InlineData("//FILES.example:8080/rel/v1_1_0.bin?x#y")]
        [InlineData("HTTP://files.example:8080/rel/v1_1_0.bin")]
        [InlineData("http://files.example:8080/rel/v1_1_0.bin#top")]
        public void A_redirect_is_resolved_as_RFC_3986_says(string location)
        {
            CaseRun run = Redirected(location);
            Assert.Equal(ResultCode.Applied, run.Code);
            Assert.DoesNotContain(run.Requests, r => r.Target.Contains('#') || r.Target.Contains(".."));
        }

        [Theory]
        [InlineData("//cdn.invalid/rel/v1_1_0.bin")]
        [InlineData("http://files.example/rel/v1_1_0.bin")]
        [InlineData("http://files.example:80/rel/v1_1_0.bin")]
        [InlineData("http://files.example:8081/rel/v1_1_0.bin")]
        [InlineData("http://files.example:8080@cdn.invalid/rel/v1_1_0.bin")]
        [InlineData("http://files.example:8080.cdn.invalid/rel/v1_1_0.bin")]
        [InlineData("ftp://files.example:8080/rel/v1_1_0.bin")]
        [InlineData("file:///etc/passwd")]
        [InlineData("mailto:someone")]
        [InlineData("https:rel")]
        public void A_redirect_to_another_host_port_or_scheme_is_refused(string location)
        {
            CaseRun run = Redirected(location);
            Assert.Equal((ResultCode.RedirectRefused, true), (run.Code, run.ComesAgain));
        }

        [Theory]
        [InlineData("https://files.example", "https://files.example:443")]
        [InlineData("https://files.example:443", "https://files.example")]
        [InlineData("http://files.example", "http://files.example:80")]
        [InlineData("http://files.example:80", "http://files.example")]
        [InlineData("http://files.example", "https://files.example:443")]
        public void A_scheme_s_own_port_makes_no_other_host(string from, string to)
        {
            CaseRun run = CaseRun.Of(
                r => r.IsManifest ? CaseRun.Answer(200, CaseRun.Manifest) : r.Target.Contains("rel") ? CaseRun.Ranged(r) : CaseRun.Answer(301, [], $"Location: {to}/rel/v1_1_0.bin"),
                $$"""{"updateVersion":"1.1.0","updateUrl":"{{from}}/fw"}""");
            Assert.Equal(ResultCode.Applied, run.Code);
        }

        [Fact]
        public void Eight_redirects_are_followed_and_no_more()
        {
            Assert.Equal(ResultCode.Applied, Chain(8).Code);
            CaseRun nine = Chain(9);
            Assert.Equal((ResultCode.TooManyRedirects, true), (nine.Code, nine.ComesAgain));
        }

        [Fact]
        public void A_redirect_may_lead_to_a_long_signed_URL_and_one_that_is_longer_says_so()
        {
            Assert.Equal(ResultCode.Applied, Redirected("/rel/v1_1_0.bin" + _longQuery).Code);
            Assert.Equal(ResultCode.RedirectTooLong, Redirected("/rel/v1_1_0.bin" + _longQuery + new string('a', 500)).Code);
        }

        [Theory]
        [InlineData(1)]
        [InlineData(600)]
        [InlineData(1800)]
        public void A_token_of_a_cloud_s_length_is_sent_with_each_request(int length)
        {
            string token = "sig=" + new string('a', length);
            CaseRun run = CaseRun.Of(Guarded(token), $$"""{"updateVersion":"1.1.0","updateUrl":"{{CaseRun.Base}}/fw","updateToken":"{{token}}"}""");
            Assert.Equal(ResultCode.Applied, run.Code);
        }

        [Theory]
        [InlineData(700)]
        [InlineData(1900)]
        public void An_inline_URL_may_be_as_long_as_signed_ones_are(int length)
        {
            CaseRun run = CaseRun.Of(
                r => CaseRun.Ranged(r),
                $$$"""{"update":{"version":"1.1.0","url":"{{{CaseRun.Base}}}/v1_1_0.bin?X-Amz-Signature={{{new string('a', length)}}}","size":{{{CaseRun.Size}}},"sha256":"{{{CaseRun.Sha256Text}}}"}}""");
            Assert.Equal(ResultCode.Applied, run.Code);
        }

        [Fact]
        public void What_is_relative_to_a_manifest_at_a_signed_URL_has_its_signature()
        {
            CaseRun run = CaseRun.Of(Guarded(Signature), manifestUrl: CaseRun.Base + "/fw/v1_1_0.json?" + Signature);
            Assert.Equal(ResultCode.Applied, run.Code);
        }

        [Fact]
        public void A_manifest_with_a_byte_order_mark_is_read()
        {
            byte[] mark = [0xEF, 0xBB, 0xBF];
            Assert.Equal(ResultCode.Applied, CaseRun.Of(r => r.IsManifest ? CaseRun.Answer(200, [.. mark, .. CaseRun.Manifest]) : CaseRun.Ranged(r)).Code);
            Assert.Equal(ResultCode.ManifestMalformed, CaseRun.Of(_ => CaseRun.Answer(200, mark)).Code);
            Assert.Equal(ResultCode.ManifestMalformed, CaseRun.Of(_ => CaseRun.Answer(200, [.. mark[..2], .. CaseRun.Manifest])).Code);
            Assert.Equal(ResultCode.ManifestMalformed, CaseRun.Of(_ => CaseRun.Answer(200, [.. mark, .. mark, .. CaseRun.Manifest])).Code);
        }

        [Theory]
        [InlineData("<html>Accept our terms</html>", ResultCode.ManifestMalformed)]
        [InlineData("", ResultCode.ManifestMalformed)]
        [InlineData("{}", ResultCode.SchemaUnknown)]
        public void An_answer_that_is_no_manifest_is_tried_again(string body, ResultCode code)
        {
            CaseRun run = CaseRun.Of(_ => CaseRun.Answer(200, Encoding.ASCII.GetBytes(body)));
            Assert.Equal((code, 8, true), (run.Code, run.Requests.Count, run.ComesAgain));
        }

        [Theory]
        [InlineData(401, ResultCode.AccessDenied)]
        [InlineData(403, ResultCode.AccessDenied)]
        [InlineData(404, ResultCode.NotFound)]
        [InlineData(409, ResultCode.AccessDenied)]
        [InlineData(410, ResultCode.NotFound)]
        [InlineData(418, ResultCode.AccessDenied)]
        [InlineData(425, ResultCode.ServerBusy)]
        [InlineData(429, ResultCode.ServerBusy)]
        public void A_refusal_has_its_code_and_another_round(int status, ResultCode code)
        {
            CaseRun run = CaseRun.Of(_ => CaseRun.Answer(status, []));
            Assert.Equal((code, true), (run.Code, run.ComesAgain));
        }

        private static CaseRun Redirected(string location)
        {
            return CaseRun.OfImage(r => r.Target.Contains("rel") ? CaseRun.Ranged(r) : CaseRun.Answer(302, [], "Location: " + location));
        }

        private static CaseRun Chain(int redirects)
        {
            return CaseRun.OfImage(r =>
            {
                int hop = r.Query.Length == 0 ? 0 : int.Parse(r.Query);
                return hop < redirects ? CaseRun.Answer(302, [], $"Location: /fw/v1_1_0.bin?{hop + 1}") : CaseRun.Ranged(r);
            });
        }

        private static Func<CaseRequest, byte[]> Guarded(string query)
        {
            return r => r.Query != query ? CaseRun.Answer(403, []) : r.IsManifest ? CaseRun.Answer(200, CaseRun.Manifest) : CaseRun.Ranged(r);
        }

        private const string A1000 =
            A100 + A100 + A100 + A100 + A100 + A100 + A100 + A100 + A100 + A100;

        private const string A100 = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    }
}
