// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

namespace nanoOta
{
    /// <summary>
    /// How an MCU is programmed and asked what it runs: the part that differs from one MCU to the next. Calls are short; what takes longer
    /// returns <see cref="ResultCode.Pending"/> and is called again with the same arguments, a millisecond later or more. A new
    /// <see cref="Begin"/> may come at any time.
    /// </summary>
    public interface IMcuProtocol
    {
        /// <summary>How many bytes <see cref="Write"/> takes at the most: 1 to 4096.</summary>
        int ChunkLength { get; }

        /// <summary>
        /// The offset of the byte that the MCU wants next. It may go back: an MCU that has reset begins again. When a <see cref="Write"/> brings it
        /// forward by less than half of its bytes for the ninth time in one image, <see cref="McuModule"/> gives up with <see cref="ResultCode.McuRefused"/>.
        /// </summary>
        int Position { get; }

        /// <summary>Judges an image by its first 4 KiB, before anything is stored.</summary>
        /// <param name="component">The component: its version, its size.</param>
        /// <param name="head">Holds the bytes from index 0 on.</param>
        /// <param name="count">How many they are.</param>
        /// <returns><see cref="ResultCode.None"/>, or why not.</returns>
        ResultCode Judge(ManifestComponent component, byte[] head, int count);

        /// <summary>
        /// Brings the MCU to where it can be programmed, whatever it was at. With another image than before it begins anew. When it fails, or
        /// <see cref="Write"/> or <see cref="Finish"/> does, the MCU is left to its application, if it still has one.
        /// </summary>
        /// <param name="size">The image's length, in bytes.</param>
        /// <param name="sha256">The image's SHA-256, 32 bytes.</param>
        /// <returns><see cref="ResultCode.Pending"/>, <see cref="ResultCode.None"/> when it is there, or why not.</returns>
        ResultCode Begin(int size, byte[] sha256);

        /// <summary>Sends bytes of the image from <see cref="Position"/> on.</summary>
        /// <param name="buffer">Holds them from index 0 on.</param>
        /// <param name="count">How many, 1 to <see cref="ChunkLength"/>.</param>
        /// <returns><see cref="ResultCode.Pending"/>, <see cref="ResultCode.None"/> when <see cref="Position"/> is new, or why not.</returns>
        ResultCode Write(byte[] buffer, int count);

        /// <summary>Ends the image and has the MCU run it.</summary>
        /// <returns><see cref="ResultCode.Pending"/>, <see cref="ResultCode.None"/> when it has been told to, or why not.</returns>
        ResultCode Finish();

        /// <summary>Asks the MCU what it has.</summary>
        /// <param name="version">The version that it should have, a.b.c.</param>
        /// <returns>
        /// <see cref="ResultCode.Pending"/>, <see cref="ResultCode.None"/> when it has that version, <see cref="ResultCode.McuVersionMismatch"/>
        /// when another, or why it could not be asked.
        /// </returns>
        ResultCode Check(string version);

        /// <summary>Makes the image final, where the MCU would otherwise go back by itself. Called right after <see cref="Check"/>.</summary>
        /// <returns><see cref="ResultCode.Pending"/>, <see cref="ResultCode.None"/>, or why not.</returns>
        ResultCode Confirm();
    }
}
