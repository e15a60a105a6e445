// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;
using System.IO;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace nanoOta
{
    /// <summary>
    /// Fetches files over HTTP(S) with <c>HttpWebRequest</c>: the one client of nanoFramework that can stream a body of any length
    /// and ask for a range. A certificate is always required and verified; redirects are followed within limits.
    /// </summary>
    public sealed class HttpImageSource : IImageSource
    {
        private const int MaxRedirects = 8;

        // Headers of one answer, in KiB; and the longest line that the client reads, in characters.
        private const int MaxHeaderKilobytes = 16;
        private const int MaxHeaderLine = 4000;

        private readonly UpdateAgentOptions _options;
        private readonly X509Certificate _certificate;
        private HttpWebResponse _response;
        private Stream _body;
        private long _remaining;

        /// <summary>Makes a source.</summary>
        /// <param name="options">The agent's options: the hosts that a redirect may lead to.</param>
        /// <param name="certificate">The root certificate that servers are verified with; null: the device's own store.</param>
        public HttpImageSource(UpdateAgentOptions options, X509Certificate certificate)
        {
            _options = options;
            _certificate = certificate;
        }

        /// <summary>How long to wait for an answer and for each read, in milliseconds. Name resolution and the TLS handshake come on top.</summary>
        public int Timeout = 15000;

        /// <summary>Who asks, sent as <c>Nanoota-Device</c>; null: not said. For a channel's own source: not every server of files need know.</summary>
        internal string DeviceId;

        /// <inheritdoc/>
        public int Length { get; private set; }

        /// <inheritdoc/>
        public int Offset { get; private set; }

        /// <inheritdoc/>
        public uint Tag { get; private set; }

        /// <inheritdoc/>
        public int RetryAfter { get; private set; }

        /// <inheritdoc/>
        public ResultCode Open(string url, int offset, int count)
        {
            Close();
            RetryAfter = 0;
            for (int redirects = 0; ; redirects++)
            {
                ResultCode code = Request(url, offset, count, null);
                if (code != ResultCode.None)
                {
                    return code;
                }

                int status = (int)_response.StatusCode;
                if (IsHeadCut(status))
                {
                    Close();
                    return ResultCode.BadResponse;
                }

                bool redirect = (status >= 301 && status <= 303) || status == 307 || status == 308;
                if (!redirect)
                {
                    code = Judge(status, offset, count);
                    if (code != ResultCode.None)
                    {
                        Close();
                    }

                    return code;
                }

                string location = _response.Headers["Location"];
                Close();
                if (redirects == MaxRedirects)
                {
                    return ResultCode.TooManyRedirects;
                }

                string target = location == null ? null : Url.Resolve(url, location);
                if (target != null && target.Length > Url.MaxLength)
                {
                    return ResultCode.RedirectTooLong;
                }

                if (!Url.IsAbsolute(target) || !MayRedirect(url, target))
                {
                    return ResultCode.RedirectRefused;
                }

                url = target;
            }
        }

        /// <inheritdoc/>
        public ResultCode Read(byte[] buffer, int offset, int count, out int read)
        {
            read = 0;
            long began = Environment.TickCount64;
            if (_remaining >= 0 && count > _remaining)
            {
                // The client would hand out what a server sends beyond the length it announced.
                count = (int)_remaining;
            }

            if (count == 0)
            {
                return ResultCode.None;
            }

            try
            {
                read = _body.Read(buffer, offset, count);
            }
            catch (Exception)
            {
                return CodeFor(began, ResultCode.ConnectionLost);
            }

            // The stream ends alike at the announced length and when the connection does before it.
            bool announced = _remaining > 0;
            _remaining -= announced ? read : 0;
            return read == 0 && announced ? ResultCode.ConnectionLost : ResultCode.None;
        }

        /// <inheritdoc/>
        public void Close()
        {
            if (_body != null)
            {
                _body.Dispose();
                _body = null;
            }

            if (_response != null)
            {
                _response.Dispose();
                _response = null;
            }
        }

        /// <summary>Posts a JSON document, and drops what is answered.</summary>
        /// <returns><see cref="ResultCode.None"/> when it was taken, or one of the download's codes.</returns>
        internal ResultCode Post(string url, byte[] body)
        {
            Close();
            RetryAfter = 0;
            ResultCode code = Request(url, 0, 0, body);
            if (code == ResultCode.None)
            {
                int status = (int)_response.StatusCode;
                code = status >= 200 && status < 300 ? ResultCode.None : Judge(status, 0, 0);
            }

            Close();
            return code;
        }

        /// <summary>A header of the open answer; null when it has none of that name.</summary>
        internal string Header(string name)
        {
            return _response.Headers[name];
        }

        private ResultCode Request(string url, int offset, int count, byte[] body)
        {
            long began = Environment.TickCount64;
            try
            {
                HttpWebRequest request = (HttpWebRequest)WebRequest.Create(url);
                request.Method = body == null ? "GET" : "POST";
                request.UserAgent = "nanoOta";
                request.KeepAlive = false;
                request.MaximumResponseHeadersLength = MaxHeaderKilobytes;
                request.Timeout = Timeout;
                request.ReadWriteTimeout = Timeout;

                // The default verifies nothing.
                request.SslProtocols = SslProtocols.Tls12;
                request.SslVerification = SslVerification.CertificateRequired;
                request.HttpsAuthentCert = _certificate;
                if (count > 0)
                {
                    request.AddRange(offset, offset + count - 1);
                }
                else if (offset > 0)
                {
                    request.AddRange(offset);
                }

                if (DeviceId != null)
                {
                    request.Headers.Add("Nanoota-Device", DeviceId);
                }

                if (body != null)
                {
                    // The stream is the connection: to close it would lose the answer.
                    request.ContentType = "application/json";
                    request.ContentLength = body.Length;
                    request.GetRequestStream().Write(body, 0, body.Length);
                }

                _response = (HttpWebResponse)request.GetResponse();
                return ResultCode.None;
            }
            catch (Exception e)
            {
                // A line that is too long is the one thing of which the client tells the cause.
                WebException cause = e.InnerException as WebException;
                bool isLong = cause != null && cause.Status == WebExceptionStatus.ServerProtocolViolation;
                return isLong ? ResultCode.BadResponse : CodeFor(began, ResultCode.Unreachable);
            }
        }

        // What the client cannot read of a head it drops, with all that follows, and takes the rest for the body. It leaves no status
        // and no headers of an unreadable status line; so much that the next line may have been too much; or a length that is none.
        private bool IsHeadCut(int status)
        {
            WebHeaderCollection headers = _response.Headers;
            if (status < 100 || headers == null)
            {
                return true;
            }

            int length = 0;
            string[] names = headers.AllKeys;
            for (int i = 0; i < names.Length; i++)
            {
                length += names[i].Length + headers[names[i]].Length + 2;
            }

            return length > MaxHeaderKilobytes * 1024 - MaxHeaderLine || (headers["Content-Length"] != null && _response.ContentLength < 0);
        }

        // The client's exceptions do not tell a time-out from a refusal: their status is always the same. The time taken does.
        private ResultCode CodeFor(long began, ResultCode otherwise)
        {
            return Environment.TickCount64 - began >= Timeout ? ResultCode.TimedOut : otherwise;
        }

        private ResultCode Judge(int status, int offset, int count)
        {
            _remaining = _response.ContentLength;
            Length = (int)_remaining;
            Offset = 0;
            string tag = _response.Headers["ETag"];
            Tag = Crc.Of(tag != null ? tag : _response.Headers["Last-Modified"]);

            // Where nothing tells how the body ends, the client has dropped headers. (With HTTP/1.0 it ends with the connection.)
            if ((status == 200 || status == 206) && _remaining < 0 && _response.Headers["Transfer-Encoding"] == null
                && _response.Headers["Connection"] == null && _response.ProtocolVersion.Minor != 0)
            {
                return ResultCode.BadResponse;
            }

            switch (status)
            {
                case 200:
                    break;
                case 206:
                    Offset = offset;
                    if (!ReadContentRange(_response.Headers["Content-Range"], offset, count))
                    {
                        return ResultCode.RangeMismatch;
                    }

                    break;
                case 404:
                case 410:
                    return ResultCode.NotFound;
                case 408:
                    return ResultCode.TimedOut;
                case 425:
                case 429:
                case 503:
                    RetryAfter = ReadSeconds(_response.Headers["Retry-After"]);
                    return ResultCode.ServerBusy;
                default:
                    // Servers that have no ranges say so by any of these.
                    bool isRange = offset + count > 0 && (status == 400 || status == 405 || status == 416 || status == 501);
                    return isRange ? ResultCode.RangeMismatch
                        : status >= 400 && status < 500 ? ResultCode.AccessDenied : ResultCode.ServerError;
            }

            _body = _response.GetResponseStream();
            return ResultCode.None;
        }

        // "bytes 4096-8191/8192", or "/*" when the server does not know the length.
        private bool ReadContentRange(string text, int offset, int count)
        {
            if (text == null || !text.ToLower().StartsWith("bytes "))
            {
                return false;
            }

            int dash = text.IndexOf('-');
            int slash = text.IndexOf('/');
            if (dash < 6 || slash < dash || ReadNumber(text, 6, dash) != offset)
            {
                return false;
            }

            // Of a closed range all must come, and nothing else.
            int last = ReadNumber(text, dash + 1, slash);
            if (last < offset || (count > 0 && (last != offset + count - 1 || (_remaining >= 0 && _remaining != count))))
            {
                return false;
            }

            Length = ReadNumber(text, slash + 1, text.Length);
            return Length > last || text.Substring(slash + 1) == "*";
        }

        private bool MayRedirect(string from, string to)
        {
            if (Url.IsHttps(from) && !Url.IsHttps(to))
            {
                return false;
            }

            return Url.HostOf(from) == Url.HostOf(to) || (_options.AllowedHosts != null && Gates.IsHostAllowed(_options, to));
        }

        // An HTTP date instead of seconds counts as nothing said.
        private static int ReadSeconds(string text)
        {
            int seconds = text == null ? 0 : ReadNumber(text, 0, text.Length);
            return seconds < 0 ? 0 : seconds;
        }

        // A number of up to ten digits that fits an int; -1 when it is none.
        private static int ReadNumber(string text, int start, int end)
        {
            char[] digits = text.Substring(start, end - start).ToCharArray();
            long value = digits.Length > 0 && digits.Length <= 10 ? 0 : -1;
            for (int i = 0; i < digits.Length && value >= 0; i++)
            {
                value = digits[i] >= '0' && digits[i] <= '9' ? value * 10 + (digits[i] - '0') : -1;
            }

            return value <= int.MaxValue ? (int)value : -1;
        }
    }
}
