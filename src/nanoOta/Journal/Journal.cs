// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;
using System.Text;

namespace nanoOta
{
    /// <summary>
    /// What the agent remembers across reboots: the newest whole record of a ring. It explains and resumes; it never decides what
    /// runs (the slot record does), so an empty, torn or foreign one is an ordinary state.
    /// </summary>
    /// <remarks>
    /// The record is kept as the bytes that are written; fields are offsets into it. Constants cost nothing on a device, whereas
    /// each field of an object costs flash for its name and code to carry it over. Numbers are little-endian.
    /// </remarks>
    public sealed class Journal
    {
        /// <summary>Length of a record in bytes.</summary>
        public const int RecordLength = 512;

        // Of the update under way or tried last: how far it has come, and what it is.
        internal const int Phase = 8;
        internal const int Component = 12;
        internal const int Mirror = 16;
        internal const int Offset = 20;
        internal const int Tag = 24;
        internal const int Activations = 28;
        internal const int ContactFailures = 32;
        internal const int HasFirmware = 36;
        internal const int Retry = 40;
        internal const int Counter = 44;
        internal const int Digest = 64;
        internal const int HashState = 96;
        internal const int Version = 200;

        // Of the last one that came to an end, and of all before.
        internal const int LastCode = 48;
        internal const int LastTime = 52;
        internal const int ConcludedTrial = 56;
        internal const int HighestCounter = 60;
        internal const int LastVersion = 264;
        internal const int AppliedVersion = 328;

        // Phases. Preparing: components are being fetched, and go on at Offset. Updating: activation has begun, perhaps not ended.
        internal const uint Idle = 0;
        internal const uint Preparing = 1;
        internal const uint Updating = 2;

        // Sixteen bytes of a digest and the retry token's checksum each, the newest first.
        private const int KnownBad = 392;
        private const int KnownBadLength = 20;
        private const int KnownBadEnd = KnownBad + 4 * KnownBadLength;

        private const int Sequence = 4;
        private const int Checksum = RecordLength - 4;
        private const int TextLength = 64;
        private const uint Magic = 0x314A4F6E; // "nOJ1"

        private readonly IJournalStore _store;
        private readonly UpdateStatus _status;
        private readonly int _places;
        private int _place;

        internal Journal(IJournalStore store, UpdateStatus status)
        {
            _status = status;
            _store = store;
            _places = store.Places;
            _place = _places - 1;
        }

        /// <summary>The record as it is to be written next.</summary>
        internal readonly byte[] Record = new byte[RecordLength];

        /// <summary>A number of the record.</summary>
        internal uint this[int at]
        {
            get => Bytes.GetUInt32(Record, at);
            set => Bytes.PutUInt32(Record, at, value);
        }

        /// <summary>Finds the newest whole record; without one the journal is empty.</summary>
        internal void Load()
        {
            // Newest first, by sequence number alone: checksums take an interpreter long. Numbers wrap, so of two the newer is
            // the one less than half the range ahead.
            uint bound = 0;
            for (int candidates = _places; candidates > 0; candidates--)
            {
                int newest = -1;
                uint sequence = 0;
                for (int place = 0; place < _places; place++)
                {
                    bool found = Read(place) && this[0] == Magic
                        && (candidates == _places || this[Sequence] - bound >= 0x80000000)
                        && (newest < 0 || this[Sequence] - sequence < 0x80000000);
                    if (found)
                    {
                        newest = place;
                        sequence = this[Sequence];
                    }
                }

                if (newest < 0)
                {
                    break;
                }

                if (Read(newest) && this[Checksum] == Crc.Of(Record, Checksum))
                {
                    _place = newest;
                    Heal();
                    return;
                }

                bound = sequence;
            }

            Array.Clear(Record, 0, RecordLength);
        }

        /// <summary>Writes the record to the next place that takes it.</summary>
        /// <returns>False when none does.</returns>
        internal bool Save()
        {
            this[0] = Magic;
            try
            {
                for (int tries = 0; tries < _places; tries++)
                {
                    // Each try has its own number: a place that failed half written must not hide the one that took the record.
                    _place = _place + 1 == _places ? 0 : _place + 1;
                    this[Sequence]++;
                    this[Checksum] = Crc.Of(Record, Checksum);
                    if (_store.Write(_place, Record))
                    {
                        return true;
                    }
                }
            }
            catch (Exception e)
            {
                _status.Fault = e;
            }

            return false;
        }

        /// <summary>Whether the record is about this update, and how it is to go on is known.</summary>
        internal bool IsAbout(byte[] digest)
        {
            return this[Phase] != Idle && Bytes.Equal(Record, Digest, digest, 0, Sha256.DigestLength);
        }

        internal bool IsKnownBad(byte[] digest, uint retry)
        {
            for (int at = KnownBad; at < KnownBadEnd; at += KnownBadLength)
            {
                if (Bytes.Equal(Record, at, digest, 0, 16) && this[at + 16] == retry)
                {
                    return true;
                }
            }

            return false;
        }

        /// <summary>Remembers an update as bad; the oldest one remembered is forgotten.</summary>
        internal void AddKnownBad(byte[] digest, uint retry)
        {
            if (!IsKnownBad(digest, retry))
            {
                for (int at = KnownBadEnd - 1; at >= KnownBad + KnownBadLength; at--)
                {
                    Record[at] = Record[at - KnownBadLength];
                }

                Array.Copy(digest, 0, Record, KnownBad, 16);
                this[KnownBad + 16] = retry;
            }
        }

        /// <summary>A version that was put there; it ends where what a version cannot hold begins.</summary>
        internal string GetText(int at)
        {
            char[] text = new char[TextLength];
            int length = 0;
            while (length < TextLength - 1 && Record[at + length] >= '+' && Record[at + length] <= 'z' && Record[at + length] != '\\')
            {
                text[length] = (char)Record[at + length];
                length++;
            }

            return new string(text, 0, length);
        }

        internal void PutText(int at, string text)
        {
            Array.Clear(Record, at, TextLength);
            byte[] bytes = Encoding.UTF8.GetBytes(text == null ? string.Empty : text);
            Array.Copy(bytes, 0, Record, at, bytes.Length < TextLength ? bytes.Length : TextLength - 1);
        }

        private bool Read(int place)
        {
            try
            {
                return _store.Read(place, Record);
            }
            catch (Exception e)
            {
                _status.Fault = e;
                return false;
            }
        }

        // What no agent of this kind writes comes from another one: then nothing is known of the update that was under way. The
        // rest of it is checked where it is used.
        private void Heal()
        {
            if (this[Phase] > Updating || this[Activations] > Gates.MaxActivations || this[ContactFailures] > Gates.MaxContactFailures)
            {
                this[Phase] = Idle;
            }
        }
    }
}
