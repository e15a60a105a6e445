namespace nanoOta.VirtualDevice.PowerFail
{
    /// <summary>Tells of each read from the active deployment before it happens.</summary>
    internal sealed class WatchedSlots(IFirmwareSlots inner, Action readsActive) : IFirmwareSlots
    {
        public void GetStatus(string applicationVersion, ModuleStatus status)
        {
            inner.GetStatus(applicationVersion, status);
        }

        public int Capacity(FirmwareParts part)
        {
            return inner.Capacity(part);
        }

        public ResultCode Open(FirmwareParts part, int offset)
        {
            return inner.Open(part, offset);
        }

        public ResultCode Write(byte[] buffer, int count)
        {
            return inner.Write(buffer, count);
        }

        public ResultCode EraseTail()
        {
            return inner.EraseTail();
        }

        public ResultCode Read(FirmwareParts part, bool idle, int offset, byte[] buffer, int count)
        {
            if (part == FirmwareParts.Deployment && !idle)
            {
                readsActive();
            }

            return inner.Read(part, idle, offset, buffer, count);
        }

        public ResultCode Hash(FirmwareParts part, bool idle, int offset, int count, byte[] state, int at)
        {
            return inner.Hash(part, idle, offset, count, state, at);
        }

        public ResultCode Activate(FirmwareParts parts, byte[] digest, string version, string applicationVersion, int trialSeconds)
        {
            return inner.Activate(parts, digest, version, applicationVersion, trialSeconds);
        }

        public ResultCode Confirm()
        {
            return inner.Confirm();
        }

        public ResultCode Revert(ResultCode reason)
        {
            return inner.Revert(reason);
        }
    }
}
