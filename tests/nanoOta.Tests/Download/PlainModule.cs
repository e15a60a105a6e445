namespace nanoOta.Tests.Download
{
    /// <summary>A module whose slots are bytes in memory, and whose record survives reboots when it is kept.</summary>
    internal sealed class PlainModule : UpdateModule
    {
        public const string Id = "deployment";

        private readonly ModuleStatus _record = new();
        private byte[] _slot = [];
        private byte[]? _before;
        private int _at;

        /// <summary>What runs.</summary>
        public byte[] Running { get; private set; } = [];

        /// <summary>Whether what runs changes with a reboot only.</summary>
        public bool RebootsToSwitch { get; init; }

        /// <summary>Whether such a reboot is due.</summary>
        public bool AwaitsReboot { get; set; }

        /// <summary>Called with each call that writes.</summary>
        public Action OnWork { get; set; } = () => { };

        public override bool Handles(string id) => id == Id;

        public override void GetStatus(ModuleStatus status)
        {
            status.Trial = AwaitsReboot ? TrialPhase.None : _record.Trial;
            status.Verdict = _record.Verdict;
            status.TrialId = _record.TrialId;
            status.TrialDigest = _record.TrialDigest;
            status.TrialVersion = _record.TrialVersion;
            status.ConfirmedDigest = _record.ConfirmedDigest;
            status.ConfirmedVersion = _record.ConfirmedVersion;
        }

        public override ResultCode Prepare(ManifestComponent component, int offset)
        {
            OnWork();
            _slot = offset == 0 ? new byte[component.Size] : _slot;
            _at = offset;
            return _slot.Length == component.Size ? ResultCode.None : ResultCode.FlashFailed;
        }

        public override ResultCode Write(byte[] buffer, int count)
        {
            OnWork();
            buffer.AsSpan(0, count).CopyTo(_slot.AsSpan(_at));
            _at += count;
            return ResultCode.None;
        }

        public override ResultCode Finish()
        {
            OnWork();
            return ResultCode.None;
        }

        public override ResultCode Read(ManifestComponent component, int offset, byte[] buffer, int count)
        {
            OnWork();
            _slot.AsSpan(offset, count).CopyTo(buffer);
            return ResultCode.None;
        }

        public override ResultCode Activate(UpdateManifest manifest, byte[] digest)
        {
            OnWork();
            _before ??= Running;
            Running = [.. _slot];
            _record.Trial = TrialPhase.Running;
            _record.TrialDigest = [.. digest];
            _record.TrialVersion = manifest.Version.Text;
            _record.TrialId++;
            AwaitsReboot = RebootsToSwitch;
            return ResultCode.None;
        }

        public override ResultCode Confirm()
        {
            OnWork();
            _before = null;
            _record.Trial = TrialPhase.None;
            _record.ConfirmedDigest = _record.TrialDigest;
            _record.ConfirmedVersion = _record.TrialVersion;
            return ResultCode.None;
        }

        public override ResultCode Revert(ResultCode reason)
        {
            OnWork();
            if (_record.Trial == TrialPhase.Running)
            {
                Running = _before!;
                _before = null;
                AwaitsReboot = RebootsToSwitch && !AwaitsReboot;
                _record.Trial = TrialPhase.Ended;
                _record.Verdict = reason;
            }

            return ResultCode.None;
        }

        public override bool NeedsReboot() => AwaitsReboot;
    }
}
