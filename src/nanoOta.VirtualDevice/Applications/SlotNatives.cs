extern alias StandIns;

using System.Text;
using nanoOta.VirtualDevice.Slots;
using StandIns::nanoOta.StandIns;

namespace nanoOta.VirtualDevice.Applications
{
    /// <summary>
    /// The native code of a firmware with slots, as <c>nanoOta.Native</c> calls it: what targets/interop does on a device. Where the power
    /// is cut, the application does not go on.
    /// </summary>
    /// <param name="slots">The slots of this boot.</param>
    /// <param name="hasTwoFirmwares">Whether the layout has two firmware slots.</param>
    internal sealed class SlotNatives(ISlotCore slots, bool hasTwoFirmwares) : INativeCode
    {
        private readonly HostHasher _hasher = new();

        public int State(byte[] record) => Guarded(() =>
        {
            slots.Record.ToBytes().CopyTo(record, 0);
            return slots.Running | (slots.ActiveDeploy << 1) | (slots.IsOnTrial ? 4 : 0) | (slots.HasFallback ? 8 : 0) | (hasTwoFirmwares ? 16 : 0);
        });

        public int Capacity(int part) => Guarded(() => slots.Capacity((FirmwareParts)part));

        public int Open(int part, int offset) => Guarded(() => (int)slots.Open((FirmwareParts)part, offset));

        public int Write(byte[] data, int count) => Guarded(() => (int)slots.Write(data, count));

        public int EraseTail() => Guarded(() => (int)slots.EraseTail());

        public int Read(int part, bool idle, int offset, byte[] data, int count) => Guarded(() => (int)slots.Read((FirmwareParts)part, idle, offset, data, count));

        public int Hash(int part, bool idle, int offset, int count, byte[] state, int at)
        {
            return Guarded(() => (int)slots.Hash((FirmwareParts)part, idle, offset, count, state, at));
        }

        public int Activate(int parts, byte[] digest, byte[] version, byte[] applicationVersion, int trialSeconds)
        {
            return Guarded(() => (int)slots.Activate((FirmwareParts)parts, digest, Encoding.UTF8.GetString(version), Encoding.UTF8.GetString(applicationVersion), trialSeconds));
        }

        public int Confirm() => Guarded(() => (int)slots.Confirm());

        public int Revert(int reason) => Guarded(() => (int)slots.Revert((ResultCode)reason));

        public int JournalCapacity() => Guarded(() => slots.Journal.Count);

        public bool JournalRead(int place, byte[] record) => Guarded(() => slots.Journal.Read(place, record) ? 1 : 0) != 0;

        public bool JournalWrite(int place, byte[] record) => Guarded(() => slots.Journal.Write(place, record) ? 1 : 0) != 0;

        public void Append(byte[] state, int at, byte[] data, int offset, int count) => _hasher.Append(state, at, data, offset, count);

        public void Finish(byte[] state, int at, byte[] digest, int digestAt) => _hasher.Finish(state, at, digest, digestAt);

        public bool Verify(byte[] modulus, uint exponent, byte[] signature, byte[] digest)
        {
            var verifier = new ManagedRsaVerifier();
            verifier.Begin(modulus, exponent, signature, digest);
            ResultCode code;
            do
            {
                code = verifier.Step();
            }
            while (code == ResultCode.Pending);
            return code == ResultCode.None;
        }

        private static int Guarded(Func<int> call)
        {
            try
            {
                return call();
            }
            catch (PowerCutException)
            {
                DeviceSchedule.EndThread();
                throw;
            }
        }
    }
}
