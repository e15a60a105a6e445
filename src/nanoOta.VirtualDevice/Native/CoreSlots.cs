using System.Runtime.InteropServices;
using System.Text;
using nanoOta.VirtualDevice.Boot;
using nanoOta.VirtualDevice.Flash;
using nanoOta.VirtualDevice.Images;
using nanoOta.VirtualDevice.Slots;

namespace nanoOta.VirtualDevice.Native
{
    /// <summary>
    /// The C core around a flash: what SlotCore is in C#. Its structure, and every buffer that it is given, is memory of its own and of
    /// the exact length, so that a sanitizer sees an access beyond the end. Who calls must hold the object until the call returns.
    /// </summary>
    internal sealed unsafe class CoreSlots : IDisposable
    {
        private readonly NativeFlash _tables;
        private readonly void* _slots = NativeMemory.Alloc(NativeCore.nota_test_size_of_slots());

        public CoreSlots(NorFlash flash, SlotMap map, int running)
        {
            _tables = new NativeFlash(flash, map);
            NativeCore.FlashTable flashTable = _tables.Flash;
            NativeCore.ImagesTable imagesTable = _tables.Images;
            NativeCore.Map places = Places(map);
            if (NativeCore.nota_slots_start(_slots, &flashTable, &imagesTable, &places, (byte)running) == 0)
            {
                throw new ArgumentException("The C core refuses the map of this layout.", nameof(map));
            }
        }

        ~CoreSlots()
        {
            Free();
        }

        public bool IsOnTrial => NativeCore.nota_test_is_on_trial(_slots) != 0;

        public bool HasFallback => (State & NativeCore.StateFallback) != 0;

        public int ActiveDeploy => NativeCore.nota_slots_active_deploy(_slots);

        public int WatchdogSeconds => NativeCore.nota_slots_watchdog_seconds(_slots);

        public uint State => NativeCore.nota_slots_state(_slots);

        public int JournalCapacity => (int)NativeCore.nota_journal_capacity(_slots);

        public byte[] Record
        {
            get
            {
                var bytes = new byte[SlotRecord.Length];
                using var copy = new NativeBytes(bytes.Length);
                NativeCore.nota_slots_record(_slots, copy.Start);
                copy.CopyTo(bytes);
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
            using var copy = new NativeBytes(buffer.AsSpan(0, Math.Clamp(count, 0, buffer.Length)));
            return (ResultCode)NativeCore.nota_slots_write(_slots, copy.Start, (uint)count);
        }

        public ResultCode EraseTail()
        {
            return (ResultCode)NativeCore.nota_slots_erase_tail(_slots);
        }

        public ResultCode Read(FirmwareParts part, bool idle, int offset, byte[] buffer, int count)
        {
            using var copy = new NativeBytes(Math.Clamp(count, 0, buffer.Length));
            var code = (ResultCode)NativeCore.nota_slots_read(_slots, (int)part, idle ? (byte)1 : (byte)0, (uint)offset, copy.Start, (uint)count);
            if (code == ResultCode.None)
            {
                copy.CopyTo(buffer);
            }

            return code;
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
            using var set = new NativeBytes(64 + 24 + 32);
            using var text = new NativeBytes(Encoding.UTF8.GetBytes(version));
            using var application = new NativeBytes(Encoding.UTF8.GetBytes(applicationVersion));
            NativeCore.nota_set_text(set.Start, 64, text.Start, (nuint)text.Length);
            NativeCore.nota_set_text(set.Start + 64, 24, application.Start, (nuint)application.Length);
            digest.CopyTo(new Span<byte>(set.Start + 88, 32));
            return (ResultCode)NativeCore.nota_slots_activate(_slots, (byte)parts, set.Start, (uint)trialSeconds);
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
            using var copy = new NativeBytes(record.Length);
            bool read = NativeCore.nota_journal_read(_slots, (uint)place, copy.Start) != 0;
            copy.CopyTo(record);
            return read;
        }

        public bool WriteJournal(int place, byte[] record)
        {
            using var copy = new NativeBytes(record);
            return NativeCore.nota_journal_write(_slots, (uint)place, copy.Start) != 0;
        }

        public void Dispose()
        {
            Free();
            GC.SuppressFinalize(this);
        }

        private void Free()
        {
            NativeMemory.Free(_slots);
            _tables?.Dispose();
        }

        private static NativeCore.Area Of(Partition partition)
        {
            return new NativeCore.Area { Offset = partition.Offset, Size = partition.Size };
        }
    }
}
