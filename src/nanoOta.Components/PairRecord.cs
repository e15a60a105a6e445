// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;
using System.Text;

namespace nanoOta
{
    /// <summary>What a <see cref="PairModule"/> must know after a boot: which place is active, what lies in each, how far an update has come.</summary>
    internal sealed class PairRecord : ModuleRecord
    {
        internal const int Length = 420;

        // Where the fields lie. The place's own come twice.
        internal const int Phase = DurableRecord.FirstField;
        internal const int Reason = 12;
        internal const int TrialId = 16;
        internal const int ActivePlace = 20;
        internal const int Size = 24;
        internal const int ConfirmedDigest = 32;
        internal const int TrialDigest = 64;
        internal const int ImageHash = 96;
        internal const int ConfirmedVersion = 160;
        internal const int TrialVersion = 224;
        internal const int Version = 288;
        internal const int VersionLength = 64;

        // Phases.
        internal const uint Idle = 0;
        internal const uint Activating = 1;
        internal const uint Trial = 2;
        internal const uint Reverting = 3;
        internal const uint Ended = 4;

        // In no record: it cannot be read now.
        internal const uint Unread = uint.MaxValue;

        private const uint Kind = 0x5250614E;

        internal PairRecord(IRecordStore store)
            : base(store, Kind, Length)
        {
        }

        /// <summary>The place that is in use. One field, because threads of the application ask for it while the record changes.</summary>
        internal int InUse;

        internal int Active => (int)(this[ActivePlace] & 1);

        /// <summary>Enters a phase and makes all changes durable, or takes them back.</summary>
        /// <returns>False when they are taken back.</returns>
        internal bool Enter(uint phase)
        {
            this[Phase] = phase;
            bool isSaved = Save();
            Look();
            return isSaved;
        }

        /// <summary>A text: null when there is none. What no version has ends it.</summary>
        internal string GetText(int at)
        {
            byte[] content = Durable;
            int length = 0;
            while (length < VersionLength && content[at + length] > ' ' && content[at + length] < 0x7F && content[at + length] != '"' && content[at + length] != '\\')
            {
                length++;
            }

            return length == 0 ? null : Encoding.UTF8.GetString(content, at, length);
        }

        internal void PutText(int at, string text)
        {
            Array.Clear(Next, at, VersionLength);
            if (text != null)
            {
                byte[] bytes = Encoding.UTF8.GetBytes(text);
                Array.Copy(bytes, 0, Next, at, bytes.Length < VersionLength ? bytes.Length : VersionLength);
            }
        }

        /// <inheritdoc/>
        protected override void Look()
        {
            InUse = this[Phase] == Trial ? 1 - Active : Active;
        }
    }
}
