// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;
using System.Text;

namespace nanoOta
{
    /// <summary>
    /// A component that has two places: the active one, and an idle one that the next update is written to. Derive from it, and say how a
    /// place is opened, written and read; add what activating and reverting take, if they take more than another place to be the active
    /// one. What is durable lies in one record, so each step has happened or has not.
    /// </summary>
    public abstract class PairModule : UpdateModule
    {
        /// <summary>The length of its record, in bytes.</summary>
        public const int RecordLength = 420;

        private const uint Kind = 0x5250614E;

        // Where the record's fields lie. The place's own come twice.
        private const int Phase = DurableRecord.FirstField;
        private const int Reason = 12;
        private const int TrialId = 16;
        private const int ActivePlace = 20;
        private const int Size = 24;
        private const int ConfirmedDigest = 32;
        private const int TrialDigest = 64;
        private const int ImageHash = 96;
        private const int ConfirmedVersion = 160;
        private const int TrialVersion = 224;
        private const int Version = 288;
        private const int VersionLength = 64;

        // Phases.
        private const uint Idle = 0;
        private const uint Activating = 1;
        private const uint Trial = 2;
        private const uint Reverting = 3;
        private const uint Ended = 4;

        // Work of many steps.
        private const int None = 0;
        private const int Installing = 1;
        private const int Testing = 2;
        private const int Accepting = 3;
        private const int Restoring = 4;

        private readonly string _id;
        private readonly string _factoryVersion;
        private readonly DurableRecord _record;
        private ManifestComponent _component;
        private int _position;
        private int _work;
        private bool _isPrepared;
        private bool _needsReboot;
        private ResultCode _failure;
        private bool _isTrouble;

        /// <summary>Makes the module and reads its record.</summary>
        /// <param name="id">The component's id.</param>
        /// <param name="store">Where the record's copies lie, <see cref="RecordLength"/> bytes each.</param>
        /// <param name="factoryVersion">The version of what was installed before the first update; null when it is not known.</param>
        protected PairModule(string id, IRecordStore store, string factoryVersion)
        {
            _id = id;
            _factoryVersion = factoryVersion;
            _record = new DurableRecord(store, Kind, RecordLength);
            _record.Load();
        }

        /// <summary>Whether the device must reboot for another place to take effect. Two components that need it share one reboot.</summary>
        public bool RebootsDevice;

        /// <summary>The place that is in use, 0 or 1: that of the trial while one runs.</summary>
        public int InUse => _record[Phase] == Trial ? 1 - Active : Active;

        /// <summary>The place that was confirmed last, 0 or 1; the other one is idle.</summary>
        protected int Active => (int)(_record[ActivePlace] & 1);

        /// <summary>How much a place holds, in bytes.</summary>
        protected abstract int Capacity { get; }

        /// <summary>The length of a place's image, in bytes; 0 when it is not known.</summary>
        /// <param name="place">0 or 1.</param>
        public int SizeOf(int place)
        {
            return (int)_record[Size + 4 * place];
        }

        /// <summary>Says what lies in the active place before the first update: an image that the factory wrote there. Later it does nothing.</summary>
        /// <param name="size">Its length, in bytes.</param>
        /// <returns>False when it cannot be recorded.</returns>
        public bool Adopt(int size)
        {
            if (SizeOf(Active) != 0 || _record[Phase] != Idle)
            {
                return true;
            }

            _record[Size + 4 * Active] = (uint)size;
            PutText(Version + VersionLength * Active, _factoryVersion);
            return Save();
        }

        /// <inheritdoc/>
        public override bool Handles(string id)
        {
            return id == _id;
        }

        /// <inheritdoc/>
        public override string VersionOf(string id)
        {
            return VersionAt(InUse);
        }

        /// <inheritdoc/>
        public override void GetStatus(ModuleStatus status)
        {
            uint phase = _record[Phase];
            status.Trial = phase == Trial ? TrialPhase.Running : phase == Ended ? TrialPhase.Ended : phase == Idle ? TrialPhase.None : TrialPhase.Activating;
            status.Verdict = (ResultCode)_record[Reason];
            status.TrialId = _record[TrialId];
            status.TrialVersion = GetText(TrialVersion);
            status.ConfirmedVersion = GetText(ConfirmedVersion);
            Array.Copy(_record.Content, TrialDigest, status.TrialDigest, 0, Sha256.DigestLength);
            Array.Copy(_record.Content, ConfirmedDigest, status.ConfirmedDigest, 0, Sha256.DigestLength);
        }

        /// <inheritdoc/>
        public override ResultCode Check(ManifestComponent component)
        {
            return component.Size <= Capacity ? ResultCode.None : ResultCode.TooLarge;
        }

        /// <inheritdoc/>
        public override ResultCode Prepare(ManifestComponent component, int offset)
        {
            _component = component;
            _position = offset;
            _isPrepared = false;
            return _record[Phase] == Trial ? ResultCode.SlotBusy : Open(1 - Active, offset, component.Size);
        }

        /// <inheritdoc/>
        public override ResultCode Write(byte[] buffer, int count)
        {
            ResultCode code = _position == 0 ? Judge(_component, buffer, count) : ResultCode.None;
            if (code == ResultCode.None)
            {
                code = Put(1 - Active, _position, buffer, count);
                _position += count;
            }

            return code;
        }

        /// <inheritdoc/>
        public override ResultCode Read(ManifestComponent component, int offset, byte[] buffer, int count)
        {
            return Get(1 - Active, offset, buffer, count);
        }

        /// <inheritdoc/>
        public override ResultCode Verify(UpdateManifest manifest, byte[] buffer)
        {
            _isPrepared = true;
            return ResultCode.None;
        }

        /// <inheritdoc/>
        public override ResultCode Activate(UpdateManifest manifest, byte[] digest)
        {
            if (_work != Installing)
            {
                if (_record[Phase] == Trial && Bytes.Equal(_record.Content, TrialDigest, digest, 0, Sha256.DigestLength))
                {
                    return ResultCode.None;
                }

                ManifestComponent component = manifest.Find(_id);
                int place = 1 - Active;
                _record[Phase] = Activating;
                _record[Reason] = 0;
                _record[TrialId]++;
                _record[Size + 4 * place] = (uint)component.Size;
                Array.Copy(component.Sha256, 0, _record.Content, ImageHash + Sha256.DigestLength * place, Sha256.DigestLength);
                PutText(Version + VersionLength * place, component.Version.Core);
                Array.Copy(digest, 0, _record.Content, TrialDigest, Sha256.DigestLength);
                PutText(TrialVersion, manifest.Version.Text);
                if (!Save())
                {
                    return ResultCode.FlashFailed;
                }
            }

            ResultCode code = Do(Installing, 1 - Active);
            _needsReboot |= code == ResultCode.None && RebootsDevice;
            return code;
        }

        /// <inheritdoc/>
        public override ResultCode Reboot()
        {
            uint phase = _record[Phase];
            if (phase != Activating && phase != Trial)
            {
                return ResultCode.None;
            }

            ResultCode code = Do(Testing, 1 - Active);
            return code != ResultCode.None || phase == Trial ? code : Enter(Trial);
        }

        /// <inheritdoc/>
        public override ResultCode Confirm()
        {
            if (_record[Phase] != Trial)
            {
                return ResultCode.None;
            }

            ResultCode code = Do(Accepting, 1 - Active);
            if (code != ResultCode.None)
            {
                return code;
            }

            _record[ActivePlace] = (uint)(1 - Active);
            Array.Copy(_record.Content, TrialDigest, _record.Content, ConfirmedDigest, Sha256.DigestLength);
            Array.Copy(_record.Content, TrialVersion, _record.Content, ConfirmedVersion, VersionLength);
            _isPrepared = false;
            return Enter(Idle);
        }

        /// <inheritdoc/>
        public override ResultCode Revert(ResultCode reason)
        {
            uint phase = _record[Phase];
            _isPrepared = false;
            if (phase == Idle || phase == Ended)
            {
                _failure = ResultCode.None;
                return ResultCode.None;
            }

            if (phase != Reverting)
            {
                // What the device has not rebooted into need not be rebooted away from.
                _needsReboot = RebootsDevice && phase == Trial && !_needsReboot;
                _record[Reason] = (uint)reason;
                ResultCode saved = Enter(Reverting);
                if (saved != ResultCode.None)
                {
                    return saved;
                }
            }

            ResultCode code = Do(Restoring, Active);
            return code == ResultCode.None ? Enter(Ended) : code;
        }

        /// <inheritdoc/>
        public override bool NeedsReboot()
        {
            return _needsReboot;
        }

        /// <inheritdoc/>
        public override string Describe()
        {
            uint phase = _record[Phase];
            string state = _failure != ResultCode.None || phase == Reverting ? "failed" : phase == Trial ? "updated"
                : _isPrepared || phase == Activating ? "prepared" : "idle";
            string version = VersionAt(InUse);
            string text = "\"" + _id + "\":{\"state\":\"" + state + "\",\"version\":" + (version == null ? "null" : "\"" + version + "\"");
            if (_failure != ResultCode.None)
            {
                text += ",\"code\":" + ((int)_failure).ToString();
            }

            return text + (_isTrouble ? ",\"trouble\":true}" : "}");
        }

        /// <summary>Judges the image by its first 4 KiB, before they are written.</summary>
        /// <param name="component">The component.</param>
        /// <param name="head">Holds them from index 0 on.</param>
        /// <param name="count">How many they are.</param>
        /// <returns><see cref="ResultCode.None"/>, the usual answer, or why not.</returns>
        protected virtual ResultCode Judge(ManifestComponent component, byte[] head, int count)
        {
            return ResultCode.None;
        }

        /// <summary>Opens a place for writing.</summary>
        /// <param name="place">The idle one.</param>
        /// <param name="offset">Where to go on, in bytes; 0: from the start.</param>
        /// <param name="size">The length of the image that comes, in bytes.</param>
        /// <returns><see cref="ResultCode.None"/>, or why not.</returns>
        protected abstract ResultCode Open(int place, int offset, int size);

        /// <summary>Writes the next bytes durably.</summary>
        /// <param name="place">The idle one.</param>
        /// <param name="offset">Where, in bytes: a multiple of 4096.</param>
        /// <param name="buffer">Holds them from index 0 on.</param>
        /// <param name="count">How many they are: 4096, at the image's end fewer.</param>
        /// <returns><see cref="ResultCode.None"/>, or why not.</returns>
        protected abstract ResultCode Put(int place, int offset, byte[] buffer, int count);

        /// <summary>Reads.</summary>
        /// <param name="place">0 or 1.</param>
        /// <param name="offset">Where, in bytes.</param>
        /// <param name="buffer">Receives the bytes from index 0 on.</param>
        /// <param name="count">How many.</param>
        /// <returns><see cref="ResultCode.None"/>, or why not.</returns>
        protected abstract ResultCode Get(int place, int offset, byte[] buffer, int count);

        /// <summary>Brings the idle place's image into effect. Nothing is to be done when readers go by <see cref="InUse"/>.</summary>
        /// <param name="place">The place.</param>
        /// <param name="begins">Whether this is the first call, and not one after <see cref="ResultCode.Pending"/>.</param>
        /// <returns><see cref="ResultCode.Pending"/> to be called again, <see cref="ResultCode.None"/> when done, or why not.</returns>
        protected virtual ResultCode Install(int place, bool begins)
        {
            return ResultCode.None;
        }

        /// <summary>Tells whether what was installed works; reboots it before, if it has a reset of its own.</summary>
        /// <inheritdoc cref="Install"/>
        protected virtual ResultCode Test(int place, bool begins)
        {
            return ResultCode.None;
        }

        /// <summary>Makes final what was installed, as far as the component itself has a say in it.</summary>
        /// <inheritdoc cref="Install"/>
        protected virtual ResultCode Accept(int place, bool begins)
        {
            return ResultCode.None;
        }

        /// <summary>Brings the former image back into effect, however far <see cref="Install"/> has come.</summary>
        /// <inheritdoc cref="Install"/>
        protected virtual ResultCode Restore(int place, bool begins)
        {
            return ResultCode.None;
        }

        /// <summary>The version of a place's image, a.b.c; null when it is not known.</summary>
        /// <param name="place">0 or 1.</param>
        protected string VersionAt(int place)
        {
            string version = GetText(Version + VersionLength * place);
            return version != null ? version : place == Active ? _factoryVersion : null;
        }

        /// <summary>The SHA-256 of a place's image, 32 bytes; zeros when it is not known.</summary>
        /// <param name="place">0 or 1.</param>
        protected byte[] HashOf(int place)
        {
            byte[] hash = new byte[Sha256.DigestLength];
            Array.Copy(_record.Content, ImageHash + Sha256.DigestLength * place, hash, 0, hash.Length);
            return hash;
        }

        private ResultCode Do(int work, int place)
        {
            // Work that throws is over.
            bool begins = _work != work;
            _work = None;
            ResultCode code = work == Installing ? Install(place, begins) : work == Testing ? Test(place, begins)
                : work == Accepting ? Accept(place, begins) : Restore(place, begins);
            if (code == ResultCode.Pending)
            {
                _work = work;
            }
            else
            {
                _failure = code;
                _isTrouble = code != ResultCode.None && work >= Accepting;
            }

            return code;
        }

        private ResultCode Enter(uint phase)
        {
            _record[Phase] = phase;
            return Save() ? ResultCode.None : ResultCode.FlashFailed;
        }

        // What cannot be made durable has not happened, also for who asks again before the next boot.
        private bool Save()
        {
            if (_record.Save())
            {
                return true;
            }

            _record.Load();
            return false;
        }

        private string GetText(int at)
        {
            byte[] content = _record.Content;
            int length = 0;
            while (length < VersionLength && content[at + length] > ' ' && content[at + length] < 0x7F && content[at + length] != '"' && content[at + length] != '\\')
            {
                length++;
            }

            return length == 0 ? null : Encoding.UTF8.GetString(content, at, length);
        }

        private void PutText(int at, string text)
        {
            Array.Clear(_record.Content, at, VersionLength);
            if (text != null)
            {
                byte[] bytes = Encoding.UTF8.GetBytes(text);
                Array.Copy(bytes, 0, _record.Content, at, bytes.Length < VersionLength ? bytes.Length : VersionLength);
            }
        }
    }
}
