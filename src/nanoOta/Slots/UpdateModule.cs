// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

namespace nanoOta
{
    /// <summary>
    /// Takes the components of one kind to their slots: firmware, an external MCU, a file. Derive from it to put something else
    /// through an update; what is not abstract has the usual answer. The life cycle is that of AosEdge's update modules: its Init is the
    /// constructor and <see cref="GetStatus"/>; then Prepare, Activate (its Update), Confirm (its Apply) or Revert, Reboot, Close.
    /// </summary>
    /// <remarks>
    /// No module is activated before all components are prepared, and until <see cref="Confirm"/> everything can be reverted, also after
    /// a power failure: a module keeps what it must know in its own durable record (<see cref="DurableRecord"/>), because the
    /// agent's journal may be lost. Only the agent's thread calls a module. Expected failures are result codes. What takes long is done
    /// in bounded steps: <see cref="Finish"/>, <see cref="Activate"/>, <see cref="Reboot"/>, <see cref="Confirm"/> and <see cref="Revert"/>
    /// may return <see cref="ResultCode.Pending"/> and are called again a millisecond later.
    /// </remarks>
    public abstract class UpdateModule
    {
        /// <summary>
        /// Components that reboot by themselves do so one after the other, that of the highest number first: one whose reboot takes another
        /// one along comes before it.
        /// </summary>
        public int RebootPriority;

        /// <summary>Tells whether this module takes a component.</summary>
        /// <param name="id">The component's id.</param>
        /// <returns>True when it does.</returns>
        public abstract bool Handles(string id);

        /// <summary>The version that is installed of a component.</summary>
        /// <param name="id">A component's id that this module handles.</param>
        /// <returns>The version; null, the usual answer, when it is not known.</returns>
        public virtual string VersionOf(string id)
        {
            return null;
        }

        /// <summary>Reads the module's own record: first after each boot, before anything else is asked of the module.</summary>
        /// <param name="status">Receives what it says; <see cref="TrialPhase.Unknown"/> when it cannot be read now.</param>
        public abstract void GetStatus(ModuleStatus status);

        /// <summary>Judges a component before its first byte is fetched.</summary>
        /// <param name="component">The component.</param>
        /// <returns><see cref="ResultCode.None"/>, or why not: it does not fit, the slot is busy.</returns>
        public virtual ResultCode Check(ManifestComponent component)
        {
            return ResultCode.None;
        }

        /// <summary>
        /// Tells whether the idle slot may hold the component already, so that it is worth hashing before a byte is fetched. Then
        /// <see cref="Prepare"/> may be called with the component's size as the offset, when nothing remains but <see cref="Finish"/>.
        /// </summary>
        /// <param name="component">The component.</param>
        /// <returns>False, the usual answer, when it is to be fetched.</returns>
        public virtual bool MayHold(ManifestComponent component)
        {
            return false;
        }

        /// <summary>Reads what is active of a component, so that what has not changed need not be fetched.</summary>
        /// <param name="component">The component.</param>
        /// <param name="offset">Where to begin, in bytes.</param>
        /// <param name="buffer">Receives the bytes from index 0 on.</param>
        /// <param name="count">How many to read.</param>
        /// <returns><see cref="ResultCode.None"/>, or why not; the usual answer is <see cref="ResultCode.FlashFailed"/>.</returns>
        public virtual ResultCode ReadActive(ManifestComponent component, int offset, byte[] buffer, int count)
        {
            return ResultCode.FlashFailed;
        }

        /// <summary>Opens the component's idle slot for writing. One component at a time is open.</summary>
        /// <param name="component">The component.</param>
        /// <param name="offset">Where to go on, in bytes; what was written before must lie there. 0: from the start.</param>
        /// <returns><see cref="ResultCode.None"/>, or why not.</returns>
        public abstract ResultCode Prepare(ManifestComponent component, int offset);

        /// <summary>Writes the next bytes of the open component. Durable when it returns.</summary>
        /// <param name="buffer">Holds them from index 0 on; the first call has the image's first 4 KiB, or all of a smaller one.</param>
        /// <param name="count">How many they are.</param>
        /// <returns><see cref="ResultCode.None"/>, or why not.</returns>
        public abstract ResultCode Write(byte[] buffer, int count);

        /// <summary>Ends the open component once all its bytes are written; for example, erases what lies behind it.</summary>
        /// <returns><see cref="ResultCode.Pending"/> to be called again, <see cref="ResultCode.None"/> when done, or why not.</returns>
        public virtual ResultCode Finish()
        {
            return ResultCode.None;
        }

        /// <summary>Reads back what was prepared.</summary>
        /// <param name="component">The component.</param>
        /// <param name="offset">Where to begin, in bytes.</param>
        /// <param name="buffer">Receives the bytes from index 0 on.</param>
        /// <param name="count">How many to read.</param>
        /// <returns><see cref="ResultCode.None"/>, or why not.</returns>
        public abstract ResultCode Read(ManifestComponent component, int offset, byte[] buffer, int count);

        /// <summary>Hashes what was prepared. A module whose slots can be hashed where they lie does better than this.</summary>
        /// <param name="component">The component.</param>
        /// <param name="offset">Where to go on, in bytes.</param>
        /// <param name="count">How many bytes to hash: at most 16 KiB.</param>
        /// <param name="hasher">Does the work.</param>
        /// <param name="state">The hash's state, from index 0 on.</param>
        /// <param name="buffer">The agent's buffer of 4 KiB, free for use.</param>
        /// <returns><see cref="ResultCode.None"/>, or why not.</returns>
        public virtual ResultCode Hash(ManifestComponent component, int offset, int count, IHasher hasher, byte[] state, byte[] buffer)
        {
            while (count > 0)
            {
                int part = count < buffer.Length ? count : buffer.Length;
                ResultCode code = Read(component, offset, buffer, part);
                if (code != ResultCode.None)
                {
                    return code;
                }

                hasher.Append(state, 0, buffer, 0, part);
                offset += part;
                count -= part;
            }

            return ResultCode.None;
        }

        /// <summary>Judges what was prepared as images that are to work together. Their hashes have been found right.</summary>
        /// <param name="manifest">The manifest; its components are prepared.</param>
        /// <param name="buffer">The agent's buffer of 4 KiB, free for use.</param>
        /// <returns><see cref="ResultCode.None"/>, or why not.</returns>
        public virtual ResultCode Verify(UpdateManifest manifest, byte[] buffer)
        {
            return ResultCode.None;
        }

        /// <summary>Activates what was prepared, on trial and durably. Called again after a power failure, it does the same once more.</summary>
        /// <param name="manifest">The manifest.</param>
        /// <param name="digest">The manifest's digest, 32 bytes, to be kept with the trial.</param>
        /// <returns><see cref="ResultCode.Pending"/> to be called again, <see cref="ResultCode.None"/> when done, or why not: the agent then reverts.</returns>
        public abstract ResultCode Activate(UpdateManifest manifest, byte[] digest);

        /// <summary>
        /// Reboots what has a reset of its own, if that is not done yet, and checks that the activated component works. Called once all but
        /// the leading module are activated, of the leading one once it is activated itself, and again after a boot of the device during a
        /// trial. The device's own reset is not its business: <see cref="NeedsReboot"/>.
        /// </summary>
        /// <returns><see cref="ResultCode.Pending"/> to be called again, <see cref="ResultCode.None"/> when it works, or why not: the agent then reverts.</returns>
        public virtual ResultCode Reboot()
        {
            return ResultCode.None;
        }

        /// <summary>Makes what is on trial final. Called again after a power failure, it does the same once more.</summary>
        /// <returns><see cref="ResultCode.Pending"/> to be called again, <see cref="ResultCode.None"/> when done, or why not: that is hardware trouble.</returns>
        public abstract ResultCode Confirm();

        /// <summary>Takes an activation back. Without one, does nothing.</summary>
        /// <param name="reason">Why; kept with the trial and found by <see cref="GetStatus"/> after the next boot.</param>
        /// <returns><see cref="ResultCode.Pending"/> to be called again, <see cref="ResultCode.None"/> when done, or why not: that is hardware trouble.</returns>
        public abstract ResultCode Revert(ResultCode reason);

        /// <summary>Tells whether the device must reboot for the last <see cref="Activate"/> or <see cref="Revert"/> to take effect.</summary>
        /// <returns>True when it must.</returns>
        public virtual bool NeedsReboot()
        {
            return false;
        }

        /// <summary>What is reported of this module's components; asked whenever the device reports.</summary>
        /// <returns>Members of a JSON object, such as <c>"motor":{"state":"idle","version":"1.2.0"}</c>; null, the usual answer: nothing.</returns>
        public virtual string Describe()
        {
            return null;
        }

        /// <summary>Gives up a component that is open. What was written stays, so that it can be gone on with.</summary>
        public virtual void Close()
        {
        }
    }

    /// <summary>What a module's own record says after a boot.</summary>
    public sealed class ModuleStatus
    {
        /// <summary>Whether a trial runs, has ended, or never was.</summary>
        public TrialPhase Trial;

        /// <summary>How an ended trial ended: one of the codes from <see cref="ResultCode.SelfTestFailed"/> on, or <see cref="ResultCode.Cancelled"/>.</summary>
        public ResultCode Verdict;

        /// <summary>What runs from where, for reports, for example <c>ota_0/deploy_1</c>; may be null.</summary>
        public string Slot;

        /// <summary>Whether another firmware could take over, were the one that runs to be damaged.</summary>
        public bool HasFallback;

        /// <summary>Tells trials apart: every activation has another number.</summary>
        public uint TrialId;

        /// <summary>The digest of the manifest on trial, running or ended.</summary>
        public byte[] TrialDigest = new byte[Sha256.DigestLength];

        /// <summary>The version on trial, running or ended.</summary>
        public string TrialVersion;

        /// <summary>The digest of the manifest that was confirmed last; zeros when it is not known.</summary>
        public byte[] ConfirmedDigest = new byte[Sha256.DigestLength];

        /// <summary>The version that was confirmed last; null when it is not known, or something else has been installed since.</summary>
        public string ConfirmedVersion;
    }

    /// <summary>Whether something is on trial.</summary>
    public enum TrialPhase
    {
        /// <summary>There has been no trial since the last confirmation.</summary>
        None,

        /// <summary>What runs now is on trial.</summary>
        Running,

        /// <summary>The last trial has ended without confirmation, and what ran before runs again.</summary>
        Ended,

        /// <summary>An activation or its reversal was begun and has not come to its end: the agent reverts it at boot.</summary>
        Activating,

        /// <summary>
        /// The module's record cannot be read now (<see cref="DurableRecord.IsUnreadable"/>): the agent asks again. A module that throws counts
        /// as this.
        /// </summary>
        Unknown,
    }
}
