// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System.Runtime.CompilerServices;
using System.Text;

namespace nanoOta
{
    /// <summary>
    /// The slots of a board whose firmware was built with nanoOta's native code (targets/): ESP32 and STM32 alike. Also the
    /// journal's store, which lies in the same partition as the slot record.
    /// </summary>
    /// <remarks>Native methods answer with result codes; what they fill in is the slot record as it is stored.</remarks>
    public sealed class NativeSlots : IFirmwareSlots, IRecordStore
    {
        private const int RecordLength = 512;

        // What NativeGetState answers besides the record: bits 0 and 1 are the running firmware's and the active deployment's index.
        private const int SecondFirmware = 1;
        private const int SecondDeploy = 2;
        private const int OnTrial = 4;
        private const int Fallback = 8;
        private const int TwoFirmwares = 16;

        private readonly byte[] _record = new byte[RecordLength];

        /// <inheritdoc/>
        public int Count => NativeJournalCapacity();

        /// <inheritdoc/>
        public void GetStatus(string applicationVersion, ModuleStatus status)
        {
            int state = NativeGetState(_record);
            SlotRecordReader.Read(_record, state & SecondFirmware, (state & OnTrial) != 0, applicationVersion, status);
            string deploy = (state & SecondDeploy) != 0 ? "deploy_1" : "deploy_0";
            status.Slot = (state & TwoFirmwares) == 0 ? deploy : ((state & SecondFirmware) != 0 ? "ota_1/" : "ota_0/") + deploy;
            status.HasFallback = (state & Fallback) != 0;
        }

        /// <inheritdoc/>
        public int Capacity(FirmwareParts part)
        {
            return NativeCapacity((int)part);
        }

        /// <inheritdoc/>
        public ResultCode Open(FirmwareParts part, int offset)
        {
            return (ResultCode)NativeOpen((int)part, offset);
        }

        /// <inheritdoc/>
        public ResultCode Write(byte[] buffer, int count)
        {
            return (ResultCode)NativeWrite(buffer, count);
        }

        /// <inheritdoc/>
        public ResultCode EraseTail()
        {
            return (ResultCode)NativeEraseTail();
        }

        /// <inheritdoc/>
        public ResultCode Read(FirmwareParts part, bool idle, int offset, byte[] buffer, int count)
        {
            return (ResultCode)NativeRead((int)part, idle, offset, buffer, count);
        }

        /// <inheritdoc/>
        public ResultCode Hash(FirmwareParts part, bool idle, int offset, int count, byte[] state, int at)
        {
            return (ResultCode)NativeHash((int)part, idle, offset, count, state, at);
        }

        /// <inheritdoc/>
        public ResultCode Activate(FirmwareParts parts, byte[] digest, string version, string applicationVersion, int trialSeconds)
        {
            return (ResultCode)NativeActivate((int)parts, digest, Encoding.UTF8.GetBytes(version), Encoding.UTF8.GetBytes(applicationVersion), trialSeconds);
        }

        /// <inheritdoc/>
        public ResultCode Confirm()
        {
            return (ResultCode)NativeConfirm();
        }

        /// <inheritdoc/>
        public ResultCode Revert(ResultCode reason)
        {
            return (ResultCode)NativeRevert((int)reason);
        }

        /// <inheritdoc/>
        public bool Read(int place, byte[] record)
        {
            return NativeJournalRead(place, record);
        }

        /// <inheritdoc/>
        public bool Write(int place, byte[] record)
        {
            return NativeJournalWrite(place, record);
        }

        [MethodImpl(MethodImplOptions.InternalCall)]
        private static extern int NativeGetState(byte[] record);

        [MethodImpl(MethodImplOptions.InternalCall)]
        private static extern int NativeCapacity(int part);

        [MethodImpl(MethodImplOptions.InternalCall)]
        private static extern int NativeOpen(int part, int offset);

        [MethodImpl(MethodImplOptions.InternalCall)]
        private static extern int NativeWrite(byte[] data, int count);

        [MethodImpl(MethodImplOptions.InternalCall)]
        private static extern int NativeEraseTail();

        [MethodImpl(MethodImplOptions.InternalCall)]
        private static extern int NativeRead(int part, bool idle, int offset, byte[] data, int count);

        [MethodImpl(MethodImplOptions.InternalCall)]
        private static extern int NativeHash(int part, bool idle, int offset, int count, byte[] state, int at);

        [MethodImpl(MethodImplOptions.InternalCall)]
        private static extern int NativeActivate(int parts, byte[] digest, byte[] version, byte[] applicationVersion, int trialSeconds);

        [MethodImpl(MethodImplOptions.InternalCall)]
        private static extern int NativeConfirm();

        [MethodImpl(MethodImplOptions.InternalCall)]
        private static extern int NativeRevert(int reason);

        [MethodImpl(MethodImplOptions.InternalCall)]
        private static extern int NativeJournalCapacity();

        [MethodImpl(MethodImplOptions.InternalCall)]
        private static extern bool NativeJournalRead(int place, byte[] record);

        [MethodImpl(MethodImplOptions.InternalCall)]
        private static extern bool NativeJournalWrite(int place, byte[] record);
    }
}
