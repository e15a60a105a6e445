// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;

namespace nanoOta
{
    /// <summary>
    /// A record that survives a power failure at any moment: a ring of copies, each with a sequence number and a checksum; the newest
    /// whole one counts. For the agent's journal, and for what a module must know after a boot.
    /// </summary>
    /// <remarks>
    /// The record is kept as the bytes that are written, and its fields are offsets into them: constants cost nothing on a device,
    /// whereas each field of an object costs flash for its name and code to carry it over. The first 8 bytes and the last
    /// 4 are the record's own. Numbers are little-endian.
    /// </remarks>
    public sealed class DurableRecord
    {
        /// <summary>Where the first field may begin.</summary>
        public const int FirstField = 8;

        private const int Sequence = 4;

        private readonly IRecordStore _store;
        private readonly uint _kind;
        private readonly int _checksum;
        private int _index;

        /// <summary>Makes a record; it is empty until <see cref="Load"/>.</summary>
        /// <param name="store">Where the copies lie.</param>
        /// <param name="kind">A number that tells this record, and this layout of it, from others.</param>
        /// <param name="length">Its length in bytes, as the store has it: a multiple of 4.</param>
        public DurableRecord(IRecordStore store, uint kind, int length)
        {
            _store = store;
            _kind = kind;
            _checksum = length - 4;
            _index = store.Count - 1;
            Content = new byte[length];
        }

        /// <summary>The record as it is to be written next.</summary>
        public readonly byte[] Content;

        /// <summary>The exception that the store threw last; null when it threw none.</summary>
        public Exception Fault;

        /// <summary>
        /// Whether the record says nothing: it was not loaded, or what could not be read then may be the newest copy (a drive that is not there
        /// yet, a file in use). Load again some time later.
        /// </summary>
        public bool IsUnreadable = true;

        /// <summary>A number of the record.</summary>
        /// <param name="at">Where it lies.</param>
        public uint this[int at]
        {
            get => Bytes.GetUInt32(Content, at);
            set => Bytes.PutUInt32(Content, at, value);
        }

        /// <summary>Finds the newest whole copy; without one the record is empty.</summary>
        /// <param name="isLastTry">
        /// Whether the newest copy of those that can be read counts although others cannot: one that is damaged for good must not keep a
        /// device from updates. Without a whole one, the record stays unreadable all the same.
        /// </param>
        /// <returns>False when it is empty; or perhaps not, when <see cref="IsUnreadable"/>.</returns>
        public bool Load(bool isLastTry = false)
        {
            // Newest first, by sequence number alone: checksums take an interpreter long. Numbers wrap, so of two the newer is
            // the one less than half the range ahead.
            int count = _store.Count;
            uint bound = 0;
            int tried = count;
            bool isFound = false;
            IsUnreadable = false;
            for (int candidates = count; candidates > 0 && !isFound; candidates--)
            {
                int newest = -1;
                uint sequence = 0;
                for (int index = 0; index < count; index++)
                {
                    bool found = Read(index) && this[0] == _kind
                        && (candidates == count || this[Sequence] - bound >= 0x80000000 || (this[Sequence] == bound && index < tried))
                        && (newest < 0 || this[Sequence] - sequence < 0x80000000);
                    if (found)
                    {
                        newest = index;
                        sequence = this[Sequence];
                    }
                }

                if (newest < 0)
                {
                    break;
                }

                // A damaged copy may have the number of a whole one.
                isFound = Read(newest) && this[_checksum] == Crc.Of(Content, _checksum);
                bound = sequence;
                tried = newest;
            }

            if (isFound)
            {
                _index = tried;
            }
            else
            {
                Array.Clear(Content, 0, Content.Length);
            }

            IsUnreadable &= !isLastTry || !isFound;
            return isFound;
        }

        /// <summary>Writes the record as the next copy, or the one behind it if that cannot be written.</summary>
        /// <returns>False when no copy can be written; also of an unreadable record: nothing is written over what could not be read.</returns>
        public bool Save()
        {
            if (IsUnreadable)
            {
                return false;
            }

            int count = _store.Count;
            int newest = _index;
            this[0] = _kind;
            try
            {
                // The newest copy itself is never written over.
                for (int tries = 1; tries < count; tries++)
                {
                    // Each try has its own number: a copy that failed half written must not hide the one that was written whole.
                    _index = _index + 1 == count ? 0 : _index + 1;
                    this[Sequence]++;
                    this[_checksum] = Crc.Of(Content, _checksum);
                    if (_store.Write(_index, Content))
                    {
                        return true;
                    }
                }
            }
            catch (Exception e)
            {
                Fault = e;
            }

            _index = newest;
            return false;
        }

        private bool Read(int index)
        {
            try
            {
                if (_store.Read(index, Content))
                {
                    return true;
                }
            }
            catch (Exception e)
            {
                Fault = e;
            }

            IsUnreadable = true;
            return false;
        }
    }
}
