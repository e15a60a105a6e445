// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;

namespace nanoOta
{
    // State Check: turns the offer in hand into a manifest that is known to be genuine and fit for this device.
    public sealed partial class UpdateAgent
    {
        private readonly IManifestVerifier _verifier;
        private string _keyList;
        private bool _isDocumentWhole;
        private int _documentLength;

        private void BeginCheck()
        {
            _keyList = _verifier == null ? null : _verifier.KeyListName;
            _isDocumentWhole = false;
            _documentLength = 0;
            _context.Manifest = null;
            _context.Tries.Succeeded();
            if (_context.Journal.Record.IsUnreadable)
            {
                // It may be back since the boot; without it, nothing is activated.
                _context.Journal.Load(true);
            }

            // So may a module's record.
            _statuses.SetCurrent();
        }

        private long Check(long now)
        {
            UpdateOffer offer = _context.Offer;
            ResultCode code = offer.Code;
            if (code == ResultCode.None && offer.Version != null && offer.Version.CompareTo(_context.Current) == 0)
            {
                code = ResultCode.UpToDate;
            }

            if (code == ResultCode.None && offer.Manifest == null)
            {
                return LoadManifest(offer, now);
            }

            if (code == ResultCode.None)
            {
                // The channel vouches for it.
                _context.Manifest = offer.Manifest;
                Array.Copy(offer.Digest, 0, _context.Digest, 0, Sha256.DigestLength);
                code = _verifier != null && !offer.IsSigned ? ResultCode.SignatureMissing : Gates.Judge(_context);
            }

            return StepResult.Over(code);
        }

        private long LoadManifest(UpdateOffer offer, long now)
        {
            ResultCode code = CheckLocation();
            if (code != ResultCode.None)
            {
                return StepResult.Over(code);
            }

            code = _isDocumentWhole ? JudgeDocument() : FetchDocument(offer, now);
            if (code == ResultCode.None)
            {
                return StepResult.Over(Gates.Judge(_context));
            }

            if (_keyList != null && (code == ResultCode.NotFound || code == ResultCode.AccessDenied))
            {
                // There is no list of keys: servers that do not let us see what is there deny access instead.
                code = GoOnWithManifest();
            }

            if (code == ResultCode.Pending)
            {
                return StepResult.Until(now);
            }

            // What the channel brought, only the channel can fetch again.
            bool isFetched = _keyList != null || offer.Document == null;
            _isDocumentWhole = false;
            _documentLength = 0;
            return isFetched && RetryRule.IsOfDocument(code) ? _context.TryAgain(code, now) : StepResult.Over(code);
        }

        // Whether what comes from where the manifest lies can be trusted.
        private ResultCode CheckLocation()
        {
            string url = _context.BaseUrl;
            if (url == null)
            {
                return ResultCode.UrlMissing;
            }

            if (!Url.IsAbsolute(url))
            {
                return ResultCode.UrlMalformed;
            }

            if (!Gates.IsHostAllowed(_context.Options, url))
            {
                return ResultCode.HostNotAllowed;
            }

            return Url.IsHttps(url) || _verifier != null || _context.Options.AllowUnsignedHttp
                ? ResultCode.None : ResultCode.InsecureTransport;
        }

        // One step of fetching the list of keys or the manifest into the buffer.
        private ResultCode FetchDocument(UpdateOffer offer, long now)
        {
            IImageSource source = _context.Source;
            byte[] buffer = _context.Buffer;
            if (_keyList == null && offer.Document != null)
            {
                _documentLength = offer.Document.Length;
                if (_documentLength > UpdateManifest.MaxLength)
                {
                    return ResultCode.ManifestTooLarge;
                }

                Array.Copy(offer.Document, 0, buffer, 0, _documentLength);
                return EndDocument();
            }

            if (!_context.IsOpen)
            {
                if (_documentLength > 0)
                {
                    // The time on the network was over before the document was.
                    return ResultCode.TooSlow;
                }

                string url = _context.UrlOf(_keyList != null ? _keyList
                    : offer.Version == null ? _context.BaseUrl : offer.Version.FileStem + (_verifier == null ? ".json" : ".jws"));
                ResultCode opened = url.Length > Url.MaxLength ? ResultCode.UrlTooLong : _context.OpenSource(url, 0, now);
                return opened != ResultCode.None ? opened
                    : source.Length > UpdateManifest.MaxLength ? ResultCode.ManifestTooLarge : ResultCode.Pending;
            }

            // With the buffer full, one byte more tells a manifest of just the limit from a longer one.
            bool full = _documentLength == buffer.Length;
            byte[] to = full ? new byte[1] : buffer;
            ResultCode code = source.Read(to, full ? 0 : _documentLength, full ? 1 : buffer.Length - _documentLength, out int read);
            if (code != ResultCode.None)
            {
                return code;
            }

            if (read > 0)
            {
                _documentLength += read;
                return full ? ResultCode.ManifestTooLarge : ResultCode.Pending;
            }

            if (source.Length >= 0 && _documentLength != source.Length)
            {
                return ResultCode.ConnectionLost;
            }

            _context.CloseSource();
            return EndDocument();
        }

        private ResultCode EndDocument()
        {
            _isDocumentWhole = true;
            if (_verifier == null)
            {
                return JudgeDocument();
            }

            _verifier.Begin(_context.Buffer, _documentLength, _keyList != null);
            return ResultCode.Pending;
        }

        // Nothing is open: the list was read to its end, or refused.
        private ResultCode GoOnWithManifest()
        {
            _keyList = null;
            _isDocumentWhole = false;
            _documentLength = 0;
            return ResultCode.Pending;
        }

        // One step of judging what is whole in the buffer.
        private ResultCode JudgeDocument()
        {
            if (_verifier != null)
            {
                ResultCode code = _verifier.Step(out _documentLength);
                if (code != ResultCode.None)
                {
                    return code;
                }

                if (_keyList != null)
                {
                    return GoOnWithManifest();
                }
            }

            Array.Copy(Sha256.Of(_context.Hasher, _context.Buffer, 0, _documentLength), 0, _context.Digest, 0, Sha256.DigestLength);
            return ManifestReader.Read(_context.Buffer, 0, _documentLength, out _context.Manifest);
        }
    }
}
