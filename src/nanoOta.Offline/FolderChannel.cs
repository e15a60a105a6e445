// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;

namespace nanoOta
{
    /// <summary>
    /// The channel of a device without a network: the newest update in a folder of an SD card or a USB drive, looked for at an interval. It is
    /// a bundle (<c>*.tar</c>), or a manifest with its files beside it. Who plugs a drive in asks this single device: percentage, window and
    /// minimum interval do not apply.
    /// </summary>
    public sealed class FolderChannel : IUpdateChannel
    {
        // More files than an operator puts there; what a hostile drive has beyond is not looked at.
        private const int MaxFiles = 64;
        private const int RetryMilliseconds = 5000;

        private readonly UpdateAgentOptions _options;
        private readonly FolderImageSource _source;
        private readonly long _interval;
        private long _due;

        /// <summary>Makes a channel.</summary>
        /// <param name="options">The agent's options. With a verifier, signed manifests alone are looked for.</param>
        /// <param name="folder">The folder, for example <c>D:\nanoota</c>.</param>
        /// <param name="intervalSeconds">The time between two checks, at least 1.</param>
        public FolderChannel(UpdateAgentOptions options, string folder, int intervalSeconds)
        {
            _options = options;
            _source = new FolderImageSource(folder, null);
            _interval = intervalSeconds * 1000L;
        }

        /// <inheritdoc/>
        public UpdateOffer Offer { get; private set; }

        /// <summary>
        /// Rises with every drive that was read, with an update on it or not. A version on trial needs one: leave the drive in until the
        /// update is confirmed.
        /// </summary>
        public int Answers { get; private set; }

        /// <summary>Always: a drive takes no reports.</summary>
        public bool IsReported => true;

        /// <inheritdoc/>
        public long Step(long now)
        {
            if (now < _due)
            {
                return _due;
            }

            string[] files = _source.List();
            ResultCode code = files == null ? ResultCode.Unreachable : Look(files);
            if (code == ResultCode.None)
            {
                Answers++;
            }

            // Without a drive, what was requested stays requested: it comes back, or another one does.
            _due = now + (code == ResultCode.None || files == null || _interval < RetryMilliseconds ? _interval : RetryMilliseconds);
            return _due;
        }

        /// <inheritdoc/>
        public void Report(UpdateStatus status)
        {
        }

        /// <inheritdoc/>
        public void CheckNow()
        {
            _due = 0;
        }

        /// <inheritdoc/>
        public void Pause()
        {
        }

        private ResultCode Look(string[] files)
        {
            string extension = _options.Verifier == null ? ".json" : ".jws";
            SemanticVersion newest = null;
            string path = null;
            bool isUnreadable = false;
            ResultCode trouble = ResultCode.None;
            for (int i = 0; i < files.Length && i < MaxFiles; i++)
            {
                string manifest = files[i];
                string found = manifest;
                if (manifest.ToLower().EndsWith(".tar") && BundleEntry.IsPlainName(manifest))
                {
                    ResultCode code = _source.FindManifest(files[i], extension, out manifest);
                    isUnreadable |= code == ResultCode.BadResponse;
                    if (code != ResultCode.None && code != ResultCode.BadResponse)
                    {
                        // One that was not copied to its end does not stand in the way of another.
                        trouble = code;
                        continue;
                    }

                    found += "/" + manifest;
                }

                SemanticVersion version = manifest == null ? null : VersionOf(manifest, extension);
                if (version != null && (newest == null || version.CompareTo(newest) > 0))
                {
                    newest = version;
                    path = found;
                }
            }

            if (path != null)
            {
                return Read(path);
            }

            if (trouble != ResultCode.None)
            {
                return trouble;
            }

            Offer = isUnreadable ? new UpdateOffer() : null;
            if (isUnreadable)
            {
                Offer.Code = ResultCode.OfferMalformed;
            }

            return ResultCode.None;
        }

        // The version that a manifest's name tells; null when it is no manifest's.
        private static SemanticVersion VersionOf(string name, string extension)
        {
            if (!BundleEntry.IsPlainName(name) || name[0] != 'v' || !name.EndsWith(extension))
            {
                return null;
            }

            char[] text = name.Substring(1, name.Length - extension.Length - 1).ToCharArray();
            for (int i = 0; i < text.Length; i++)
            {
                text[i] = text[i] == '_' ? '.' : text[i];
            }

            return SemanticVersion.Parse(new string(text));
        }

        private ResultCode Read(string path)
        {
            string url = FolderImageSource.BaseUrl + path;
            ResultCode code = _source.Open(url, 0, UpdateManifest.MaxLength + 1);
            byte[] document = new byte[UpdateManifest.MaxLength + 1];
            int length = 0;
            int read = 1;
            while (code == ResultCode.None && read > 0 && length < document.Length)
            {
                code = _source.Read(document, length, document.Length - length, out read);
                length += read;
            }

            _source.Close();
            if (code != ResultCode.None)
            {
                return code;
            }

            UpdateOffer offer = new UpdateOffer();
            offer.Url = url;
            offer.Manual = true;
            offer.Document = new byte[length];
            Array.Copy(document, 0, offer.Document, 0, length);
            offer.Digest = Sha256.Of(_options.Hasher, document, 0, length);
            Offer = offer;
            return ResultCode.None;
        }
    }
}
