// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;
using System.Text;

namespace nanoOta
{
    /// <summary>
    /// The channel without a cloud: a document at a URL, polled at an interval. It is a manifest, which is the update request then, or an
    /// update request as in a twin's desired properties, with percentage, window and start. A server that wants reports says where to by
    /// the header <c>Nanoota-Report</c>, a path on the document's host.
    /// </summary>
    public sealed class HttpChannel : IUpdateChannel
    {
        private const int TriesToSaySo = 6;
        private const int ReportMilliseconds = 10000;
        private const int BusyMilliseconds = 1000;

        // A document of 4 KiB at 34 bytes a second. Each read alone may take the source's time-out: a server that sends byte after byte would have
        // the session for hours.
        private const int DocumentMilliseconds = 120000;

        private readonly UpdateAgentOptions _options;
        private readonly string _url;
        private readonly IImageSource _source;
        private readonly HttpImageSource _http;
        private readonly Backoff _interval;
        private readonly Backoff _retries;
        private byte[] _document;
        private int _length;
        private string _reportUrl;
        private byte[] _report;
        private long _due;
        private long _documentBy;
        private long _reportDue;

        /// <summary>Makes a channel.</summary>
        /// <param name="options">The agent's options.</param>
        /// <param name="url">The absolute URL of a manifest or an update request.</param>
        /// <param name="source">Fetches it; not the agent's own source, which may be busy. Only an <see cref="HttpImageSource"/> reports.</param>
        /// <param name="intervalSeconds">The time between two checks; it varies by a quarter either way.</param>
        public HttpChannel(UpdateAgentOptions options, string url, IImageSource source, int intervalSeconds)
        {
            _options = options;
            _url = url;
            _source = source;
            _http = source as HttpImageSource;
            if (_http != null)
            {
                _http.DeviceId = options.DeviceId;
            }

            uint seed = Crc.Of(options.DeviceId);
            _interval = new Backoff(intervalSeconds * 1000L, intervalSeconds * 1000L, seed);
            _retries = new Backoff(5000, intervalSeconds * 1000L, seed);
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

            if (!_options.Session.Take(this, long.MaxValue))
            {
                return now + BusyMilliseconds;
            }

            ResultCode code = _document == null ? Open(now) : now >= _documentBy ? ResultCode.TooSlow : Read();
            if (code == ResultCode.Pending)
            {
                return now;
            }

            Pause();
            if (code == ResultCode.None)
            {
                _retries.Succeeded();
                Answers++;
                _due = now + _interval.Failed(0);
            }
            else
            {
                _due = now + _retries.Failed(_source.RetryAfter);
                if (Offer == null && _retries.Failures >= TriesToSaySo)
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
        public void CheckNow()
        {
            _due = 0;
        }

        /// <inheritdoc/>
        public void Pause()
        {
            _source.Close();
            _document = null;
            _options.Session.Release(this);
        }

        private void Send(long now)
        {
            if (!_options.Session.Take(this, long.MaxValue))
            {
                _reportDue = now + BusyMilliseconds;
                return;
            }

            ResultCode code = _http.Post(_reportUrl, _report);
            _options.Session.Release(this);
            if (code != ResultCode.None && code != ResultCode.AccessDenied && code != ResultCode.NotFound)
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

        private ResultCode Open(long now)
        {
            ResultCode code = _source.Open(_url, 0, 0);
            if (code != ResultCode.None)
            {
                return code;
            }

            if (_http != null)
            {
                string report = _http.Header("Nanoota-Report");
                report = Url.IsReference(report) && report[0] == '/' ? Url.Resolve(_url, report) : null;
                _reportUrl = report != null && Url.IsSameOrigin(report, _url) ? report : null;
            }

            _document = new byte[UpdateManifest.MaxLength + 1];
            _documentBy = now + DocumentMilliseconds;
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

                if (_source.Length >= 0 && _length != _source.Length)
                {
                    return ResultCode.ConnectionLost;
                }
            }

            if (IsRequest(out string folder))
            {
                Offer = Request(folder);
                return ResultCode.None;
            }

            UpdateOffer offer = new UpdateOffer();
            offer.Url = _url;
            offer.Document = new byte[_length];
            Array.Copy(_document, 0, offer.Document, 0, _length);
            offer.Digest = Sha256.Of(_options.Hasher, _document, 0, _length);
            Offer = offer;
            return ResultCode.None;
        }

        // An update request names updateVersion, be it null, and no schema. What is not JSON is for the manifest's reader to refuse.
        private bool IsRequest(out string folder)
        {
            folder = null;
            bool isRequest = false;
            JsonReader json = new JsonReader(_document, 0, _length);
            if (json.Read() != JsonToken.ObjectStart)
            {
                return false;
            }

            string name;
            while ((name = json.ReadMember(1)) != null)
            {
                if (name == "schema")
                {
                    return false;
                }

                isRequest |= name == "updateVersion" || name == "update";
                if (name == "updateFolder" && json.Token != JsonToken.Null)
                {
                    folder = json.Token == JsonToken.String ? json.GetString() : "//";
                }
            }

            return isRequest && json.Error == JsonError.None;
        }

        // Null: nothing is requested. Without a container of its own, the files lie beside the document, or in a folder there.
        private UpdateOffer Request(string folder)
        {
            JsonReader json = new JsonReader(_document, 0, _length);
            json.Read();
            UpdateOffer offer = PlainOffer.Read(json, out _);
            if (offer == null)
            {
                return null;
            }

            if (offer.Manifest != null)
            {
                // A twin vouches for the hash that it brings; this server need not be who it says it is.
                offer = new UpdateOffer();
                offer.Code = ResultCode.OfferMalformed;
            }
            else if (!Url.IsHttps(_url) && _options.Verifier == null && !_options.AllowUnsignedHttp)
            {
                // Whoever is on the way could name a server of their own, whose certificate is in order.
                offer.Code = ResultCode.InsecureTransport;
            }
            else if (offer.Url == null)
            {
                string reference = folder == null ? "./" : folder.EndsWith("/") ? folder : folder + "/";
                string url = Url.IsReference(reference) ? Url.Resolve(_url, reference) : null;
                bool isHere = url != null && Url.IsSameOrigin(url, _url);
                offer.Url = isHere ? url : null;
                offer.Token = offer.Token == null ? Url.QueryOf(_url) : offer.Token;
                if (!isHere && offer.Code == ResultCode.None)
                {
                    offer.Code = ResultCode.UrlMalformed;
                }
            }

            return offer;
        }
    }
}
