// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

namespace nanoOta
{
    /// <summary>
    /// Storage that is erased in sectors and programmed where it is erased: a NOR flash chip, or part of one. Calls return when the work is
    /// done. A failure is a code, never an exception.
    /// </summary>
    public interface IBlockDevice
    {
        /// <summary>Its size in bytes, a multiple of <see cref="EraseLength"/>.</summary>
        int Size { get; }

        /// <summary>How many bytes are erased at once, a power of two; at least 4096.</summary>
        int EraseLength { get; }

        /// <summary>Reads.</summary>
        /// <param name="offset">Where, in bytes.</param>
        /// <param name="buffer">Receives the bytes.</param>
        /// <param name="start">From which index on.</param>
        /// <param name="count">How many.</param>
        /// <returns><see cref="ResultCode.None"/>, or why not.</returns>
        ResultCode Read(int offset, byte[] buffer, int start, int count);

        /// <summary>Programs bytes that are erased, and compares what they hold then.</summary>
        /// <param name="offset">Where, in bytes.</param>
        /// <param name="buffer">Holds the bytes.</param>
        /// <param name="start">From which index on.</param>
        /// <param name="count">How many.</param>
        /// <returns><see cref="ResultCode.None"/>, or <see cref="ResultCode.FlashFailed"/>.</returns>
        ResultCode Program(int offset, byte[] buffer, int start, int count);

        /// <summary>Erases to 0xFF.</summary>
        /// <param name="offset">Where, a multiple of <see cref="EraseLength"/>.</param>
        /// <param name="count">How many bytes, a multiple of <see cref="EraseLength"/>.</param>
        /// <returns><see cref="ResultCode.None"/>, or <see cref="ResultCode.FlashFailed"/>.</returns>
        ResultCode Erase(int offset, int count);
    }
}
