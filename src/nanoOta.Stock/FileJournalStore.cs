// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

namespace nanoOta
{
    /// <summary>
    /// Records in two files that are written in turn: the one before stays whole, whatever becomes of the one being written. For the
    /// agent's journal, and for the record of <see cref="AppFolders"/>.
    /// </summary>
    public sealed class FileJournalStore : IJournalStore
    {
        private readonly string _path;

        /// <summary>Names the files; they are made when first written.</summary>
        /// <param name="path">Full path in a folder that is there; a digit is added, for example <c>I:\nanoota\journal</c>.</param>
        public FileJournalStore(string path)
        {
            _path = path;
        }

        /// <inheritdoc/>
        public int Places => 2;

        /// <inheritdoc/>
        public bool Read(int place, byte[] record)
        {
            return StockFile.Read(_path + place.ToString(), 0, record, Journal.RecordLength);
        }

        /// <inheritdoc/>
        public bool Write(int place, byte[] record)
        {
            return StockFile.Write(_path + place.ToString(), 0, record, Journal.RecordLength);
        }
    }
}
