using nanoOta.VirtualDevice.Flash;

namespace nanoOta.Tests.Devices
{
    /// <summary>
    /// Another processor beside the device's, whose firmware waits in a memory of its own (seed document 3). What it holds
    /// survives reboots; the module that takes care of it does not.
    /// </summary>
    internal sealed class OtherMcu(NorFlash power)
    {
        public byte[] Running { get; set; } = [1];

        public byte[] Staged { get; set; } = new byte[65536];

        public int StagedLength { get; set; }

        public bool MayHold { get; set; }

        public byte[]? Before { get; set; }

        public ModuleStatus Record { get; } = new();

        public ResultCode FailActivate { get; set; }

        public ResultCode FailConfirm { get; set; }

        public List<string> Calls { get; } = [];

        public UpdateModule Module()
        {
            return new McuModule(this);
        }

        private void Call(string name)
        {
            if (power.IsOff)
            {
                throw new InvalidOperationException("no power");
            }

            Calls.Add(name);
        }

        private sealed class McuModule(OtherMcu mcu) : UpdateModule
        {
            private int _at;

            public override bool Handles(string id)
            {
                return id == "mcu";
            }

            public override string VersionOf(string id)
            {
                return mcu.Record.ConfirmedVersion ?? "1.0.0";
            }

            public override void GetStatus(ModuleStatus status)
            {
                status.Trial = mcu.Record.Trial;
                status.Verdict = mcu.Record.Verdict;
                status.TrialId = mcu.Record.TrialId;
                status.TrialDigest = mcu.Record.TrialDigest;
                status.TrialVersion = mcu.Record.TrialVersion;
                status.ConfirmedDigest = mcu.Record.ConfirmedDigest;
                status.ConfirmedVersion = mcu.Record.ConfirmedVersion;
            }

            public override ResultCode Check(ManifestComponent component)
            {
                return component.Size <= mcu.Staged.Length ? ResultCode.None : ResultCode.TooLarge;
            }

            public override bool MayHold(ManifestComponent component) => mcu.MayHold;

            public override ResultCode Prepare(ManifestComponent component, int offset)
            {
                mcu.Call("prepare");
                _at = offset;
                return ResultCode.None;
            }

            public override ResultCode Write(byte[] buffer, int count)
            {
                buffer.AsSpan(0, count).CopyTo(mcu.Staged.AsSpan(_at));
                _at += count;
                return ResultCode.None;
            }

            public override ResultCode Finish()
            {
                mcu.StagedLength = _at;
                return ResultCode.None;
            }

            public override ResultCode Read(ManifestComponent component, int offset, byte[] buffer, int count)
            {
                mcu.Staged.AsSpan(offset, count).CopyTo(buffer);
                return ResultCode.None;
            }

            public override ResultCode Activate(UpdateManifest manifest, byte[] digest)
            {
                mcu.Call("activate");
                if (mcu.FailActivate != ResultCode.None)
                {
                    return mcu.FailActivate;
                }

                mcu.Before ??= mcu.Running;
                mcu.Running = mcu.Staged[..mcu.StagedLength];
                mcu.Record.Trial = TrialPhase.Running;
                mcu.Record.TrialDigest = (byte[])digest.Clone();
                mcu.Record.TrialVersion = manifest.Version.Text;
                mcu.Record.TrialId++;
                return ResultCode.None;
            }

            public override ResultCode Confirm()
            {
                mcu.Call("confirm");
                if (mcu.FailConfirm != ResultCode.None)
                {
                    return mcu.FailConfirm;
                }

                mcu.Before = null;
                mcu.Record.Trial = TrialPhase.None;
                mcu.Record.ConfirmedDigest = mcu.Record.TrialDigest;
                mcu.Record.ConfirmedVersion = mcu.Record.TrialVersion;
                return ResultCode.None;
            }

            public override ResultCode Revert(ResultCode reason)
            {
                mcu.Call("revert");
                if (mcu.Record.Trial == TrialPhase.Running)
                {
                    mcu.Running = mcu.Before!;
                    mcu.Before = null;
                    mcu.Record.Trial = TrialPhase.Ended;
                    mcu.Record.Verdict = reason;
                }

                return ResultCode.None;
            }
        }
    }
}
