// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;

namespace nanoOta
{
    /// <summary>
    /// The channel without a cloud: a manifest at a URL, looked at now and then. What the manifest says is the wish. Nothing is
    /// reported but to the application.
    /// </summary>
    public sealed class HttpChannel : IUpdateChannel
    {
        private const int TriesToSaySo = 6;

        private readonly string _url;
        private readonly IImageSource _source;
        private readonly Backoff _period;
        private readonly Backoff _retries;
        private byte[] _document;
        private int _length;
        private uint _tag;
        private long _due;

        /// <summary>Makes a channel.</summary>
        /// <param name="url">The manifest's absolute URL.</param>
        /// <param name="source">Fetches it; not the agent's own source, which may be busy.</param>
        /// <param name="periodSeconds">The time between two looks; it varies by a quarter either way.</param>
        /// <param name="deviceId">What tells this device from others, for that variation.</param>
        public HttpChannel(string url, IImageSource source, int periodSeconds, string deviceId)
        {
            _url = url;
            _source = source;
            uint seed = Crc.Of(deviceId);
            _period = new Backoff(periodSeconds * 1000L, periodSeconds * 1000L, seed);
            _retries = new Backoff(5000, periodSeconds * 1000L, seed);
        }

        /// <inheritdoc/>
        public UpdateOffer Offer { get; private set; }

        /// <inheritdoc/>
        public int Answers { get; private set; }

        /// <inheritdoc/>
        public bool IsReported => true;

        /// <inheritdoc/>
        public long Step(long now)
        {
            if (now < _due)
            {
                return _due;
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
                if (Offer == null && (!DownloadErrors.IsWorthRetrying(code) || _retries.Failures == TriesToSaySo))
                {
                    // There may be a wish, and this is why it is not known.
                    Offer = new UpdateOffer();
                    Offer.Code = code;
                }
            }

            return _due;
        }

        /// <inheritdoc/>
        public void Report(UpdateStatus status)
        {
        }

        /// <inheritdoc/>
        public void Pause()
        {
            _source.Close();
            _document = null;
        }

        private ResultCode Open()
        {
            ResultCode code = _source.Open(_url, 0, 0);
            if (code != ResultCode.None)
            {
                return code;
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
