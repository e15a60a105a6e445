using System.Net;
using System.Net.Http.Headers;
using System.Text;
using nanoOta.VirtualDevice.Cloud;

namespace nanoOta.Tests.Servers
{
    public sealed class FileServerTests : IDisposable
    {
        private static readonly byte[] _file = Encoding.ASCII.GetBytes("0123456789");

        private readonly List<ServedRequest> _served = [];
        private readonly FileServer _server;
        private readonly HttpClient _client = new();

        public FileServerTests()
        {
            _server = new FileServer(path => path == "a/b c.bin" ? _file : null) { Served = request => _served.Add(request) };
        }

        private string Url => _server.Url + "a/b%20c.bin?sig=x";

        public void Dispose()
        {
            _client.Dispose();
            _server.Dispose();
        }

        [Fact]
        public async Task A_file_is_served_whole_with_its_length_and_tag()
        {
            using HttpResponseMessage answer = await _client.GetAsync(Url, TestContext.Current.CancellationToken);
            Assert.Equal((HttpStatusCode.OK, 10L), (answer.StatusCode, answer.Content.Headers.ContentLength));
            Assert.Equal(_file, await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
            Assert.NotNull(answer.Headers.ETag);
            Assert.Equal([new ServedRequest("a/b c.bin", 200, 0, null, "127.0.0.1")], _served);
        }

        [Theory]
        [InlineData("bytes=4-", 206, "456789", "bytes 4-9/10")]
        [InlineData("bytes=4-6", 206, "456", "bytes 4-6/10")]
        [InlineData("bytes=0-0", 206, "0", "bytes 0-0/10")]
        [InlineData("bytes=4-99", 206, "456789", "bytes 4-9/10")]
        [InlineData("bytes=-3", 206, "789", "bytes 7-9/10")]
        [InlineData("bytes=-99", 206, "0123456789", "bytes 0-9/10")]
        [InlineData("bytes=10-", 416, "", "bytes */10")]
        [InlineData("bytes=-0", 416, "", "bytes */10")]
        [InlineData("bytes=99999999999-", 416, "", "bytes */10")]
        [InlineData("bytes=6-4", 200, "0123456789", null)]
        [InlineData("bytes=0-1,4-5", 200, "0123456789", null)]
        [InlineData("bytes=x", 200, "0123456789", null)]
        [InlineData("Bytes=4-6", 206, "456", "bytes 4-6/10")]
        [InlineData("items=0-1", 200, "0123456789", null)]
        [InlineData("seconds=1-2", 200, "0123456789", null)]
        [InlineData("bytes 0-1", 200, "0123456789", null)]
        [InlineData("=0-1", 200, "0123456789", null)]
        public async Task A_range_is_served_as_asked_for(string range, int status, string body, string? contentRange)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, Url);
            request.Headers.TryAddWithoutValidation("Range", range);
            using HttpResponseMessage answer = await _client.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal((status, body, contentRange), ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), answer.Content.Headers.ContentRange?.ToString()));
        }

        [Theory]
        [InlineData(true, HttpStatusCode.PartialContent)]
        [InlineData(false, HttpStatusCode.OK)]
        public async Task A_range_of_another_version_of_the_file_is_not_served(bool same, HttpStatusCode status)
        {
            using HttpResponseMessage first = await _client.GetAsync(Url, TestContext.Current.CancellationToken);
            using var request = new HttpRequestMessage(HttpMethod.Get, Url);
            request.Headers.Range = new RangeHeaderValue(4, null);
            request.Headers.IfRange = new RangeConditionHeaderValue(same ? first.Headers.ETag! : new EntityTagHeaderValue("\"other\""));
            using HttpResponseMessage answer = await _client.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal(status, answer.StatusCode);
        }

        [Theory]
        [InlineData("TAG", 206)]
        [InlineData("W/TAG", 200)]
        [InlineData("\"other\"", 200)]
        [InlineData("Fri, 20 Nov 2026 12:00:00 GMT", 200)]
        [InlineData("Fri, 20 Nov 2099 12:00:00 GMT", 200)]
        [InlineData("Thu, 01 Jan 1970 00:00:00 GMT", 200)]
        [InlineData("nonsense", 200)]
        [InlineData("TAG, TAG", 200)]
        public async Task A_range_depends_on_the_very_same_strong_tag_and_on_no_date(string condition, int status)
        {
            using HttpResponseMessage first = await _client.GetAsync(Url, TestContext.Current.CancellationToken);
            Assert.Null(first.Content.Headers.LastModified);
            using var request = new HttpRequestMessage(HttpMethod.Get, Url);
            request.Headers.TryAddWithoutValidation("Range", "bytes=4-");
            request.Headers.TryAddWithoutValidation("If-Range", condition.Replace("TAG", first.Headers.ETag!.Tag));
            using HttpResponseMessage answer = await _client.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal((status, status == 206 ? "456789" : "0123456789"), ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)));
        }

        [Fact]
        public async Task A_range_of_a_HEAD_is_passed_over()
        {
            using var request = new HttpRequestMessage(HttpMethod.Head, Url);
            request.Headers.Range = new RangeHeaderValue(4, null);
            using HttpResponseMessage answer = await _client.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal((HttpStatusCode.OK, 10L), (answer.StatusCode, answer.Content.Headers.ContentLength));
        }

        [Fact]
        public async Task Who_has_the_file_already_is_told_so_without_a_body()
        {
            using HttpResponseMessage first = await _client.GetAsync(Url, TestContext.Current.CancellationToken);
            using var request = new HttpRequestMessage(HttpMethod.Get, Url);
            request.Headers.IfNoneMatch.Add(first.Headers.ETag!);
            using HttpResponseMessage answer = await _client.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal((HttpStatusCode.NotModified, first.Headers.ETag, 0), (answer.StatusCode, answer.Headers.ETag, (await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).Length));
        }

        [Theory]
        [InlineData("HEAD /a/b%20c.bin HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "200 OK")]
        [InlineData("GET /none HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "404 Not Found")]
        [InlineData("PUT /a/b%20c.bin HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "405 Method Not Allowed")]
        [InlineData("POST /report HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}", "405 Method Not Allowed")]
        [InlineData("GET /a/b%20c.bin HTTP/1.1\r\nContent-Length: rubbish\r\n\r\n", "400 Bad Request")]
        [InlineData("rubbish\r\n\r\n", "400 Bad Request")]
        public async Task Other_requests_get_a_fitting_answer_without_a_body(string request, string status)
        {
            string answer = await RawRequest.SendAsync(_server.Url, request);
            Assert.StartsWith($"HTTP/1.1 {status}\r\n", answer);
            Assert.EndsWith("\r\n\r\n", answer);
        }

        [Theory]
        [InlineData("in.bin", true)]
        [InlineData("sub/in.bin", true)]
        [InlineData("sub/../in.bin", true)]
        [InlineData("", false)]
        [InlineData("sub", false)]
        [InlineData("../out.bin", false)]
        [InlineData("../served-too/out.bin", false)]
        [InlineData("in.bin\0", false)]
        [InlineData(".secret/in.bin", false)]
        [InlineData("sub/.in.bin", false)]
        [InlineData("/etc/passwd", false)]
        public void Only_what_lies_in_the_folder_is_served(string path, bool found)
        {
            DirectoryInfo top = Directory.CreateTempSubdirectory("nanoota-tests");
            try
            {
                string served = Path.Combine(top.FullName, "served");
                foreach (string file in new[] { "served/in.bin", "served/sub/in.bin", "served/.secret/in.bin", "served/sub/.in.bin", "out.bin", "served-too/out.bin" })
                {
                    Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(top.FullName, file))!);
                    File.WriteAllBytes(Path.Combine(top.FullName, file), _file);
                }

                Assert.Equal(found ? _file : null, FileServer.Folder(served)(path));
            }
            finally
            {
                top.Delete(recursive: true);
            }
        }
    }
}
