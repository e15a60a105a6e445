// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;

namespace nanoOta.DeviceTests
{
    /// <summary>A component in memory, that needs no reboot to run.</summary>
    internal sealed class MemoryModule : UpdateModule
    {
        internal readonly byte[] Staged = new byte[16384];
        internal int Length;
        internal int Confirmed;
        internal int Reverted;
        internal bool IsWorn;
        private readonly ModuleStatus _record = new ModuleStatus();

        public override bool Handles(string id)
        {
            return id == "memory";
        }

        public override string VersionOf(string id)
        {
            return _record.ConfirmedVersion == null ? "1.0.0" : _record.ConfirmedVersion;
        }

        public override void GetStatus(ModuleStatus status)
        {
            status.Trial = _record.Trial;
            status.Verdict = _record.Verdict;
            status.TrialId = _record.TrialId;
            status.TrialDigest = _record.TrialDigest;
            status.TrialVersion = _record.TrialVersion;
            status.ConfirmedDigest = _record.ConfirmedDigest;
            status.ConfirmedVersion = _record.ConfirmedVersion;
        }

        public override ResultCode Check(ManifestComponent component)
        {
            return component.Size <= Staged.Length ? ResultCode.None : ResultCode.TooLarge;
        }

        public override ResultCode Prepare(ManifestComponent component, int offset)
        {
            Length = offset;
            return ResultCode.None;
        }

        public override ResultCode Write(byte[] buffer, int count)
        {
            Array.Copy(buffer, 0, Staged, Length, count);
            Length += count;
            return IsWorn ? ResultCode.FlashFailed : ResultCode.None;
        }

        public override ResultCode Read(ManifestComponent component, int offset, byte[] buffer, int count)
        {
            Array.Copy(Staged, offset, buffer, 0, count);
            return ResultCode.None;
        }

        public override ResultCode Activate(UpdateManifest manifest, byte[] digest)
        {
            _record.Trial = TrialPhase.Running;
            _record.TrialDigest = (byte[])digest.Clone();
            _record.TrialVersion = manifest.Version.Text;
            _record.TrialId++;
            return ResultCode.None;
        }

        public override ResultCode Confirm()
        {
            Confirmed++;
            _record.Trial = TrialPhase.None;
            _record.ConfirmedDigest = _record.TrialDigest;
            _record.ConfirmedVersion = _record.TrialVersion;
            return ResultCode.None;
        }

        public override ResultCode Revert(ResultCode reason)
        {
            if (_record.Trial == TrialPhase.Running)
            {
                Reverted++;
                _record.Trial = TrialPhase.Ended;
                _record.Verdict = reason;
            }

            return ResultCode.None;
        }
    }
}
