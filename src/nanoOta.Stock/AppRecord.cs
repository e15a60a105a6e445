// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;
using System.Text;

namespace nanoOta
{
    /// <summary>
    /// What decides which folder's application runs (docs/stock-firmware.md). What is in memory is what is durable, but between a
    /// change and <see cref="Save"/>.
    /// </summary>
    internal sealed class AppRecord
    {
        // The folder that is confirmed; 1: the other one holds what was confirmed before; 1: it is on trial, or was.
        internal const int Active = 8;
        internal const int Fallback = 9;
        internal const int Trial = 10;
        internal const int Boots = 11;
        internal const int Verdict = 12;
        internal const int TrialId = 16;

        // Of each folder's set: version, digest of its manifest, length. The active folder's is empty as long as nothing is installed.
        internal const int Sets = 20;
        internal const int SetLength = 100;
        internal const int SetDigest = 64;
        internal const int SetSize = 96;

        private const int Sequence = 4;
        private const int Checksum = Journal.RecordLength - 4;
        private const uint Magic = 0x31464F6E; // "nOF1"

        private readonly IJournalStore _store;
        private int _place;

        internal AppRecord(IJournalStore store)
        {
            _store = store;
            Load();
        }

        /// <summary>Anew after a failed <see cref="Save"/>.</summary>
        internal byte[] Record;

        /// <summary>The version of a folder's set, null when it never had one; and its digest.</summary>
        internal string GetSet(int folder, byte[] digest)
        {
            int at = Sets + folder * SetLength;
            int length = 0;
            while (length < SetDigest && Record[at + length] != 0)
            {
                length++;
            }

            Array.Copy(Record, at + SetDigest, digest, 0, Sha256.DigestLength);
            return length == 0 ? null : Encoding.UTF8.GetString(Record, at, length);
        }

        internal int Size(int folder)
        {
            return (int)Bytes.GetUInt32(Record, Sets + folder * SetLength + SetSize);
        }

        internal void PutSet(int folder, string version, byte[] digest, int size)
        {
            int at = Sets + folder * SetLength;
            byte[] text = Encoding.UTF8.GetBytes(version);
            Array.Clear(Record, at, SetDigest);
            Array.Copy(text, 0, Record, at, text.Length);
            Array.Copy(digest, 0, Record, at + SetDigest, Sha256.DigestLength);
            Bytes.PutUInt32(Record, at + SetSize, (uint)size);
        }

        /// <summary>Makes the record durable. When that fails, memory says again what the files say.</summary>
        internal ResultCode Save()
        {
            byte[] record = Record;
            Bytes.PutUInt32(record, 0, Magic);
            Bytes.PutUInt32(record, Sequence, Bytes.GetUInt32(record, Sequence) + 1);
            Bytes.PutUInt32(record, Checksum, Crc.Of(record, Checksum));
            if (_store.Write(1 - _place, record))
            {
                _place = 1 - _place;
                return ResultCode.None;
            }

            Load();
            return ResultCode.FlashFailed;
        }

        // The newer whole one; without one, nothing is installed.
        private void Load()
        {
            Record = new byte[Journal.RecordLength];
            for (int place = 0; place < 2; place++)
            {
                byte[] read = new byte[Journal.RecordLength];
                bool whole = _store.Read(place, read) && Bytes.GetUInt32(read, 0) == Magic
                    && Bytes.GetUInt32(read, Checksum) == Crc.Of(read, Checksum) && read[Active] < 2;
                if (whole && Bytes.GetUInt32(read, Sequence) - Bytes.GetUInt32(Record, Sequence) < 0x80000000)
                {
                    Record = read;
                    _place = place;
                }
            }
        }
    }
}
