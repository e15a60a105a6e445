// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

namespace nanoOta
{
    /// <summary>Where files come from, one at a time: <c>HttpImageSource</c> of nanoOta.Http, or bytes in memory in a test.</summary>
    public interface IImageSource
    {
        /// <summary>The length of the whole file in bytes, as the open answer tells; -1 when it does not.</summary>
        int Length { get; }

        /// <summary>Where the body of the open answer begins: the offset asked for, or 0 when the server ignores ranges.</summary>
        int Offset { get; }

        /// <summary>A checksum of what identifies the file's content at its server (the ETag); 0 when nothing does.</summary>
        uint Tag { get; }

        /// <summary>Seconds after which the server asked to be tried again, after a failed open; 0 when it did not.</summary>
        int RetryAfter { get; }

        /// <summary>Asks for a file.</summary>
        /// <param name="url">An absolute URL.</param>
        /// <param name="offset">Where to begin, in bytes.</param>
        /// <param name="count">How many bytes are wanted at the most; 0: to the end.</param>
        /// <returns><see cref="ResultCode.None"/>, or one of the download's codes (500 and up).</returns>
        ResultCode Open(string url, int offset, int count);

        /// <summary>Reads the next bytes of the body, waiting for them for a bounded time.</summary>
        /// <param name="buffer">Receives them.</param>
        /// <param name="offset">Where they go.</param>
        /// <param name="count">How many at the most, at least 1.</param>
        /// <param name="read">Receives how many came; 0: the body has ended.</param>
        /// <returns><see cref="ResultCode.None"/>, or one of the download's codes.</returns>
        ResultCode Read(byte[] buffer, int offset, int count, out int read);

        /// <summary>Gives the answer up, at its end or before. Without an open answer, does nothing.</summary>
        void Close();
    }
}
