using nanoOta.VirtualDevice.Boot;
using nanoOta.VirtualDevice.Flash;
using nanoOta.VirtualDevice.Slots;
using nanoOta.VirtualDevice.PowerFail;

namespace nanoOta.Tests.PowerFail
{
    /// <summary>Slots as they are; defects override what they spoil.</summary>
    internal class DefectiveSlots(ISlotCore inner) : IFirmwareSlots
    {
        public virtual void GetStatus(string applicationVersion, ModuleStatus status)
        {
            inner.GetStatus(applicationVersion, status);
        }

        public virtual int Capacity(FirmwareParts part)
        {
            return inner.Capacity(part);
        }

        public virtual ResultCode Open(FirmwareParts part, int offset)
        {
            return inner.Open(part, offset);
        }

        public virtual ResultCode Write(byte[] buffer, int count)
        {
            return inner.Write(buffer, count);
        }

        public virtual ResultCode EraseTail()
        {
            return inner.EraseTail();
        }

        public virtual ResultCode Read(FirmwareParts part, bool idle, int offset, byte[] buffer, int count)
        {
            return inner.Read(part, idle, offset, buffer, count);
        }

        public virtual ResultCode Hash(FirmwareParts part, bool idle, int offset, int count, byte[] state, int at)
        {
            return inner.Hash(part, idle, offset, count, state, at);
        }

        public virtual ResultCode Activate(FirmwareParts parts, byte[] digest, string version, string applicationVersion, int trialSeconds)
        {
            return inner.Activate(parts, digest, version, applicationVersion, trialSeconds);
        }

        public virtual ResultCode Confirm()
        {
            return inner.Confirm();
        }

        public virtual ResultCode Revert(ResultCode reason)
        {
            return inner.Revert(reason);
        }
    }

    /// <summary>The tail of the slot keeps what was there.</summary>
    internal sealed class KeepsTail(ISlotCore inner) : DefectiveSlots(inner)
    {
        public override ResultCode EraseTail()
        {
            return ResultCode.None;
        }
    }

    /// <summary>Each block stays in RAM until the next one comes: the journal is written before the flash.</summary>
    internal sealed class WritesLate(ISlotCore inner) : DefectiveSlots(inner)
    {
        private byte[]? _late;

        public override ResultCode Open(FirmwareParts part, int offset)
        {
            _late = null;
            return base.Open(part, offset);
        }

        public override ResultCode Write(byte[] buffer, int count)
        {
            ResultCode code = Flush();
            _late = buffer[..count];
            return code;
        }

        public override ResultCode EraseTail()
        {
            ResultCode code = Flush();
            return code == ResultCode.None ? base.EraseTail() : code;
        }

        private ResultCode Flush()
        {
            byte[]? late = _late;
            _late = null;
            return late == null ? ResultCode.None : base.Write(late, late.Length);
        }
    }

    /// <summary>otadata names the new firmware before the slot record tells of its trial: two writes swapped.</summary>
    internal sealed class SwitchesFirst(ISlotCore inner, World world) : DefectiveSlots(inner)
    {
        private readonly ISlotCore _core = inner;

        public override ResultCode Activate(FirmwareParts parts, byte[] digest, string version, string applicationVersion, int trialSeconds)
        {
            if ((parts & FirmwareParts.Clr) != 0)
            {
                new OtaData(world.Flash, (int)world.Map.OtaData!.Offset, world.Map.Firmware.Count, new StateWrites()).SetBoot(1 - _core.Running);
            }

            return base.Activate(parts, digest, version, applicationVersion, trialSeconds);
        }
    }

    /// <summary>The record still says that the other firmware runs with the deployment slot which is being overwritten.</summary>
    internal sealed class KeepsDangling(ISlotCore inner, World world) : DefectiveSlots(inner)
    {
        public override ResultCode Open(FirmwareParts part, int offset)
        {
            int[] sectors = [.. world.Flash.Sectors.In(world.Map.Record.Offset, (uint)world.Map.Record.End)];
            byte[][] before = [.. sectors.Select(at => world.Flash.Read(at, NorFlash.BlockLength))];
            ResultCode code = base.Open(part, offset);
            for (int i = 0; i < sectors.Length; i++)
            {
                world.Flash.Replace(sectors[i], before[i]);
            }

            return code;
        }
    }

    /// <summary>An activation leaves the firmware that runs unbound where it was, as if it had a deployment of its own.</summary>
    internal sealed class ForgetsRunning(ISlotCore inner, World world) : DefectiveSlots(inner)
    {
        private readonly ISlotCore _core = inner;

        public override ResultCode Activate(FirmwareParts parts, byte[] digest, string version, string applicationVersion, int trialSeconds)
        {
            byte before = _core.Record.DeployFor[_core.Running];
            ResultCode code = base.Activate(parts, digest, version, applicationVersion, trialSeconds);
            var store = new SlotRecordStore(world.Flash, world.Map.Record, new StateWrites());
            SlotRecord record = store.Load();
            record.DeployFor[_core.Running] = before;
            store.Save(record);
            return code;
        }
    }
}
