// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;
using System.Runtime.CompilerServices;

namespace nanoOta
{
    /// <summary>
    /// A module's durable record. Reading it gives what is durable: a change counts once it is saved, also for other threads, and one that
    /// cannot be saved has not happened. Once it was read, it needs no store that can be read again.
    /// </summary>
    internal class ModuleRecord
    {
        /// <summary>The record as it is durable. Only <see cref="Save"/> changes it.</summary>
        internal readonly byte[] Durable;

        // One damaged copy of several must not keep a module from updates for ever; to become free or ready takes a file or a drive less.
        private const int UnreadableMilliseconds = 30000;

        private readonly DurableRecord _next;
        private long _lastTry;
        private bool _isRead;

        internal ModuleRecord(IRecordStore store, uint kind, int length)
        {
            _next = new DurableRecord(store, kind, length);
            Durable = new byte[length];
            _lastTry = Environment.TickCount64 + UnreadableMilliseconds;
            Load();
        }

        /// <summary>Reads it, unless it was read before.</summary>
        /// <returns>False when it cannot be read now; then it must not be changed.</returns>
        internal bool Read()
        {
            return _isRead || Load();
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

        /// <summary>What is durable has changed.</summary>
        protected virtual void Look()
        {
        }

        // Threads of the application may ask at the same time as the agent's.
        [MethodImpl(MethodImplOptions.Synchronized)]
        private bool Load()
        {
            if (!_isRead)
            {
                long now = Environment.TickCount64;
                if (!_next.Load(now >= _lastTry))
                {
                    // A drive that comes while it is read has copies that could not be read a moment ago. They are no damaged ones.
                    _lastTry = now + UnreadableMilliseconds;
                }

                Array.Copy(Next, Durable, Durable.Length);
                Look();
                _isRead = !_next.IsUnreadable;
            }

            return _isRead;
        }
    }
}
