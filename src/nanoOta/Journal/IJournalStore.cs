// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

namespace nanoOta
{
    /// <summary>
    /// Where the journal's records lie: a ring of places, at least two, so that a record being written never touches the one
    /// before it. The journal itself finds the newest record that is whole; a store only reads and writes bytes.
    /// </summary>
    public interface IJournalStore
    {
        /// <summary>The number of places.</summary>
        int Places { get; }

        /// <summary>Reads a place.</summary>
        /// <param name="place">0 to <see cref="Places"/> - 1.</param>
        /// <param name="record">Receives <see cref="Journal.RecordLength"/> bytes: anything when nothing was written there.</param>
        /// <returns>False when it cannot be read.</returns>
        bool Read(int place, byte[] record);

        /// <summary>Writes a place durably. The journal goes through the places in order, round and round.</summary>
        /// <param name="place">0 to <see cref="Places"/> - 1.</param>
        /// <param name="record"><see cref="Journal.RecordLength"/> bytes.</param>
        /// <returns>False when the place cannot take the record (not blank, worn out): the journal then tries the next.</returns>
        bool Write(int place, byte[] record);
    }
}
