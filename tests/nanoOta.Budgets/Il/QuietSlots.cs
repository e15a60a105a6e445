using nanoOta.VirtualDevice.Images;
using nanoOta.VirtualDevice.Slots;

namespace nanoOta.Budgets.Il
{
    /// <summary>Slots in memory that allocate nothing once they are made, and count no instructions: they stand for native code. They outlive a reboot.</summary>
    internal sealed class QuietSlots : IFirmwareSlots
    {
        private readonly byte[] _idle;
        private readonly byte[] _clr = SampleImages.Esp32("1.16.0.0", 4096);
        private readonly byte[] _digest = new byte[Sha256.DigestLength];
        private string _version = "1.0.0";
        private bool _isOnTrial;
        private int _position;

        /// <summary>Makes an idle slot of so many bytes.</summary>
        public QuietSlots(int capacity)
        {
            _idle = new byte[capacity];
        }

        /// <inheritdoc/>
        public void GetStatus(string applicationVersion, ModuleStatus status)
        {
            status.Trial = _isOnTrial ? TrialPhase.Running : TrialPhase.None;
            status.TrialId = _isOnTrial ? 1u : 0;
            status.TrialVersion = _version;
            status.ConfirmedVersion = applicationVersion;
            status.Slot = "deploy_0";
            _digest.CopyTo(_isOnTrial ? status.TrialDigest : status.ConfirmedDigest, 0);
        }

        /// <inheritdoc/>
        public int Capacity(FirmwareParts part)
        {
            return part == FirmwareParts.Deployment ? _idle.Length : 0;
        }

        /// <inheritdoc/>
        public ResultCode Open(FirmwareParts part, int offset)
        {
            _position = offset;
            return ResultCode.None;
        }

        /// <inheritdoc/>
        public ResultCode Write(byte[] buffer, int count)
        {
            Array.Copy(buffer, 0, _idle, _position, count);
            _position += count;
            return ResultCode.None;
        }

        /// <inheritdoc/>
        public ResultCode EraseTail()
        {
            Array.Fill(_idle, (byte)0xFF, _position, _idle.Length - _position);
            return ResultCode.None;
        }

        /// <inheritdoc/>
        public ResultCode Read(FirmwareParts part, bool idle, int offset, byte[] buffer, int count)
        {
            byte[] slot = part == FirmwareParts.Clr ? _clr : _idle;
            int held = Math.Clamp(slot.Length - offset, 0, count);
            Array.Copy(slot, Math.Min(offset, slot.Length), buffer, 0, held);
            Array.Fill(buffer, (byte)0xFF, held, count - held);
            return ResultCode.None;
        }

        /// <inheritdoc/>
        public ResultCode Hash(FirmwareParts part, bool idle, int offset, int count, byte[] state, int at)
        {
            byte[] slot = part == FirmwareParts.Clr ? _clr : _idle;
            HostHasher.Append(state.AsSpan(at, HostHasher.StateLength), slot.AsSpan(offset, count));
            return ResultCode.None;
        }

        /// <inheritdoc/>
        public ResultCode Activate(FirmwareParts parts, byte[] digest, string version, string applicationVersion, int trialSeconds)
        {
            digest.CopyTo(_digest, 0);
            _version = version;
            _isOnTrial = true;
            return ResultCode.None;
        }

        /// <inheritdoc/>
        public ResultCode Confirm()
        {
            _isOnTrial = false;
            return ResultCode.None;
        }

        /// <inheritdoc/>
        public ResultCode Revert(ResultCode reason)
        {
            return ResultCode.None;
        }
    }
}
