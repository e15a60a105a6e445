// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

namespace nanoOta
{
    /// <summary>
    /// Where the copies of a <see cref="DurableRecord"/> lie: a ring of at least two, so that a copy being written never touches the one
    /// before it. The record itself finds its newest whole copy; a store only reads and writes bytes.
    /// </summary>
    public interface IRecordStore
    {
        /// <summary>The number of copies there is room for.</summary>
        int Count { get; }

        /// <summary>Reads a copy.</summary>
        /// <param name="index">0 to <see cref="Count"/> - 1.</param>
        /// <param name="record">Receives the whole record: anything when nothing was written there.</param>
        /// <returns>False when it cannot be read now. That nothing was written there, or not all of it, is no reason.</returns>
        bool Read(int index, byte[] record);

        /// <summary>Writes a copy durably. A record writes its copies in order, round and round.</summary>
        /// <param name="index">0 to <see cref="Count"/> - 1.</param>
        /// <param name="record">The whole record.</param>
        /// <returns>False when the copy cannot be written (not blank, worn out): the next one is tried then.</returns>
        bool Write(int index, byte[] record);
    }
}
