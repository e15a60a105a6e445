// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

namespace nanoOta
{
    /// <summary>
    /// What a channel has heard: the operator's update request. Either it names a version, whose manifest lies in a container, or it brings
    /// the manifest. Once given to the agent it must not change. (Fields, not properties: on a device a property costs six times
    /// the flash.)
    /// </summary>
    public sealed class UpdateOffer
    {
        /// <summary>Why the update request cannot be followed; <see cref="ResultCode.None"/> when it can. The rest then need not be set.</summary>
        public ResultCode Code;

        /// <summary>The wanted version; null when only the manifest tells it.</summary>
        public SemanticVersion Version;

        /// <summary>
        /// The absolute URL that the manifest's files are relative to: a container with a trailing slash (the manifest's name then
        /// follows from <see cref="Version"/>), or the manifest itself. Null: the application's own container.
        /// </summary>
        public string Url;

        /// <summary>A query, such as a shared access signature, for URLs on the host of <see cref="Url"/>; may be null. A secret.</summary>
        public string Token;

        /// <summary>Another value makes an update that failed for good be tried again; may be null.</summary>
        public string Retry;

        /// <summary>Not to be started before, in seconds since 1970; 0: at once.</summary>
        public long After;

        /// <summary>The rollout percentage: how many devices of a hundred may update, 0 to 100.</summary>
        public int Percentage = 100;

        /// <summary>The first minute of the day (UTC) at which an update may start; equal to <see cref="WindowEnd"/>: at any time.</summary>
        public int WindowStart;

        /// <summary>The first minute of the day (UTC) at which an update may no longer start; below the start: past midnight.</summary>
        public int WindowEnd;

        /// <summary>Whether the operator asked this single device, so that percentage, window and minimum interval do not apply.</summary>
        public bool Manual;

        /// <summary>The manifest's document, when the channel has fetched it already from <see cref="Url"/>; null otherwise.</summary>
        public byte[] Document;

        /// <summary>The manifest, when the channel itself vouches for it; null otherwise.</summary>
        public UpdateManifest Manifest;

        /// <summary>Whether the channel has verified a signature on <see cref="Manifest"/>: an agent with keys takes no other one.</summary>
        public bool IsSigned;

        /// <summary>SHA-256 of the manifest, 32 bytes, when the channel brings it; null when it is to be fetched.</summary>
        public byte[] Digest;

        /// <summary>Tells whether another offer asks for the same update, however it may be scheduled.</summary>
        /// <param name="other">The other offer; may be null.</param>
        /// <returns>True when it does.</returns>
        public bool IsSameUpdate(UpdateOffer other)
        {
            return other != null && Code == other.Code && Url == other.Url && Retry == other.Retry
                && (Version == null ? null : Version.Text) == (other.Version == null ? null : other.Version.Text)
                && Bytes.Equal(Digest, other.Digest);
        }
    }
}
