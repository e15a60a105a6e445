// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

namespace nanoOta
{
    /// <summary>The work of Resolve: turns the offer in hand into a manifest that is known to be genuine and fit for this device.</summary>
    internal sealed class Resolver
    {
        private readonly UpdateContext _context;
        private string _url;
        private bool _open;
        private int _length;
        private long _retryAt;

        internal Resolver(UpdateContext context)
        {
            _context = context;
        }

        internal void Begin()
        {
            _url = null;
            _retryAt = 0;
            _context.Manifest = null;
            _context.Backoff.Succeeded();
        }

        /// <summary>Gives up the connection, which a wish that goes away leaves open.</summary>
        internal void Close()
        {
            if (_open)
            {
                _open = false;
                _context.CloseSource();
            }
        }

        internal ResultCode Step(long now)
        {
            UpdateOffer offer = _context.Offer;
            if (offer.Code != ResultCode.None)
            {
                return offer.Code;
            }

            if (offer.Version != null && offer.Version.CompareTo(_context.Current) == 0)
            {
                return ResultCode.UpToDate;
            }

            if (offer.Manifest != null)
            {
                _context.Manifest = offer.Manifest;
                System.Array.Copy(offer.Digest, 0, _context.Digest, 0, Sha256.DigestLength);
                return Gates.Judge(_context);
            }

            ResultCode code = _url == null ? Locate(offer) : ResultCode.None;
            if (code != ResultCode.None)
            {
                return code;
            }

            if (offer.Document != null)
            {
                code = Read(offer.Document, offer.Document.Length);
                return code == ResultCode.None ? Gates.Judge(_context) : code;
            }

            if (now < _retryAt)
            {
                return _context.Until(_retryAt);
            }

            code = Fetch();
            if (code == ResultCode.None)
            {
                return Gates.Judge(_context);
            }

            if (code == ResultCode.Pending)
            {
                return _context.Until(now);
            }

            Close();

            // A body without a length that ends too early looks whole.
            bool cutShort = code == ResultCode.ManifestMalformed && _context.Source.Length < 0;
            if (!(cutShort || DownloadErrors.IsWorthRetrying(code)) || _context.Backoff.Failures + 1 >= _context.Options.MaxTries)
            {
                return code;
            }

            _retryAt = now + _context.Backoff.Failed(_context.Source.RetryAfter);
            return _context.WaitFor(code, _retryAt);
        }

        // Finds where the manifest lies and whether what comes from there can be trusted.
        private ResultCode Locate(UpdateOffer offer)
        {
            if (offer.Url == null)
            {
                return ResultCode.UrlMissing;
            }

            if (!Url.IsAbsolute(offer.Url))
            {
                return ResultCode.UrlMalformed;
            }

            if (!Gates.IsHostAllowed(_context.Options, offer.Url))
            {
                return ResultCode.HostNotAllowed;
            }

            if (!Url.IsHttps(offer.Url) && !_context.Options.AllowUnsignedHttp)
            {
                return ResultCode.InsecureTransport;
            }

            string url = _context.UrlOf(offer.Version == null ? offer.Url : offer.Version.FileStem + ".json");
            if (url.Length > Url.MaxLength)
            {
                return ResultCode.UrlMalformed;
            }

            _url = url;
            return ResultCode.None;
        }

        // One step of fetching the manifest into the buffer.
        private ResultCode Fetch()
        {
            IImageSource source = _context.Source;
            if (!_open)
            {
                ResultCode opened = _context.OpenSource(_url, 0);
                if (opened != ResultCode.None)
                {
                    return opened;
                }

                _open = true;
                _length = 0;
                return source.Length > UpdateManifest.MaxLength ? ResultCode.ManifestTooLarge : ResultCode.Pending;
            }

            // With the buffer full, one byte more tells a manifest of just the limit from a longer one.
            byte[] buffer = _context.Buffer;
            bool full = _length == buffer.Length;
            byte[] to = full ? new byte[1] : buffer;
            ResultCode code = source.Read(to, full ? 0 : _length, full ? 1 : buffer.Length - _length, out int read);
            if (code != ResultCode.None)
            {
                return code;
            }

            if (read > 0)
            {
                _length += read;
                return full ? ResultCode.ManifestTooLarge : ResultCode.Pending;
            }

            if (source.Length >= 0 && _length != source.Length)
            {
                return ResultCode.ConnectionLost;
            }

            Close();
            return Read(buffer, _length);
        }

        private ResultCode Read(byte[] document, int length)
        {
            _context.Hash.Reset();
            _context.Hash.Append(document, 0, length);
            _context.Hash.Finish(_context.Digest, 0);
            return ManifestReader.Read(document, 0, length, out _context.Manifest);
        }
    }
}
