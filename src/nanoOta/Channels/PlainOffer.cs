// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

namespace nanoOta
{
    /// <summary>
    /// Reads the plain offer from a twin's desired properties: <c>updateVersion</c> with what may accompany it, or an inline
    /// <c>update</c>. Properties of others are passed over, whatever they hold.
    /// </summary>
    public sealed class PlainOffer
    {
        private const int MaxText = Url.MaxLength;

        private readonly JsonReader _json;
        private readonly UpdateOffer _offer = new UpdateOffer();
        private readonly UpdateManifest _manifest = new UpdateManifest();
        private readonly ManifestComponent _component = new ManifestComponent();
        private string _sas;
        private bool _hasVersion;
        private bool _hasInline;
        private bool _isUrlTooLong;

        private PlainOffer(JsonReader json)
        {
            _json = json;
        }

        /// <summary>Reads the update request from an object of desired properties.</summary>
        /// <param name="json">Stands at the object's start; afterwards at its end, or at an error.</param>
        /// <param name="version">Receives the object's <c>$version</c>; 0 when it has none.</param>
        /// <returns>
        /// The offer, perhaps with a code that says why it cannot be followed; null when there is no update request. When the text itself is
        /// not JSON, the reader stands at its error and the result means nothing.
        /// </returns>
        public static UpdateOffer Read(JsonReader json, out long version)
        {
            PlainOffer reader = new PlainOffer(json);
            version = 0;
            ResultCode code = ResultCode.None;
            string name;
            int depth = json.Depth;
            while ((name = json.ReadMember(depth)) != null)
            {
                if (name == "$version")
                {
                    json.TryGetInt64(out version);
                }
                else if (!reader.ReadProperty(name) && code == ResultCode.None)
                {
                    code = name == "updateVersion" ? ResultCode.VersionMalformed
                        : reader._isUrlTooLong ? ResultCode.UrlTooLong
                        : name == "updateUrl" ? ResultCode.UrlMalformed : ResultCode.OfferMalformed;
                }
            }

            return reader.Finish(code);
        }

        private UpdateOffer Finish(ResultCode code)
        {
            if (!_hasVersion && !_hasInline)
            {
                return null;
            }

            if (_hasVersion && _hasInline)
            {
                code = ResultCode.OfferAmbiguous;
            }
            else if (_hasInline && code == ResultCode.None)
            {
                code = FinishInline();
            }

            _offer.Code = code;
            return _offer;
        }

        // Stands at the property's value; what is not a scalar is passed over by the caller. A null is as good as nothing.
        private bool ReadProperty(string name)
        {
            if (_json.Token == JsonToken.Null)
            {
                return true;
            }

            // Not a switch: see ManifestReader.
            if (name == "updateVersion")
            {
                _hasVersion = true;
                _offer.Version = ReadVersion();
                return _offer.Version != null;
            }

            if (name == "updateUrl")
            {
                return ReadContainer(UrlText());
            }

            if (name == "updateToken")
            {
                return (_offer.Token = Text()) != null;
            }

            if (name == "updateRetry")
            {
                return (_offer.Retry = _json.Token == JsonToken.Number ? _json.GetString() : Text()) != null;
            }

            if (name == "updateAfter")
            {
                return UtcTime.TryParse(Text(), out _offer.After);
            }

            if (name == "updateShare")
            {
                bool isPercentage = _json.TryGetInt64(out long number) && number >= 0 && number <= 100;
                _offer.Percentage = (int)number;
                return isPercentage;
            }

            if (name == "updateWindow")
            {
                return ReadWindow(Text());
            }

            _hasInline |= name == "update";
            return name != "update" || ReadInline();
        }

        // A semantic version, or a bare number N for N.0.0.
        private SemanticVersion ReadVersion()
        {
            return _json.TryGetInt64(out long major) && major >= 0 ? SemanticVersion.Parse(major + ".0.0") : SemanticVersion.Parse(Text());
        }

        // A container's URL may bring its shared access signature along.
        private bool ReadContainer(string url)
        {
            if (url == null)
            {
                return false;
            }

            _offer.Token = _offer.Token == null ? Url.QueryOf(url) : _offer.Token;
            _offer.Url = Url.AsFolder(Url.WithoutQuery(url));
            return true;
        }

        private bool ReadWindow(string text)
        {
            char[] c = text == null ? new char[0] : text.ToCharArray();
            if (c.Length != 11 || c[2] != ':' || c[5] != '-' || c[8] != ':')
            {
                return false;
            }

            _offer.WindowStart = Minute(c, 0);
            _offer.WindowEnd = Minute(c, 6);
            return _offer.WindowStart >= 0 && _offer.WindowEnd >= 0;
        }

        // "22:30" is 1350; -1 when it is no time of day.
        private static int Minute(char[] c, int at)
        {
            int hour = UtcTime.Number(c, at, 2);
            int minute = UtcTime.Number(c, at + 3, 2);
            return hour < 0 || hour > 23 || minute < 0 || minute > 59 ? -1 : hour * 60 + minute;
        }

        private bool ReadInline()
        {
            if (_json.Token != JsonToken.ObjectStart)
            {
                return false;
            }

            bool good = true;
            string name;
            int depth = _json.Depth;
            while ((name = _json.ReadMember(depth)) != null)
            {
                switch (name)
                {
                    case "version":
                        _manifest.Version = ReadVersion();
                        break;
                    case "url":
                        string url = UrlText();
                        good &= url != null;
                        _component.Urls = new string[] { url };
                        break;
                    case "size":
                        good &= _json.TryGetInt64(out long size) && size > 0 && size <= int.MaxValue;
                        _component.Size = (int)size;
                        break;
                    case "sha256":
                        _component.Sha256 = Hex.Parse(Text(), Sha256.DigestLength);
                        break;
                    case "sas":
                        _sas = Text();
                        good &= _sas != null;
                        break;
                }
            }

            return good;
        }

        // An inline update is a manifest of one deployment that the twin itself vouches for.
        private ResultCode FinishInline()
        {
            if (_manifest.Version == null)
            {
                return ResultCode.VersionMalformed;
            }

            if (_component.Urls == null)
            {
                return ResultCode.UrlMissing;
            }

            if (_component.Size == 0 || _component.Sha256 == null)
            {
                return ResultCode.OfferMalformed;
            }

            _component.Id = ManifestComponent.Deployment;
            _component.Version = _manifest.Version;
            _manifest.Components = new ManifestComponent[] { _component };
            _offer.Version = _manifest.Version;
            _offer.Url = _component.Urls[0];

            // Not updateToken, which may be for another host.
            _offer.Token = _sas;
            _offer.Manifest = _manifest;

            // The image's hash is what the update is known by.
            _offer.Digest = _component.Sha256;
            return ResultCode.None;
        }

        // An absolute URL; null when it is none, or too long.
        private string UrlText()
        {
            string url = _json.GetText();
            _isUrlTooLong |= url != null && url.Length > MaxText;
            return Url.IsAbsolute(url) ? url : null;
        }

        private string Text()
        {
            string text = _json.GetText();
            return text != null && text.Length <= MaxText ? text : null;
        }
    }
}
