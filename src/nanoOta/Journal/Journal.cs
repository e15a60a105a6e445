// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;
using System.Text;

namespace nanoOta
{
    /// <summary>
    /// What the agent remembers across reboots. It explains and resumes; it never decides what runs (the slot record does), so an
    /// empty, torn or unrecognized journal is an ordinary state. Only this class writes its fields: the stages call methods that say
    /// what has happened.
    /// </summary>
    /// <remarks>
    /// <code>
    /// field                                              Idle   Preparing   Activated
    /// Digest, Retry, Counter                             -      valid       valid       of the update in hand
    /// Component, Offset, Tag, HashState, DeltaState      -      valid       -           of the checkpoint
    /// Activations, ContactFailures                       -      valid       valid
    /// Leader with its trial's boots, ConcludedTrial      valid  valid       valid       of the last activation
    /// LastCode, LastTime, LastVersion, reason            valid  valid       valid       of the last update that ended
    /// ConfirmedVersion, HighestCounter                   valid  valid       valid       of all updates before
    /// known bad                                          valid  valid       valid
    /// </code>
    /// </remarks>
    public sealed class Journal
    {
        /// <summary>Length of the record in bytes.</summary>
        public const int RecordLength = 512;

        /// <summary>The longest reason of a failed self-test, in UTF-8 bytes.</summary>
        public const int MaxReasonLength = 31;

        // A trial is repeated when it was interrupted, but not for ever.
        internal const int MaxActivations = 4;

        // Boots of a trial that no watchdog ends are counted above the leading module's number, which is its index and one. A crash brings
        // the next boot at once, so a few are allowed for the power.
        internal const int MaxTrialBoots = 5;
        internal const int TrialBoot = 0x100;

        // Two trials without contact, while the version before has contact, are a verdict.
        internal const int MaxContactFailures = 2;

        internal const int Phase = 8;
        internal const int Component = 12;
        internal const int Offset = 16;
        internal const int Tag = 20;
        internal const int Activations = 24;
        internal const int ContactFailures = 28;
        internal const int Leader = 32;
        internal const int Retry = 36;
        internal const int Counter = 40;
        internal const int LastCode = 44;
        internal const int LastTime = 48;
        internal const int ConcludedTrial = 52;
        internal const int HighestCounter = 56;
        internal const int ReasonNumber = 60;
        internal const int Digest = 64;
        internal const int HashState = 96;
        internal const int LastVersion = 200;
        internal const int ConfirmedVersion = 264;
        internal const int Reason = 328;

        // Sixteen bytes of a digest and the retry token's checksum each, the newest first.
        internal const int KnownBad = 360;
        private const int KnownBadLength = 20;
        internal const int KnownBadEnd = KnownBad + 4 * KnownBadLength;

        // How far a patch has been read at the checkpoint.
        internal const int DeltaState = KnownBadEnd;

        // Preparing: components are fetched, and go on at the checkpoint. Activated: activation has begun, perhaps not ended.
        internal const uint Idle = 0;
        internal const uint Preparing = 1;
        internal const uint Activated = 2;

        private const int VersionLength = 64;
        private const uint Kind = 0x324A4F6E; // "nOJ2"

        private readonly byte[] _content;

        internal Journal(IRecordStore store)
        {
            Record = new DurableRecord(store, Kind, RecordLength);
            _content = Record.Content;
        }

        /// <summary>The record, to ask whether it could be read.</summary>
        internal readonly DurableRecord Record;

        /// <summary>A number of the record.</summary>
        internal uint this[int at] => Record[at];

        /// <summary>Reads the journal.</summary>
        /// <param name="isLastTry">Whether it is not tried again when it is unreadable.</param>
        internal void Load(bool isLastTry)
        {
            // What no agent of this kind writes comes from another one: then nothing is known of the update that was under way. The
            // rest of it is checked where it is used.
            if (Record.Load(isLastTry)
                && (this[Phase] > Activated || this[Activations] > MaxActivations || this[ContactFailures] > MaxContactFailures))
            {
                Record[Phase] = Idle;
            }
        }

        /// <summary>Whether the record is about this update, and how it is to go on is known.</summary>
        internal bool IsAbout(byte[] digest)
        {
            return this[Phase] != Idle && Bytes.Equal(_content, Digest, digest, 0, Sha256.DigestLength);
        }

        /// <summary>Whether the activation of this update has begun.</summary>
        internal bool IsActivated(byte[] digest)
        {
            return this[Phase] == Activated && IsAbout(digest);
        }

        internal bool IsKnownBad(byte[] digest, uint retry)
        {
            // Entries that are empty hold zeros, which a request may name as a hash although nothing has it.
            bool isHash = !Bytes.Equal(digest, 0, new byte[16], 0, 16);
            for (int at = KnownBad; isHash && at < KnownBadEnd; at += KnownBadLength)
            {
                if (Bytes.Equal(_content, at, digest, 0, 16) && this[at + 16] == retry)
                {
                    return true;
                }
            }

            return false;
        }

        /// <summary>A version, or the reason; it ends where what a version cannot hold begins.</summary>
        internal string GetVersion(int at)
        {
            int length = 0;
            while (length < VersionLength - 1 && _content[at + length] >= '+' && _content[at + length] <= 'z' && _content[at + length] != '\\')
            {
                length++;
            }

            return Encoding.UTF8.GetString(_content, at, length);
        }

        /// <summary>Why the last self-test failed: printable ASCII without quotes and backslashes; empty when it gave no reason.</summary>
        internal string GetReason()
        {
            int length = 0;
            while (length < MaxReasonLength && IsPlain(_content[Reason + length]))
            {
                length++;
            }

            return Encoding.UTF8.GetString(_content, Reason, length);
        }

        /// <summary>Copies what the checkpoint kept: <see cref="HashState"/> or <see cref="DeltaState"/>, all of it.</summary>
        internal void CopyTo(byte[] state, int at)
        {
            Array.Copy(_content, at, state, 0, state.Length);
        }

        /// <summary>Preparation begins: it goes on at the checkpoint when the journal is about this very update.</summary>
        /// <returns>False when the journal cannot be written.</returns>
        internal bool PreparationBegins(byte[] digest, uint counter, uint retry)
        {
            bool resumes = IsAbout(digest);

            // What the journal has of another update is no longer there from the first erase on.
            bool replaces = !resumes && this[Phase] != Idle;
            if (!resumes)
            {
                Array.Copy(digest, 0, _content, Digest, Sha256.DigestLength);
                Record[Phase] = Preparing;
                Record[Counter] = counter;
                Record[Component] = 0;
                Record[Offset] = 0;
                Array.Clear(_content, DeltaState, ImageDelta.StateLength);
            }

            if (!resumes || this[Retry] != retry)
            {
                Record[Retry] = retry;
                Record[Activations] = 0;
                Record[ContactFailures] = 0;
            }

            // One that could not be read may have the like.
            return (!replaces && !Record.IsUnreadable) || Record.Save();
        }

        /// <summary>A checkpoint: what lies before it is in the slot, and hashed. All components are there when it is behind the last.</summary>
        /// <returns>False when the journal cannot be written.</returns>
        internal bool Checkpoint(int component, int offset, uint tag, byte[] state, ImageDelta delta)
        {
            Record[Component] = (uint)component;
            Record[Offset] = (uint)offset;
            Record[Tag] = tag;
            Array.Copy(state, 0, _content, HashState, Sha256.StateLength);
            if (delta != null)
            {
                Array.Copy(delta.State, 0, _content, DeltaState, ImageDelta.StateLength);
            }

            return Record.Save();
        }

        /// <summary>Activation begins.</summary>
        /// <param name="leader">The index of the module that leads.</param>
        /// <param name="trial">Its last trial, which has been dealt with.</param>
        /// <returns>False when the journal cannot be written: without it, nothing is activated.</returns>
        internal bool ActivationBegins(int leader, uint trial)
        {
            Record[Phase] = Activated;
            Record[Leader] = (uint)leader + 1;
            Record[ConcludedTrial] = trial;
            Record[Activations]++;
            return Record.Save();
        }

        /// <summary>The device boots with an update without firmware on trial.</summary>
        /// <returns><see cref="ResultCode.None"/>, or why the trial must end: it has done so too often, or this boot cannot be counted.</returns>
        internal ResultCode TrialBoots()
        {
            if (this[Leader] >= MaxTrialBoots * TrialBoot)
            {
                return ResultCode.TrialCrashed;
            }

            // A crash after each boot that is not counted would never end. It is no verdict on the update: that is tried again once the
            // journal can be written, without which nothing is activated.
            Record[Leader] += TrialBoot;
            return Record.Save() ? ResultCode.None : ResultCode.TrialInterrupted;
        }

        /// <summary>The self-test has failed, and said why.</summary>
        internal void SelfTestFailed(SelfTestReport reason)
        {
            Record[ReasonNumber] = (uint)reason.Number;
            PutText(Reason, MaxReasonLength + 1, reason.Text);
            Record.Save();
        }

        /// <summary>An update was confirmed; found out after the next boot when a power failure came before the journal was written.</summary>
        internal void Confirmed(byte[] digest, string version, long time)
        {
            if (IsAbout(digest) && this[Counter] > this[HighestCounter])
            {
                Record[HighestCounter] = this[Counter];
            }

            PutText(ConfirmedVersion, VersionLength, version);
            Record[Phase] = Idle;
            Conclude(ResultCode.Applied, version, time);
        }

        /// <summary>A trial ended without confirmation, whoever ended it.</summary>
        internal void TrialEnded(uint trial, byte[] digest, string version, ResultCode verdict, long time)
        {
            bool mine = IsAbout(digest);
            Record[ConcludedTrial] = trial;
            if (verdict == ResultCode.NoCloudContact)
            {
                // No verdict on the update yet: what is prepared stays, to be tried again once the cloud is heard.
                Record[ContactFailures] += mine ? 1u : 0u;
            }
            else if (verdict >= ResultCode.SelfTestFailed && verdict != ResultCode.TrialInterrupted)
            {
                AddKnownBad(digest, mine ? this[Retry] : 0);
                Record[Phase] = mine ? Idle : this[Phase];
            }

            Conclude(verdict, version, time);
        }

        /// <summary>An activation was taken back without a reboot.</summary>
        internal void RevertEnded(uint trial, bool wasOnTrial, ResultCode reason, byte[] digest, string version, long time)
        {
            Record[ConcludedTrial] = trial;
            if (wasOnTrial)
            {
                TrialEnded(trial, digest, version, reason, time);
            }
            else
            {
                Failed(reason, digest, version, time);
            }
        }

        /// <summary>The update in hand was refused, failed, or was cancelled before a trial.</summary>
        internal void Failed(ResultCode code, byte[] digest, string version, long time)
        {
            ResultCode last = (ResultCode)this[LastCode];
            bool sameVersion = GetVersion(LastVersion) == version;

            // That an update is known to be bad says less than what made it so.
            if (code == ResultCode.UpToDate || (code == ResultCode.KnownBad && sameVersion && last >= ResultCode.SelfTestFailed))
            {
                return;
            }

            // What lies in the slots is of no use when it was found wrong itself.
            if (RetryRule.SpoilsContent(code) && IsAbout(digest))
            {
                Record[Phase] = Idle;
            }
            else if (last == code && sameVersion)
            {
                // The same once more, perhaps each time the device connects: not worth wearing the flash.
                return;
            }

            Conclude(code, version, time);
        }

        private void Conclude(ResultCode code, string version, long time)
        {
            Record[LastCode] = (uint)code;
            Record[LastTime] = (uint)time;
            PutText(LastVersion, VersionLength, version);

            // A journal that cannot be written is reported when it is needed: an update is not activated without it.
            Record.Save();
        }

        // The oldest one known is forgotten.
        private void AddKnownBad(byte[] digest, uint retry)
        {
            if (!IsKnownBad(digest, retry))
            {
                for (int at = KnownBadEnd - 1; at >= KnownBad + KnownBadLength; at--)
                {
                    _content[at] = _content[at - KnownBadLength];
                }

                Array.Copy(digest, 0, _content, KnownBad, 16);
                Record[KnownBad + 16] = retry;
            }
        }

        private void PutText(int at, int room, string text)
        {
            Array.Clear(_content, at, room);
            byte[] bytes = Encoding.UTF8.GetBytes(text == null ? string.Empty : text);
            Array.Copy(bytes, 0, _content, at, bytes.Length < room ? bytes.Length : room - 1);
        }

        private static bool IsPlain(byte c)
        {
            return c >= ' ' && c <= '~' && c != '"' && c != '\\';
        }
    }
}
