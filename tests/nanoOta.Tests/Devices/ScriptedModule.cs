namespace nanoOta.Tests.Devices
{
    /// <summary>A module whose record a test sets, and whose answers it gives.</summary>
    internal sealed class ScriptedModule(string id) : UpdateModule
    {
        public ModuleStatus Record { get; } = new();

        public Func<ResultCode> OnConfirm { get; set; } = () => ResultCode.None;

        public Func<ResultCode> OnRevert { get; set; } = () => ResultCode.None;

        /// <summary>What GetStatus does before it reads the record: it may throw.</summary>
        public Action OnStatus { get; set; } = () => { };

        /// <summary>Whether the record cannot be read now.</summary>
        public bool IsUnreadable { get; set; }

        public bool RebootsDevice { get; init; }

        /// <summary>How often each method was called that the agent reaches a decision with.</summary>
        public int Reboots { get; private set; }

        public int Confirms { get; private set; }

        public int Reverts { get; private set; }

        private bool _needsReboot;

        /// <summary>As a trial that a power failure left behind.</summary>
        public ScriptedModule OnTrial(byte digest)
        {
            Record.Trial = TrialPhase.Running;
            Record.TrialDigest = [.. Enumerable.Repeat(digest, 32)];
            return this;
        }

        /// <summary>Returns the code so often, and then another one.</summary>
        public static Func<ResultCode> Answers(ResultCode code, int times, ResultCode then = ResultCode.None)
        {
            return () => times-- > 0 ? code : then;
        }

        public override bool Handles(string component) => component == id;

        public override void GetStatus(ModuleStatus status)
        {
            OnStatus();
            if (IsUnreadable)
            {
                status.Trial = TrialPhase.Unknown;
                return;
            }

            status.Trial = Record.Trial;
            status.Verdict = Record.Verdict;
            status.TrialId = Record.TrialId;
            status.TrialDigest = Record.TrialDigest;
            status.TrialVersion = Record.TrialVersion;
            status.ConfirmedDigest = Record.ConfirmedDigest;
            status.ConfirmedVersion = Record.ConfirmedVersion;
        }

        public override ResultCode Prepare(ManifestComponent component, int offset) => ResultCode.None;

        public override ResultCode Write(byte[] buffer, int count) => ResultCode.None;

        public override ResultCode Read(ManifestComponent component, int offset, byte[] buffer, int count)
        {
            Rig.Image.AsSpan(offset, count).CopyTo(buffer);
            return ResultCode.None;
        }

        public override ResultCode Activate(UpdateManifest manifest, byte[] digest)
        {
            Record.Trial = TrialPhase.Activating;
            Record.TrialDigest = [.. digest];
            Record.TrialVersion = manifest.Version.Text;
            Record.TrialId++;
            return ResultCode.None;
        }

        public override ResultCode Reboot()
        {
            Reboots++;
            Record.Trial = TrialPhase.Running;
            return ResultCode.None;
        }

        public override ResultCode Confirm()
        {
            Confirms++;
            ResultCode code = OnConfirm();
            if (code == ResultCode.None)
            {
                Record.Trial = TrialPhase.None;
                Record.ConfirmedDigest = Record.TrialDigest;
                Record.ConfirmedVersion = Record.TrialVersion;
            }

            return code;
        }

        public override ResultCode Revert(ResultCode reason)
        {
            Reverts++;
            if (Record.Trial is TrialPhase.None or TrialPhase.Ended)
            {
                return ResultCode.None;
            }

            Record.Verdict = Record.Trial == TrialPhase.Running ? reason : Record.Verdict;
            Record.Trial = TrialPhase.Activating;
            ResultCode code = OnRevert();
            if (code == ResultCode.None)
            {
                Record.Trial = TrialPhase.Ended;
                _needsReboot = RebootsDevice;
            }

            return code;
        }

        public override bool NeedsReboot() => _needsReboot;
    }
}
