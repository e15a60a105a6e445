using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.Hub
{
    /// <summary>
    /// Files over HTTP for a whole fleet in one process: each image is fetched once and then in memory, manifests again after some
    /// seconds. What devices do with what they read is their own code's affair.
    /// </summary>
    public sealed class CachedFiles : IDisposable
    {
        private static readonly TimeSpan _manifestLife = TimeSpan.FromSeconds(2);

        private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(30) };
        private readonly ConcurrentDictionary<string, Lazy<Entry>> _files = new();

        /// <summary>Bytes that devices read, however often each.</summary>
        public long BytesRead => Interlocked.Read(ref _bytesRead);

        private long _bytesRead;

        /// <summary>A device's way to the files.</summary>
        public IImageSource Connect() => new Connection(this);

        /// <inheritdoc/>
        public void Dispose() => _http.Dispose();

        private Entry Find(string url)
        {
            while (true)
            {
                Lazy<Entry> file = _files.GetOrAdd(url, _ => new Lazy<Entry>(() => Fetch(url)));
                Entry entry = file.Value;
                bool isImage = entry.Result == ResultCode.None && Path.GetExtension(url.Split('?')[0]) is ".bin" or ".enc";
                if (isImage || Stopwatch.GetElapsedTime(entry.Fetched) < _manifestLife)
                {
                    return entry;
                }

                _files.TryRemove(KeyValuePair.Create(url, file));
            }
        }

        private Entry Fetch(string url)
        {
            try
            {
                using HttpResponseMessage answer = _http.Send(new HttpRequestMessage(HttpMethod.Get, url));
                ResultCode result = answer.StatusCode switch
                {
                    HttpStatusCode.OK => ResultCode.None,
                    HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => ResultCode.AccessDenied,
                    HttpStatusCode.NotFound => ResultCode.NotFound,
                    _ => ResultCode.ServerError,
                };
                using var bytes = new MemoryStream();
                answer.Content.ReadAsStream().CopyTo(bytes);
                byte[] content = bytes.ToArray();
                return new Entry(result, content, Crc32.Ieee(content), Stopwatch.GetTimestamp());
            }
            catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException or InvalidOperationException or UriFormatException)
            {
                return new Entry(ResultCode.Unreachable, [], 0, Stopwatch.GetTimestamp());
            }
        }

        private sealed record Entry(ResultCode Result, byte[] Content, uint Tag, long Fetched);

        private sealed class Connection(CachedFiles files) : IImageSource
        {
            private byte[] _content = [];
            private int _at;

            public int Length { get; private set; }

            public int Offset { get; private set; }

            public uint Tag { get; private set; }

            public int RetryAfter => 0;

            public ResultCode Open(string url, int offset, int count)
            {
                Entry entry = files.Find(url);
                if (entry.Result != ResultCode.None)
                {
                    return entry.Result;
                }

                _content = entry.Content;
                Offset = _at = offset;
                Length = _content.Length;
                Tag = entry.Tag;
                return offset < _content.Length ? ResultCode.None : ResultCode.RangeMismatch;
            }

            public ResultCode Read(byte[] buffer, int offset, int count, out int read)
            {
                read = Math.Min(count, _content.Length - _at);
                _content.AsSpan(_at, read).CopyTo(buffer.AsSpan(offset));
                _at += read;
                Interlocked.Add(ref files._bytesRead, read);
                return ResultCode.None;
            }

            public void Close()
            {
                _content = [];
            }
        }
    }
}
