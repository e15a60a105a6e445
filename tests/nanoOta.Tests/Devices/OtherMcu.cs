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

        public byte[]? Before { get; set; }

        public ModuleStatus Record { get; } = new();

        public ResultCode FailUpdate { get; set; }

        public ResultCode FailApply { get; set; }

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

            public bool Handles(string id)
            {
                return id == "mcu";
            }

            public string VersionOf(string id)
            {
                return mcu.Record.ConfirmedVersion ?? "1.0.0";
            }

            public void GetStatus(ModuleStatus status)
            {
                status.Trial = mcu.Record.Trial;
                status.Verdict = mcu.Record.Verdict;
                status.TrialId = mcu.Record.TrialId;
                status.TrialDigest = mcu.Record.TrialDigest;
                status.TrialVersion = mcu.Record.TrialVersion;
                status.ConfirmedDigest = mcu.Record.ConfirmedDigest;
                status.ConfirmedVersion = mcu.Record.ConfirmedVersion;
            }

            public ResultCode Check(ManifestComponent component)
            {
                return component.Size <= mcu.Staged.Length ? ResultCode.None : ResultCode.TooLarge;
            }

            public ResultCode Prepare(ManifestComponent component, int offset)
            {
                mcu.Call("prepare");
                _at = offset;
                return ResultCode.None;
            }

            public ResultCode Write(byte[] buffer, int count)
            {
                buffer.AsSpan(0, count).CopyTo(mcu.Staged.AsSpan(_at));
                _at += count;
                return ResultCode.None;
            }

            public ResultCode Finish()
            {
                mcu.StagedLength = _at;
                return ResultCode.None;
            }

            public ResultCode Read(ManifestComponent component, int offset, byte[] buffer, int count)
            {
                mcu.Staged.AsSpan(offset, count).CopyTo(buffer);
                return ResultCode.None;
            }

            public ResultCode Verify(UpdateManifest manifest, byte[] buffer)
            {
                return ResultCode.None;
            }

            public ResultCode Update(UpdateManifest manifest, byte[] digest)
            {
                mcu.Call("update");
                if (mcu.FailUpdate != ResultCode.None)
                {
                    return mcu.FailUpdate;
                }

                mcu.Before ??= mcu.Running;
                mcu.Running = mcu.Staged[..mcu.StagedLength];
                mcu.Record.Trial = TrialPhase.Running;
                mcu.Record.TrialDigest = (byte[])digest.Clone();
                mcu.Record.TrialVersion = manifest.Version.Text;
                mcu.Record.TrialId++;
                return ResultCode.None;
            }

            public ResultCode Apply()
            {
                mcu.Call("apply");
                if (mcu.FailApply != ResultCode.None)
                {
                    return mcu.FailApply;
                }

                mcu.Before = null;
                mcu.Record.Trial = TrialPhase.None;
                mcu.Record.ConfirmedDigest = mcu.Record.TrialDigest;
                mcu.Record.ConfirmedVersion = mcu.Record.TrialVersion;
                return ResultCode.None;
            }

            public ResultCode Revert(ResultCode reason)
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

            public bool NeedsReboot()
            {
                return false;
            }

            public void Close()
            {
            }
        }
    }
}
