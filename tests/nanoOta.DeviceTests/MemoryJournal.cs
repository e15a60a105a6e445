// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;

namespace nanoOta.DeviceTests
{
    /// <summary>The copies of a journal in memory.</summary>
    internal sealed class MemoryJournal : IRecordStore
    {
        private readonly byte[][] _records = new byte[4][];
        private int _newest;

        public int Count => _records.Length;

        public bool Read(int index, byte[] record)
        {
            for (int i = 0; i < record.Length; i++)
            {
                record[i] = _records[index] == null ? (byte)0xFF : _records[index][i];
            }

            return true;
        }

        public bool Write(int index, byte[] record)
        {
            _records[index] = (byte[])record.Clone();
            _newest = index;
            return true;
        }

        /// <summary>Makes the newest record one whose writing was cut off.</summary>
        internal void Tear()
        {
            Array.Clear(_records[_newest], 200, 312);
        }

        /// <summary>Leaves nothing.</summary>
        internal void Erase()
        {
            for (int i = 0; i < _records.Length; i++)
            {
                _records[i] = null;
            }
        }
    }
}
