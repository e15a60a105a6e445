// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;

namespace nanoOta
{
    /// <summary>
    /// A component that has two places: the active one, and an idle one that the next update is written to. Derive from it, and say how a
    /// place is opened, written and read; add what activating and reverting take, if they take more than another place to be the active
    /// one. What is durable lies in one record, so each step has happened or has not.
    /// </summary>
    public abstract partial class PairModule : UpdateModule
    {
        /// <summary>The length of its record, in bytes.</summary>
        public const int RecordLength = PairRecord.Length;

        // Work of many steps.
        private const int None = 0;
        private const int Installing = 1;
        private const int Testing = 2;
        private const int Accepting = 3;
        private const int Restoring = 4;

        private readonly string _id;
        private readonly string _factoryVersion;
        private readonly PairRecord _record;
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
            _record = new PairRecord(store);
        }

        /// <summary>Whether the device must reboot for another place to take effect. Two components that need it share one reboot.</summary>
        public bool RebootsDevice;

        /// <summary>Says what lies in the active place before the first update: an image that the factory wrote there. Later it does nothing.</summary>
        /// <param name="size">Its length, in bytes.</param>
        /// <returns>False when it cannot be recorded.</returns>
        public bool Adopt(int size)
        {
            uint phase = Phase;
            if (SizeOf(Active) != 0 || phase != PairRecord.Idle)
            {
                return phase != PairRecord.Unread;
            }

            _record[PairRecord.Size + 4 * Active] = (uint)size;
            _record.PutText(PairRecord.Version + PairRecord.VersionLength * Active, _factoryVersion);
            return _record.Enter(PairRecord.Idle);
        }

        /// <inheritdoc/>
        public override bool Handles(string id)
        {
            return id == _id;
        }

        /// <inheritdoc/>
        public override string VersionOf(string id)
        {
            return Phase == PairRecord.Unread ? null : VersionAt(InUse);
        }

        /// <inheritdoc/>
        public override void GetStatus(ModuleStatus status)
        {
            uint phase = Phase;
            status.Trial = phase == PairRecord.Trial ? TrialPhase.Running : phase == PairRecord.Ended ? TrialPhase.Ended : phase == PairRecord.Idle ? TrialPhase.None
                : phase == PairRecord.Unread ? TrialPhase.Unknown : TrialPhase.Activating;
            status.Verdict = (ResultCode)_record[PairRecord.Reason];
            status.TrialId = _record[PairRecord.TrialId];
            status.TrialVersion = _record.GetText(PairRecord.TrialVersion);
            status.ConfirmedVersion = _record.GetText(PairRecord.ConfirmedVersion);
            Array.Copy(_record.Durable, PairRecord.TrialDigest, status.TrialDigest, 0, Sha256.DigestLength);
            Array.Copy(_record.Durable, PairRecord.ConfirmedDigest, status.ConfirmedDigest, 0, Sha256.DigestLength);
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
            uint phase = Phase;

            // Which place is idle only the record knows.
            return phase == PairRecord.Unread ? ResultCode.FlashFailed : phase == PairRecord.Trial ? ResultCode.SlotBusy : Open(1 - Active, offset, component.Size);
        }

        /// <inheritdoc/>
        public override ResultCode Write(byte[] buffer, int count)
        {
            ResultCode code = _position == 0 ? Judge(_component, buffer, count) : ResultCode.None;
            if (code == ResultCode.None)
            {
                code = Put(1 - Active, _position, buffer, count);
                _position += code == ResultCode.None ? count : 0;
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
                uint phase = Phase;
                if (phase == PairRecord.Unread)
                {
                    return ResultCode.FlashFailed;
                }

                if (phase == PairRecord.Trial && Bytes.Equal(_record.Durable, PairRecord.TrialDigest, digest, 0, Sha256.DigestLength))
                {
                    return ResultCode.None;
                }

                ManifestComponent component = manifest.Find(_id);
                int place = 1 - Active;
                _record[PairRecord.Reason] = 0;
                _record[PairRecord.TrialId] = _record[PairRecord.TrialId] + 1;
                _record[PairRecord.Size + 4 * place] = (uint)component.Size;
                Array.Copy(component.Sha256, 0, _record.Next, PairRecord.ImageHash + Sha256.DigestLength * place, Sha256.DigestLength);
                _record.PutText(PairRecord.Version + PairRecord.VersionLength * place, component.Version.Core);
                Array.Copy(digest, 0, _record.Next, PairRecord.TrialDigest, Sha256.DigestLength);
                _record.PutText(PairRecord.TrialVersion, manifest.Version.Text);
                ResultCode saved = Enter(PairRecord.Activating);
                if (saved != ResultCode.None)
                {
                    return saved;
                }
            }

            ResultCode code = Do(Installing, 1 - Active);
            _needsReboot |= code == ResultCode.None && RebootsDevice;
            return code;
        }

        /// <inheritdoc/>
        public override ResultCode Reboot()
        {
            uint phase = Phase;
            if (phase != PairRecord.Activating && phase != PairRecord.Trial)
            {
                return ResultCode.None;
            }

            ResultCode code = Do(Testing, 1 - Active);
            return code != ResultCode.None || phase == PairRecord.Trial ? code : Enter(PairRecord.Trial);
        }

        /// <inheritdoc/>
        public override ResultCode Confirm()
        {
            uint phase = Phase;
            if (phase != PairRecord.Trial)
            {
                return phase == PairRecord.Unread ? ResultCode.FlashFailed : ResultCode.None;
            }

            ResultCode code = Do(Accepting, 1 - Active);
            if (code != ResultCode.None)
            {
                return code;
            }

            _record[PairRecord.ActivePlace] = (uint)(1 - Active);
            Array.Copy(_record.Durable, PairRecord.TrialDigest, _record.Next, PairRecord.ConfirmedDigest, Sha256.DigestLength);
            Array.Copy(_record.Durable, PairRecord.TrialVersion, _record.Next, PairRecord.ConfirmedVersion, PairRecord.VersionLength);
            _isPrepared = false;
            return Enter(PairRecord.Idle);
        }

        /// <inheritdoc/>
        public override ResultCode Revert(ResultCode reason)
        {
            uint phase = Phase;
            _isPrepared = false;
            if (phase == PairRecord.Unread)
            {
                return ResultCode.FlashFailed;
            }

            if (phase == PairRecord.Idle || phase == PairRecord.Ended)
            {
                _failure = ResultCode.None;
                return ResultCode.None;
            }

            if (phase != PairRecord.Reverting)
            {
                // What was begun for this update is no part of the next one, even if this cannot be recorded.
                _work = None;
                _record[PairRecord.Reason] = (uint)reason;
                ResultCode saved = Enter(PairRecord.Reverting);
                if (saved != ResultCode.None)
                {
                    return saved;
                }

                // What the device has not rebooted into need not be rebooted away from.
                _needsReboot = RebootsDevice && phase == PairRecord.Trial && !_needsReboot;
            }

            ResultCode code = Do(Restoring, Active);
            return code == ResultCode.None ? Enter(PairRecord.Ended) : code;
        }

        /// <inheritdoc/>
        public override bool NeedsReboot()
        {
            return _needsReboot;
        }

        /// <inheritdoc/>
        public override string Describe()
        {
            uint phase = Phase;
            ResultCode failure = phase == PairRecord.Unread ? ResultCode.FlashFailed : _failure;
            string state = failure != ResultCode.None || phase == PairRecord.Reverting ? "failed" : phase == PairRecord.Trial ? "updated"
                : _isPrepared || phase == PairRecord.Activating ? "prepared" : "idle";
            string version = VersionOf(_id);
            string text = "\"" + _id + "\":{\"state\":\"" + state + "\",\"version\":" + (version == null ? "null" : "\"" + version + "\"");
            if (failure != ResultCode.None)
            {
                text += ",\"code\":" + ((int)failure).ToString();
            }

            return text + (_isTrouble ? ",\"trouble\":true}" : "}");
        }

        private uint Phase => _record.Read() ? _record[PairRecord.Phase] : PairRecord.Unread;

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
                Note(code, work >= Accepting);
            }

            return code;
        }

        private ResultCode Enter(uint phase)
        {
            if (_record.Enter(phase))
            {
                return ResultCode.None;
            }

            Note(ResultCode.FlashFailed, phase != PairRecord.Activating && phase != PairRecord.Trial);
            return ResultCode.FlashFailed;
        }

        // For the report. To confirm and to revert is not expected to fail.
        private void Note(ResultCode code, bool isFinal)
        {
            _failure = code;
            _isTrouble = code != ResultCode.None && isFinal;
        }
    }
}
