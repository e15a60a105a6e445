// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

namespace nanoOta
{
    /// <summary>Which of a download's failures may go away by themselves.</summary>
    internal static class DownloadErrors
    {
        /// <summary>Whether asking the same server again soon may help.</summary>
        internal static bool IsWorthRetrying(ResultCode code)
        {
            return code == ResultCode.Unreachable || code == ResultCode.TimedOut || code == ResultCode.ConnectionLost
                || code == ResultCode.TooSlow || code == ResultCode.ServerBusy || code == ResultCode.ServerError
                || code == ResultCode.BadResponse;
        }

        /// <summary>Whether it came from the server or the way to it, rather than from the device or the file's content.</summary>
        internal static bool IsOfTheNetwork(ResultCode code)
        {
            return code >= ResultCode.Unreachable && code <= ResultCode.SizeMismatch;
        }
    }
}
