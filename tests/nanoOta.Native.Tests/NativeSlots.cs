using System.Runtime.InteropServices;
using System.Text;
using nanoOta.VirtualDevice.Boot;
using nanoOta.VirtualDevice.Flash;
using nanoOta.VirtualDevice.Images;
using nanoOta.VirtualDevice.Slots;

namespace nanoOta.Native.Tests
{
    /// <summary>The C core around a flash: what SlotCore is in the virtual device.</summary>
    internal sealed unsafe class NativeSlots : IDisposable
    {
        private readonly NativeFlash _tables;
        private readonly void* _slots = NativeMemory.Alloc(NativeCore.nota_test_size_of_slots());

        public NativeSlots(NorFlash flash, SlotMap map, int running)
        {
            _tables = new NativeFlash(flash, map);
            NativeCore.FlashTable flashTable = _tables.Flash;
            NativeCore.ImagesTable imagesTable = _tables.Images;
            NativeCore.Map places = Places(map);
            Assert.Equal(1, NativeCore.nota_slots_start(_slots, &flashTable, &imagesTable, &places, (byte)running));
        }

        public int ActiveDeploy => NativeCore.nota_slots_active_deploy(_slots);

        public int WatchdogSeconds => NativeCore.nota_slots_watchdog_seconds(_slots);

        public uint State => NativeCore.nota_slots_state(_slots);

        public int JournalCapacity => (int)NativeCore.nota_journal_capacity(_slots);

        public byte[] Record
        {
            get
            {
                var bytes = new byte[SlotRecord.Length];
                fixed (byte* to = bytes)
                {
                    NativeCore.nota_slots_record(_slots, to);
                }

                return bytes;
            }
        }

        public static NativeCore.Map Places(SlotMap map)
        {
            return new NativeCore.Map
            {
                Firmware0 = Of(map.Firmware[0]),
                Firmware1 = map.Firmware.Count > 1 ? Of(map.Firmware[1]) : default,
                FirmwareCount = (byte)map.Firmware.Count,
                Deploy0 = Of(map.Deploy[0]),
                Deploy1 = Of(map.Deploy[1]),
                OtaData = map.OtaData == null ? default : Of(map.OtaData),
                Record = Of(map.Record),
                Journal = Of(map.Journal),
            };
        }

        public bool Hook(ResetCause cause)
        {
            return NativeCore.nota_slots_hook(_slots, (int)cause) != 0;
        }

        public int Capacity(FirmwareParts part)
        {
            return (int)NativeCore.nota_slots_capacity(_slots, (int)part);
        }

        public ResultCode Open(FirmwareParts part, int offset)
        {
            return (ResultCode)NativeCore.nota_slots_open(_slots, (int)part, (uint)offset);
        }

        public ResultCode Write(byte[] buffer, int count)
        {
            fixed (byte* data = buffer)
            {
                return (ResultCode)NativeCore.nota_slots_write(_slots, data, (uint)count);
            }
        }

        public ResultCode EraseTail()
        {
            return (ResultCode)NativeCore.nota_slots_erase_tail(_slots);
        }

        public ResultCode Read(FirmwareParts part, bool idle, int offset, byte[] buffer, int count)
        {
            fixed (byte* to = buffer)
            {
                return (ResultCode)NativeCore.nota_slots_read(_slots, (int)part, idle ? (byte)1 : (byte)0, (uint)offset, to, (uint)count);
            }
        }

        // As nota_port_hash does it.
        public ResultCode Hash(FirmwareParts part, bool idle, int offset, int count, byte[] state, int at)
        {
            using var sha = new NativeSha256();
            sha.Import(state.AsSpan(at));
            var code = (ResultCode)NativeCore.nota_slots_hash(_slots, (int)part, idle ? (byte)1 : (byte)0, (uint)offset, (uint)count, sha.State);
            if (code == ResultCode.None)
            {
                sha.Export().CopyTo(state, at);
            }

            return code;
        }

        public ResultCode Activate(FirmwareParts parts, byte[] digest, string version, string applicationVersion, int trialSeconds)
        {
            var set = new byte[64 + 24 + 32];
            digest.CopyTo(set, 88);
            fixed (byte* to = set, text = Encoding.UTF8.GetBytes(version + '\0'), application = Encoding.UTF8.GetBytes(applicationVersion + '\0'))
            {
                NativeCore.nota_set_text(to, 64, text, (nuint)Encoding.UTF8.GetByteCount(version));
                NativeCore.nota_set_text(to + 64, 24, application, (nuint)Encoding.UTF8.GetByteCount(applicationVersion));
                return (ResultCode)NativeCore.nota_slots_activate(_slots, (byte)parts, to, (uint)trialSeconds);
            }
        }

        public ResultCode Confirm()
        {
            return (ResultCode)NativeCore.nota_slots_confirm(_slots);
        }

        public ResultCode Revert(ResultCode reason)
        {
            return (ResultCode)NativeCore.nota_slots_revert(_slots, (uint)reason);
        }

        public bool ReadJournal(int place, byte[] record)
        {
            fixed (byte* to = record)
            {
                return NativeCore.nota_journal_read(_slots, (uint)place, to) != 0;
            }
        }

        public bool WriteJournal(int place, byte[] record)
        {
            fixed (byte* from = record)
            {
                return NativeCore.nota_journal_write(_slots, (uint)place, from) != 0;
            }
        }

        public void Dispose()
        {
            NativeMemory.Free(_slots);
            _tables.Dispose();
        }

        private static NativeCore.Area Of(Partition partition)
        {
            return new NativeCore.Area { Offset = partition.Offset, Size = partition.Size };
        }
    }
}
