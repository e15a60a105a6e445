// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;

namespace nanoOta
{
    /// <summary>
    /// A module's durable record. Reading it gives what is durable: a change counts once it is saved, also for other threads, and one that
    /// cannot be saved has not happened. It needs no store that can be read again.
    /// </summary>
    internal class ModuleRecord
    {
        /// <summary>The record as it is durable. Only <see cref="Save"/> changes it.</summary>
        internal readonly byte[] Durable;

        private readonly DurableRecord _next;

        internal ModuleRecord(IRecordStore store, uint kind, int length)
        {
            _next = new DurableRecord(store, kind, length);
            _next.Load();
            Durable = new byte[length];
            Array.Copy(_next.Content, Durable, length);
        }

        /// <summary>The record as it is to be saved next.</summary>
        internal byte[] Next => _next.Content;

        /// <summary>A number: reads what is durable, writes what is to be saved next.</summary>
        /// <param name="at">Where it lies.</param>
        internal uint this[int at]
        {
            get => Bytes.GetUInt32(Durable, at);
            set => Bytes.PutUInt32(Next, at, value);
        }

        /// <summary>Makes the changes durable, or takes them back.</summary>
        /// <returns>False when they are taken back.</returns>
        internal bool Save()
        {
            bool isSaved = _next.Save();
            if (isSaved)
            {
                Array.Copy(Next, Durable, Durable.Length);
            }
            else
            {
                // The sequence number before the fields stays raised: the store may have kept a copy of which it said that it did not.
                Array.Copy(Durable, DurableRecord.FirstField, Next, DurableRecord.FirstField, Durable.Length - DurableRecord.FirstField);
            }

            return isSaved;
        }
    }
}
