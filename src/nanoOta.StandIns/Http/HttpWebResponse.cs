using nanoOta.StandIns;

namespace System.Net
{
    /// <summary>The answer to a <see cref="HttpWebRequest"/>, of whatever status.</summary>
    public class HttpWebResponse : WebResponse
    {
        private readonly ResponseHead _head;
        private readonly ResponseReader _reader;

        internal HttpWebResponse(string method, Uri uri, ResponseHead head, ResponseReader reader)
        {
            Method = method;
            ResponseUri = uri;
            _head = head;
            _reader = reader;
        }

        /// <summary>Read as an int: -1 when the header is missing or no such number, and any number the server likes else.</summary>
        public override long ContentLength => _head.ContentLength;

        /// <summary>The Content-Encoding header, or an empty string. The body stays encoded.</summary>
        public string ContentEncoding => GetResponseHeader("Content-Encoding");

        /// <summary>The Content-Type header, or an empty string.</summary>
        public override string ContentType => GetResponseHeader("Content-Type");

        /// <summary>The headers; null when the status line could not be read.</summary>
        public override WebHeaderCollection? Headers => _head.Headers;

        /// <summary>The method of the request.</summary>
        public string Method { get; }

        /// <summary>1.1 or 1.0; null when the status line could not be read.</summary>
        public Version? ProtocolVersion => _head.Version;

        /// <inheritdoc/>
        public override Uri ResponseUri { get; }

        /// <summary>The Server header, or an empty string.</summary>
        public string Server => GetResponseHeader("Server");

        /// <summary>Any number; 0 when the status line could not be read.</summary>
        public HttpStatusCode StatusCode => (HttpStatusCode)_head.StatusCode;

        /// <summary>What follows the status code, with the blank before it.</summary>
        public string? StatusDescription => _head.StatusDescription;

        /// <summary>Closes the connection, kept alive or not.</summary>
        public override void Close() => _reader.Connection.Dispose();

        /// <summary>The value of a header, or an empty string.</summary>
        /// <exception cref="NullReferenceException">The status line could not be read.</exception>
        public string GetResponseHeader(string headerName) => _head.Headers![headerName] ?? string.Empty;

        /// <summary>
        /// The body, for 204 and 304 and HEAD as well. The first stream gets what has arrived with the head; a second one
        /// misses that, and counts its length anew.
        /// </summary>
        public override Stream GetResponseStream() => new ResponseStream(_reader.Split(), _head.BodyLength, _head.IsChunked);
    }
}
