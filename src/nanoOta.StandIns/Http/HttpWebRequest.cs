using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using nanoOta.StandIns;

namespace System.Net
{
    /// <summary>
    /// A request over HTTP/1.1, one connection each. The device also pools connections when <see cref="KeepAlive"/> is
    /// true, and then gives out one whose last response was not read to its end: set it to false. Here it only says so
    /// in the header.
    /// </summary>
    public class HttpWebRequest : WebRequest
    {
        private const string RangeHeader = "Range";

        private WebHeaderCollection _headers = new(isRestricted: true);
        private Connection? _connection;
        private ResponseReader? _reader;
        private string _method = "GET";
        private long _contentLength = -1;
        private int _timeout = 100_000;
        private int _readWriteTimeout = 5 * 60_000;
        private int _maximumResponseHeadersLength = 4;
        private bool _isSent;
        private bool _hasResponse;

        internal HttpWebRequest(Uri url)
        {
            RequestUri = url;
        }

        /// <inheritdoc/>
        public override Uri RequestUri { get; }

        /// <summary>False: the Location of a redirect is for the caller to read.</summary>
        public bool AllowAutoRedirect => false;

        /// <summary>The Accept header.</summary>
        public string? Accept
        {
            get => _headers["Accept"];
            set => SetHeader("Accept", value);
        }

        /// <inheritdoc/>
        public override string? ContentType
        {
            get => _headers["Content-Type"];
            set => SetHeader("Content-Type", value);
        }

        /// <summary>The User-Agent header; none at first.</summary>
        public string? UserAgent
        {
            get => _headers["User-Agent"];
            set => SetHeader("User-Agent", value);
        }

        /// <summary>Bytes of the body to send; -1 at first.</summary>
        public override long ContentLength
        {
            get => _contentLength;
            set
            {
                EnsureNotSent();
                ArgumentOutOfRangeException.ThrowIfNegative(value);
                _contentLength = value;
            }
        }

        /// <summary>The headers to send. To set them copies them.</summary>
        /// <exception cref="ArgumentException">One of them is restricted.</exception>
        public override WebHeaderCollection Headers
        {
            get => _headers;
            set
            {
                EnsureNotSent();
                WebHeaderCollection copy = new(isRestricted: true);
                foreach (string name in value.AllKeys)
                {
                    copy.Add(name, value[name]);
                }

                _headers = copy;
            }
        }

        /// <summary>Trusted roots besides those of the device's store; null for those alone.</summary>
        public X509Certificate? HttpsAuthentCert { get; set; }

        /// <summary>Which header to send: <c>keep-alive</c> at first.</summary>
        public bool KeepAlive { get; set; } = true;

        /// <summary>KiB of all response headers together, -1 without bound.</summary>
        public int MaximumResponseHeadersLength
        {
            get => _maximumResponseHeadersLength;
            set => _maximumResponseHeadersLength = value is > 0 or -1 ? value : throw new ArgumentOutOfRangeException();
        }

        /// <inheritdoc/>
        public override string Method
        {
            get => _method;
            set => _method = string.IsNullOrEmpty(value) || value.IndexOfAny([' ', '\r', '\t', '\n']) >= 0
                ? throw new ArgumentException(string.Empty)
                : value;
        }

        /// <summary>Milliseconds for each single read and write, -1 without bound; 5 minutes at first.</summary>
        public int ReadWriteTimeout
        {
            get => _readWriteTimeout;
            set
            {
                EnsureNotSent();
                _readWriteTimeout = value is > 0 or -1 ? value : throw new ArgumentOutOfRangeException();
            }
        }

        /// <summary>Versions of TLS; none means 1.3 on firmware of today.</summary>
        public SslProtocols SslProtocols { get; set; }

        /// <summary>0 at first, and then as for everything but CertificateRequired any server is accepted.</summary>
        public SslVerification SslVerification { get; set; }

        /// <summary>
        /// Milliseconds for the head of the response alone, -1 without bound; 100 s at first. Neither look-up, connection
        /// and TLS handshake nor the body are covered.
        /// </summary>
        public override int Timeout
        {
            get => _timeout;
            set => _timeout = value >= -1 ? value : throw new ArgumentOutOfRangeException();
        }

        /// <summary>Asks for the bytes from one position to another, both included. Twice asks for two ranges.</summary>
        public void AddRange(int from, int to)
        {
            if (from < 0 || from > to)
            {
                throw new ArgumentOutOfRangeException();
            }

            AddRange($"{from}-{to}");
        }

        /// <summary>Asks for the bytes from a position on or, when negative, for so many last ones.</summary>
        public void AddRange(int range) => AddRange(range < 0 ? $"{range}" : $"{range}-");

        /// <summary>
        /// Connects, sends the head and gives the stream for the body. The stream is the connection: to close it before
        /// <see cref="GetResponse"/> loses the response. Failures are not wrapped here.
        /// </summary>
        /// <exception cref="ProtocolViolationException">GET or HEAD, or a PUT or POST without ContentLength.</exception>
        public override Stream GetRequestStream()
        {
            if (_method is "GET" or "HEAD" || (_method is "PUT" or "POST" && _contentLength == -1))
            {
                throw new ProtocolViolationException();
            }

            Send();
            return new ResponseStream(_reader!, -1, isChunked: false);
        }

        /// <summary>Sends the request, unless that is done, and reads the head of the response, whatever its status.</summary>
        /// <exception cref="WebException">Whatever happens: the cause is the inner exception, the status is 0.</exception>
        public override WebResponse GetResponse()
        {
            try
            {
                if (!_isSent)
                {
                    Send();
                }

                using Deadline deadline = new(_connection!, _timeout);
                int maxLength = _maximumResponseHeadersLength == -1 ? int.MaxValue : _maximumResponseHeadersLength * 1024;
                ResponseHead head = ResponseHead.Read(_reader!, maxLength);
                if (head.StatusCode == (int)HttpStatusCode.Continue)
                {
                    // Once only, and no other interim response is skipped.
                    head = ResponseHead.Read(_reader!, maxLength);
                }

                _hasResponse = true;
                return new HttpWebResponse(_method, RequestUri, head, _reader!);
            }
            catch (Exception cause)
            {
                _connection?.Dispose();
                throw new WebException("The request failed.", cause);
            }
        }

        /// <inheritdoc/>
        protected override void Dispose(bool disposing)
        {
            if (!_hasResponse)
            {
                _connection?.Dispose();
            }
        }

        private void AddRange(string range)
        {
            _headers.AddUnchecked(RangeHeader, _headers[RangeHeader] is null ? "bytes=" + range : range);
        }

        private void SetHeader(string name, string? value)
        {
            value = HeaderRules.CheckValue(value);
            _headers.RemoveUnchecked(name);
            if (value.Length > 0)
            {
                _headers.AddUnchecked(name, value);
            }
        }

        private void EnsureNotSent()
        {
            if (_isSent)
            {
                throw new InvalidOperationException();
            }
        }

        private void Send()
        {
            _connection = Connection.Open(RequestUri, SslProtocols, SslVerification, HttpsAuthentCert);
            _connection.ReadTimeout = _connection.WriteTimeout = _readWriteTimeout;
            _reader = new ResponseReader(_connection);
            if (_contentLength >= 0)
            {
                _headers.SetUnchecked("Content-Length", _contentLength.ToString());
            }

            _headers.SetUnchecked("Connection", KeepAlive ? "keep-alive" : "close");

            // Without the port, whichever it is.
            _headers.SetUnchecked("Host", RequestUri.Host);
            _isSent = true;
            string line = $"{_method} {RequestUri.PathAndQuery} HTTP/1.1\r\n";
            byte[] head = [.. Encoding.Latin1.GetBytes(line), .. _headers.ToByteArray()];
            _connection.Write(head, 0, head.Length);
            NetworkMeter.CountRequest();
        }
    }
}
