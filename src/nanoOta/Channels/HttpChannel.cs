// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;
using System.Text;

namespace nanoOta
{
    /// <summary>
    /// The channel without a cloud: a manifest at a URL, looked at now and then. What the manifest says is the update request. A server that
    /// wants reports says where to by the header <c>Nanoota-Report</c>, a path on the manifest's host (docs/lan.md).
    /// </summary>
    public sealed class HttpChannel : IUpdateChannel
    {
        private const int TriesToSaySo = 6;
        private const int ReportMilliseconds = 10000;

        private readonly string _url;
        private readonly IImageSource _source;
        private readonly HttpImageSource _http;
        private readonly Backoff _period;
        private readonly Backoff _retries;
        private byte[] _document;
        private int _length;
        private uint _tag;
        private string _reportUrl;
        private byte[] _report;
        private long _due;
        private long _reportDue;

        /// <summary>Makes a channel.</summary>
        /// <param name="url">The manifest's absolute URL.</param>
        /// <param name="source">Fetches it; not the agent's own source, which may be busy. Only an <see cref="HttpImageSource"/> reports.</param>
        /// <param name="periodSeconds">The time between two looks; it varies by a quarter either way.</param>
        /// <param name="deviceId">What tells this device from others, for that variation and for the server; printable ASCII.</param>
        public HttpChannel(string url, IImageSource source, int periodSeconds, string deviceId)
        {
            _url = url;
            _source = source;
            _http = source as HttpImageSource;
            if (_http != null)
            {
                _http.DeviceId = deviceId;
            }

            uint seed = Crc.Of(deviceId);
            _period = new Backoff(periodSeconds * 1000L, periodSeconds * 1000L, seed);
            _retries = new Backoff(5000, periodSeconds * 1000L, seed);
        }

        /// <inheritdoc/>
        public UpdateOffer Offer { get; private set; }

        /// <inheritdoc/>
        public int Answers { get; private set; }

        /// <inheritdoc/>
        public bool IsReported => _report == null || _reportUrl == null;

        /// <inheritdoc/>
        public long Step(long now)
        {
            bool mayReport = _document == null && !IsReported;
            if (mayReport && now >= _reportDue)
            {
                Send(now);
                return now;
            }

            if (now < _due)
            {
                return mayReport && _reportDue < _due ? _reportDue : _due;
            }

            ResultCode code = _document == null ? Open() : Read();
            if (code == ResultCode.Pending)
            {
                return now;
            }

            _document = null;
            _source.Close();
            if (code == ResultCode.None)
            {
                _retries.Succeeded();
                Answers++;
                _due = now + _period.Failed(0);
            }
            else
            {
                _due = now + _retries.Failed(_source.RetryAfter);
                if (Offer == null && (!DownloadErrors.IsWorthRetrying(code) || _retries.Failures >= TriesToSaySo))
                {
                    // There may be an update request, and this is why it is not known.
                    Offer = new UpdateOffer();
                    Offer.Code = code;
                }
            }

            return IsReported ? _due : now;
        }

        /// <inheritdoc/>
        public void Report(UpdateStatus status)
        {
            _report = Encoding.UTF8.GetBytes(StatusReport.ToJson(status));
        }

        /// <inheritdoc/>
        public void Pause()
        {
            _source.Close();
            _document = null;
        }

        private void Send(long now)
        {
            ResultCode code = _http.Post(_reportUrl, _report);
            if (DownloadErrors.IsWorthRetrying(code))
            {
                _reportDue = now + _retries.Failed(_source.RetryAfter);
            }
            else
            {
                // Taken, or never to be taken.
                _report = null;
                _reportDue = now + ReportMilliseconds;
            }
        }

        private ResultCode Open()
        {
            ResultCode code = _source.Open(_url, 0, 0);
            if (code != ResultCode.None)
            {
                return code;
            }

            if (_http != null)
            {
                string report = _http.Header("Nanoota-Report");
                _reportUrl = Url.IsReference(report) && report[0] == '/' ? Url.Resolve(_url, report) : null;
            }

            if (_tag != 0 && _source.Tag == _tag)
            {
                return ResultCode.None;
            }

            _document = new byte[UpdateManifest.MaxLength + 1];
            _length = 0;
            return ResultCode.Pending;
        }

        private ResultCode Read()
        {
            if (_length < _document.Length)
            {
                ResultCode code = _source.Read(_document, _length, _document.Length - _length, out int read);
                _length += read;
                if (code != ResultCode.None || read > 0)
                {
                    return code == ResultCode.None ? ResultCode.Pending : code;
                }
            }

            _tag = _source.Tag;
            if (_http != null)
            {
                _http.Known = _http.Header("ETag");
            }

            UpdateOffer offer = new UpdateOffer();
            offer.Url = _url;
            offer.Document = new byte[_length];
            Array.Copy(_document, 0, offer.Document, 0, _length);
            offer.Digest = new byte[Sha256.DigestLength];
            Sha256 hash = new Sha256();
            hash.Append(_document, 0, _length);
            hash.Finish(offer.Digest, 0);
            Offer = offer;
            return ResultCode.None;
        }
    }
}
