// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

namespace nanoOta
{
    /// <summary>The work of Resolve: turns the offer in hand into a manifest that is known to be genuine and fit for this device.</summary>
    internal sealed class Resolver
    {
        private readonly UpdateContext _context;
        private readonly IManifestVerifier _verifier;
        private string _keyList;
        private string _url;
        private bool _open;
        private bool _whole;
        private int _length;
        private long _retryAt;

        internal Resolver(UpdateContext context)
        {
            _context = context;
            _verifier = context.Options.Verifier;
        }

        internal void Begin()
        {
            _keyList = _verifier == null ? null : _verifier.KeyListName;
            _url = null;
            _whole = false;
            _retryAt = 0;
            _context.Manifest = null;
            _context.Backoff.Succeeded();
        }

        /// <summary>Gives up the connection, which an update request that goes away leaves open.</summary>
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
                if (_verifier != null && !offer.IsSigned)
                {
                    return ResultCode.SignatureMissing;
                }

                _context.Manifest = offer.Manifest;
                System.Array.Copy(offer.Digest, 0, _context.Digest, 0, Sha256.DigestLength);
                return Gates.Judge(_context);
            }

            ResultCode code = _url == null ? Locate(offer) : ResultCode.None;
            if (code != ResultCode.None)
            {
                return code;
            }

            if (now < _retryAt)
            {
                return _context.Until(_retryAt);
            }

            code = _whole ? Judge() : Fetch(offer);
            if (code == ResultCode.None)
            {
                return Gates.Judge(_context);
            }

            if (_keyList != null && (code == ResultCode.NotFound || code == ResultCode.AccessDenied))
            {
                // There is no list of keys: servers that do not let us see what is there deny access instead.
                code = Next();
            }

            if (code == ResultCode.Pending)
            {
                return _context.Until(now);
            }

            Close();

            // A body without a length that ends too early looks whole.
            bool cutShort = _whole && offer.Document == null && _context.Source.Length < 0
                && (code == ResultCode.ManifestMalformed || code == ResultCode.SignatureMalformed || code == ResultCode.SignatureInvalid);
            _whole = false;
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

            if (!Url.IsHttps(offer.Url) && _verifier == null && !_context.Options.AllowUnsignedHttp)
            {
                return ResultCode.InsecureTransport;
            }

            string url = _context.UrlOf(_keyList != null ? _keyList
                : offer.Version == null ? offer.Url : offer.Version.FileStem + (_verifier == null ? ".json" : ".jws"));
            if (url.Length > Url.MaxLength)
            {
                return ResultCode.UrlMalformed;
            }

            _url = url;
            return ResultCode.None;
        }

        // One step of fetching the list of keys or the manifest into the buffer.
        private ResultCode Fetch(UpdateOffer offer)
        {
            IImageSource source = _context.Source;
            byte[] document = _keyList == null ? offer.Document : null;
            if (document != null)
            {
                _length = document.Length;
                if (_length > UpdateManifest.MaxLength)
                {
                    return ResultCode.ManifestTooLarge;
                }

                System.Array.Copy(document, 0, _context.Buffer, 0, _length);
                return Complete();
            }

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
            return Complete();
        }

        private ResultCode Complete()
        {
            _whole = true;
            if (_verifier == null)
            {
                return Judge();
            }

            _verifier.Begin(_context.Buffer, _length, _keyList != null);
            return ResultCode.Pending;
        }

        // After the list of keys: the manifest.
        private ResultCode Next()
        {
            Close();
            _keyList = null;
            _url = null;
            _whole = false;
            return ResultCode.Pending;
        }

        // One step of judging what is whole in the buffer.
        private ResultCode Judge()
        {
            if (_verifier != null)
            {
                ResultCode code = _verifier.Step(out _length);
                if (code != ResultCode.None)
                {
                    return code;
                }

                if (_keyList != null)
                {
                    return Next();
                }
            }

            _context.Hash.Reset();
            _context.Hash.Append(_context.Buffer, 0, _length);
            _context.Hash.Finish(_context.Digest, 0);
            return ManifestReader.Read(_context.Buffer, 0, _length, out _context.Manifest);
        }
    }
}
