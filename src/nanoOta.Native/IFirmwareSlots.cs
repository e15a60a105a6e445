// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;

namespace nanoOta
{
    /// <summary>The parts of a device's firmware that have an idle slot beside the active one.</summary>
    [Flags]
    public enum FirmwareParts
    {
        /// <summary>None.</summary>
        None = 0,

        /// <summary>The deployment: the application with the assemblies it uses.</summary>
        Deployment = 1,

        /// <summary>The nanoFramework firmware (nanoCLR).</summary>
        Clr = 2,
    }

    /// <summary>
    /// The slots of a device, as its native code keeps them: one slot record decides what boots, and survives any power cut.
    /// Expected failures are result codes. Each call blocks all managed threads, so each does little.
    /// </summary>
    /// <remarks>
    /// On a device without slots - another flash layout, or a firmware whose hook did not run - every call that gives a result answers
    /// <see cref="ResultCode.SlotBusy"/> and touches nothing; sizes are 0.
    /// </remarks>
    public interface IFirmwareSlots
    {
        /// <summary>
        /// Reads what the slot record says, and what runs from where: the deployment's slot, with the firmware's slot before it where there are
        /// two, for example <c>ota_0/deploy_1</c>; and whether the firmware in the other slot could take over.
        /// </summary>
        /// <param name="applicationVersion">
        /// The running application's own version, a.b.c: what was recorded for another application no longer holds.
        /// </param>
        /// <param name="status">Receives it.</param>
        void GetStatus(string applicationVersion, ModuleStatus status);

        /// <summary>The size of an idle slot.</summary>
        /// <param name="part">One part.</param>
        /// <returns>Bytes; 0 when the device has no second slot for this part.</returns>
        int Capacity(FirmwareParts part);

        /// <summary>
        /// Opens an idle slot for writing. Before its first erase, every record that would make an older firmware use this slot's
        /// content is durably cleared.
        /// </summary>
        /// <param name="part">One part.</param>
        /// <param name="offset">Where to go on, a multiple of 4096.</param>
        /// <returns><see cref="ResultCode.None"/>, <see cref="ResultCode.SlotBusy"/> or <see cref="ResultCode.FlashFailed"/>.</returns>
        ResultCode Open(FirmwareParts part, int offset);

        /// <summary>Programs the next bytes of the open slot, and erases each sector that begins there before.</summary>
        /// <param name="buffer">Holds them from index 0 on.</param>
        /// <param name="count">How many: 4096, or what remains of the image.</param>
        /// <returns>
        /// <see cref="ResultCode.None"/>, <see cref="ResultCode.FlashFailed"/>, or <see cref="ResultCode.ReadBackMismatch"/> when the image
        /// goes on in the middle of a sector that holds something else: it must be begun anew.
        /// </returns>
        ResultCode Write(byte[] buffer, int count);

        /// <summary>
        /// Erases the rest of the open slot, so that no stale assembly is found behind the image: at most 64 KiB in one call, or one
        /// sector where that is longer.
        /// </summary>
        /// <returns>
        /// <see cref="ResultCode.Pending"/> to be called again, <see cref="ResultCode.None"/>, <see cref="ResultCode.FlashFailed"/>, or
        /// <see cref="ResultCode.ReadBackMismatch"/> when something lies behind the image in its last sector.
        /// </returns>
        ResultCode EraseTail();

        /// <summary>Reads a slot.</summary>
        /// <param name="part">One part.</param>
        /// <param name="idle">The idle slot, or the active one.</param>
        /// <param name="offset">Where to begin, in bytes.</param>
        /// <param name="buffer">Receives the bytes from index 0 on.</param>
        /// <param name="count">How many to read.</param>
        /// <returns><see cref="ResultCode.None"/>; <see cref="ResultCode.FlashFailed"/> also beyond the slot's end.</returns>
        ResultCode Read(FirmwareParts part, bool idle, int offset, byte[] buffer, int count);

        /// <summary>
        /// Takes a range of a slot into a SHA-256, so that what was written is verified by reading it back without a copy in managed
        /// memory. A slot is hashed in several calls, one behind the other.
        /// </summary>
        /// <param name="part">One part.</param>
        /// <param name="idle">The idle slot, or the active one.</param>
        /// <param name="offset">Where to begin, in bytes.</param>
        /// <param name="count">How many bytes, up to 16384: some 10 ms on an ESP32-C3, 5 ms on an STM32F7, beside reading the flash.</param>
        /// <param name="state">Holds the state, as <see cref="IHasher"/> keeps it.</param>
        /// <param name="at">Where the state begins.</param>
        /// <returns>
        /// <see cref="ResultCode.None"/>; <see cref="ResultCode.FlashFailed"/> also beyond the slot's end and for a longer range. The state
        /// is then as it was.
        /// </returns>
        ResultCode Hash(FirmwareParts part, bool idle, int offset, int count, byte[] state, int at);

        /// <summary>Makes idle slots the ones that boot next, on trial: one atomic commit, whatever parts there are.</summary>
        /// <param name="parts">The parts that were written.</param>
        /// <param name="digest">The manifest's digest, 32 bytes.</param>
        /// <param name="version">The version, up to <see cref="SemanticVersion.MaxLength"/> characters.</param>
        /// <param name="applicationVersion">The version a.b.c that the application will have.</param>
        /// <param name="trialSeconds">After so long without confirmation the native watchdog resets the device: 1 to 65535 seconds.</param>
        /// <returns><see cref="ResultCode.None"/>; <see cref="ResultCode.ActivationFailed"/> also for other seconds.</returns>
        ResultCode Activate(FirmwareParts parts, byte[] digest, string version, string applicationVersion, int trialSeconds);

        /// <summary>Confirms what is on trial.</summary>
        /// <returns><see cref="ResultCode.None"/> or <see cref="ResultCode.FlashFailed"/>.</returns>
        ResultCode Confirm();

        /// <summary>Ends the trial, or takes back an activation before the reboot: the next boot is into what was confirmed.</summary>
        /// <param name="reason">Why; kept in the record.</param>
        /// <returns><see cref="ResultCode.None"/> or <see cref="ResultCode.FlashFailed"/>.</returns>
        ResultCode Revert(ResultCode reason);
    }
}
