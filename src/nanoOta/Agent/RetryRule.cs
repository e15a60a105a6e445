// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

namespace nanoOta
{
    /// <summary>
    /// Transient against final, in one place. What the network brought is tried again: soon at first, then rarely, for as long as it
    /// is asked for. What is authentic and refused is final: only another update request, or another retry token, changes it.
    /// </summary>
    /// <remarks>
    /// <code>
    /// codes                                       rule     reason
    /// 500-517, all of the network                 tries    a server that refuses, lacks, or damages a file today may have it tomorrow
    /// 200-203 of a manifest that was fetched      tries    a login page, an error page, a file cut short: anything can answer in its stead
    /// 400-407 of a manifest that was fetched      tries    likewise: what is not signed is not from the operator
    /// 602-605, 608 of an image's first block      tries    its hash is not known yet, so it may be anything
    /// 408, 600, 601, 606, 620                     rounds   the device's own trouble, which may pass; each try wears the flash
    /// 703, 704                                    rounds   the trial had no verdict
    /// 900-902                                     rounds   as above
    /// all others                                  final    authentic, and refused
    /// </code>
    /// Tries: <see cref="UpdateAgentOptions.MaxTries"/> in a row make a round; a block of progress begins anew. After a round the code is reported as
    /// the result, and the next round comes later each time. Rounds: each try is a round.
    /// </remarks>
    internal static class RetryRule
    {
        /// <summary>Whether a code came from the network: the server, the way to it, or what it sent before it was found genuine.</summary>
        internal static bool IsOfNetwork(ResultCode code)
        {
            return code >= ResultCode.Unreachable && code <= ResultCode.RebuildMismatch;
        }

        /// <summary>Whether a code of a fetched document may be that of another document than the operator's.</summary>
        internal static bool IsOfDocument(ResultCode code)
        {
            return IsOfNetwork(code) || code == ResultCode.VersionMalformed
                || (code >= ResultCode.ManifestMalformed && code <= ResultCode.ManifestVersionMismatch)
                || (code >= ResultCode.SignatureMissing && code <= ResultCode.KeyListTooOld);
        }

        /// <summary>Whether a code judges an image.</summary>
        internal static bool IsOfImage(ResultCode code)
        {
            return (code >= ResultCode.ImageMalformed && code <= ResultCode.NativesMismatch) || code == ResultCode.ReferenceMissing;
        }

        /// <summary>Whether what was prepared was found wrong itself, so that nothing of it can be gone on with.</summary>
        internal static bool SpoilsContent(ResultCode code)
        {
            return code == ResultCode.HashMismatch || code == ResultCode.ReadBackMismatch || IsOfImage(code);
        }

        /// <summary>Whether a code is the device's own trouble, which may pass: the update is begun again in a round.</summary>
        internal static bool IsOfDevice(ResultCode code)
        {
            return code == ResultCode.KeyStoreFailed || code == ResultCode.FlashFailed || code == ResultCode.ReadBackMismatch
                || code == ResultCode.SlotBusy || code == ResultCode.McuSilent || code == ResultCode.NoCloudContact || code == ResultCode.TrialInterrupted
                || code >= ResultCode.InternalError;
        }
    }
}
