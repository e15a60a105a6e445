// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;
using System.Text;

namespace nanoOta
{
    /// <summary>
    /// What decides which folder's application runs. What is in memory is what is durable, but between a
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

        private const int Length = 512;
        private const uint Kind = 0x31464F6E; // "nOF1"

        private readonly DurableRecord _record;

        internal AppRecord(IRecordStore store)
        {
            _record = new DurableRecord(store, Kind, Length);
            Load(false);
        }

        internal byte[] Record => _record.Content;

        /// <summary>Whether it could not be read: then it says nothing, and nothing is written.</summary>
        internal bool IsUnreadable => _record.IsUnreadable;

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
            return (int)_record[Sets + folder * SetLength + SetSize];
        }

        internal void PutSet(int folder, string version, byte[] digest, int size)
        {
            int at = Sets + folder * SetLength;
            byte[] text = Encoding.UTF8.GetBytes(version);
            Array.Clear(Record, at, SetDigest);
            Array.Copy(text, 0, Record, at, text.Length);
            Array.Copy(digest, 0, Record, at + SetDigest, Sha256.DigestLength);
            _record[at + SetSize] = (uint)size;
        }

        /// <summary>Makes the record durable. When that fails, memory says again what the files say.</summary>
        internal ResultCode Save()
        {
            if (_record.Save())
            {
                return ResultCode.None;
            }

            Load(false);
            return ResultCode.FlashFailed;
        }

        /// <summary>Reads it. Without a record of this kind, nothing is installed.</summary>
        internal void Load(bool isLastTry)
        {
            if (_record.Load(isLastTry) && Record[Active] > 1)
            {
                Array.Clear(Record, 0, Length);
            }
        }
    }
}
