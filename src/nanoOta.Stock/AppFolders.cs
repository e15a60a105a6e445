// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;
using System.IO;
using System.Runtime.CompilerServices;
using System.Threading;

namespace nanoOta
{
    /// <summary>
    /// The module for the component <c>app</c>: the application of a device with unmodified nanoFramework firmware. It lies in one
    /// of two folders on the internal drive; a record in two files says which.
    /// </summary>
    public sealed partial class AppFolders : UpdateModule
    {
        /// <summary>Id of the one component: the application's assemblies in one file.</summary>
        public const string Component = "app";

        // Of resets, managed code does not learn the cause. A crash brings the next boot at once, so a few are allowed for the power.
        private const int MaxBoots = 5;

        /// <summary>How long a file that cannot be read is waited for.</summary>
        internal const int UnreadableSeconds = 30;

        private readonly string _root;
        private readonly int _space;
        private readonly int _heap;
        private readonly ClrRuntime _runtime;
        private readonly AppRecord _record;
        private int _running;
        private bool _needsReboot;
        private int _at;

        /// <summary>Whether what this boot runs is on trial.</summary>
        internal bool IsOnTrial;

        /// <summary>
        /// Makes the module, which is the boot: the record is read, a trial's boot is counted before anything of it is loaded.
        /// Make it first of all, while the heap is empty; once for each boot. A record that cannot be read is waited for, up to 30 s; then no
        /// application runs, nothing is written, and <see cref="Watch"/> reboots.
        /// </summary>
        /// <param name="root">The folder for everything, with a backslash at its end, for example <c>I:\nanoota\</c>.</param>
        /// <param name="space">Bytes that both applications may take together. The drive does not tell what it has left.</param>
        /// <param name="runtime">The CLR.</param>
        /// <param name="reserve">Bytes of the heap that are kept for what agent and application allocate while they run.</param>
        /// <exception cref="IOException">There is no such drive.</exception>
        public AppFolders(string root, int space, ClrRuntime runtime, int reserve)
        {
            _root = root;
            _space = space;
            _runtime = runtime;
            _heap = runtime.FreeHeap() - reserve;
            Directory.CreateDirectory(root + "a");
            Directory.CreateDirectory(root + "b");
            _record = new AppRecord(new FileRecordStore(root + "record"));
            for (int waited = 1; _record.IsUnreadable && waited <= UnreadableSeconds; waited++)
            {
                // Not to know which application is installed is not to have none. One damaged file of two is given up in the end.
                Thread.Sleep(1000);
                _record.Load(waited == UnreadableSeconds);
            }

            byte[] record = _record.Record;
            if (record[AppRecord.Trial] != 0 && Bytes.GetUInt32(record, AppRecord.Verdict) == 0)
            {
                if (record[AppRecord.Boots] >= MaxBoots)
                {
                    Bytes.PutUInt32(record, AppRecord.Verdict, (uint)ResultCode.TrialCrashed);
                    _record.Save();
                }
                else
                {
                    // What cannot be counted is not started: nothing would end it.
                    record[AppRecord.Boots]++;
                    IsOnTrial = _record.Save() == ResultCode.None;
                }
            }

            int active = _record.Record[AppRecord.Active];
            _running = IsOnTrial ? 1 - active : _record.Size(active) > 0 ? active : -1;
        }

        /// <inheritdoc/>
        public override bool Handles(string id)
        {
            return id == Component;
        }

        /// <summary>The version of the application that this boot runs: for <see cref="UpdateAgentOptions.ApplicationVersion"/>.</summary>
        /// <param name="id">The component's id.</param>
        /// <returns>The version; 0.0.0 when there is no application, or its record says none.</returns>
        public override string VersionOf(string id)
        {
            string version = _running < 0 ? null : _record.GetSet(_running, new byte[Sha256.DigestLength]);
            return SemanticVersion.Parse(version) == null ? "0.0.0" : version;
        }

        /// <inheritdoc/>
        public override void GetStatus(ModuleStatus status)
        {
            if (_record.IsUnreadable)
            {
                status.Trial = IsOnTrial ? TrialPhase.Running : TrialPhase.Unknown;
                return;
            }

            byte[] record = _record.Record;
            int active = record[AppRecord.Active];
            status.Verdict = (ResultCode)Bytes.GetUInt32(record, AppRecord.Verdict);
            bool ended = record[AppRecord.Trial] != 0 && status.Verdict != ResultCode.None;
            status.Trial = IsOnTrial ? TrialPhase.Running : ended ? TrialPhase.Ended : TrialPhase.None;
            status.TrialId = Bytes.GetUInt32(record, AppRecord.TrialId);
            status.TrialVersion = _record.GetSet(1 - active, status.TrialDigest);
            status.ConfirmedVersion = _record.GetSet(active, status.ConfirmedDigest);
            status.Slot = _running < 0 ? "loader" : _running == 0 ? "a" : "b";
            status.HasFallback = IsOnTrial || record[AppRecord.Fallback] != 0;
        }

        /// <inheritdoc/>
        public override ResultCode Check(ManifestComponent component)
        {
            // The CLR runs an application in the heap, and nothing of the one before is in it after the reboot.
            return component.Size > _space - _record.Size(_record.Record[AppRecord.Active]) ? ResultCode.TooLarge
                : component.Size > _heap ? ResultCode.HeapTooSmall : ResultCode.None;
        }

        /// <inheritdoc/>
        public override bool MayHold(ManifestComponent component)
        {
            // To hash it in managed code takes as long as to fetch it, so there must be reason to believe it.
            return component.Size == _record.Size(1 - _record.Record[AppRecord.Active]);
        }

        /// <inheritdoc/>
        public override ResultCode Prepare(ManifestComponent component, int offset)
        {
            if (_running >= 0 && _record.IsUnreadable)
            {
                // It was read at boot, and lost since. Without an application, the reboot is waited for that makes it run.
                _record.Load(false);
            }

            if (IsOnTrial || _record.IsUnreadable)
            {
                return IsOnTrial ? ResultCode.SlotBusy : ResultCode.FlashFailed;
            }

            // Nobody may fall back to what is about to be overwritten.
            _at = offset;
            ResultCode code = ResultCode.None;
            byte[] record = _record.Record;
            if (record[AppRecord.Fallback] != 0)
            {
                record[AppRecord.Fallback] = 0;
                code = _record.Save();
            }

            // A file that has not come as far as the journal says is fetched anew.
            return code != ResultCode.None || FileRecordStore.Use(IdlePath, FileMode.OpenOrCreate, offset, null, 0) ? code
                : offset > 0 ? ResultCode.ReadBackMismatch : ResultCode.FlashFailed;
        }

        /// <inheritdoc/>
        public override ResultCode Write(byte[] buffer, int count)
        {
            _at += count;
            return FileRecordStore.Use(IdlePath, FileMode.OpenOrCreate, _at - count, buffer, count) ? ResultCode.None : ResultCode.FlashFailed;
        }

        /// <inheritdoc/>
        public override ResultCode Read(ManifestComponent component, int offset, byte[] buffer, int count)
        {
            return FileRecordStore.Use(IdlePath, FileMode.Open, offset, buffer, count) ? ResultCode.None : ResultCode.FlashFailed;
        }

        /// <inheritdoc/>
        public override ResultCode Verify(UpdateManifest manifest, byte[] buffer)
        {
            ManifestComponent component = manifest.Find(Component);
            return new AppImage(IdlePath, component.Size, _runtime).Check(component.Version.Core, buffer);
        }

        /// <inheritdoc/>
        public override ResultCode Activate(UpdateManifest manifest, byte[] digest)
        {
            byte[] record = _record.Record;
            record[AppRecord.Trial] = 1;
            record[AppRecord.Boots] = 0;
            Bytes.PutUInt32(record, AppRecord.Verdict, 0);
            Bytes.PutUInt32(record, AppRecord.TrialId, Bytes.GetUInt32(record, AppRecord.TrialId) + 1);
            _record.PutSet(1 - record[AppRecord.Active], manifest.Version.Text, digest, manifest.Find(Component).Size);
            _needsReboot = _record.Save() == ResultCode.None;
            return _needsReboot ? ResultCode.None : ResultCode.ActivationFailed;
        }

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.Synchronized)]
        public override ResultCode Confirm()
        {
            byte[] record = _record.Record;
            if (!IsOnTrial || Bytes.GetUInt32(record, AppRecord.Verdict) != 0)
            {
                return ResultCode.None;
            }

            record[AppRecord.Fallback] = (byte)(_record.Size(1 - _running) > 0 ? 1 : 0);
            record[AppRecord.Active] = (byte)_running;
            record[AppRecord.Trial] = 0;
            ResultCode code = _record.Save();
            IsOnTrial = code != ResultCode.None;
            return code;
        }

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.Synchronized)]
        public override ResultCode Revert(ResultCode reason)
        {
            if (!IsOnTrial && !_needsReboot)
            {
                return ResultCode.None;
            }

            // The first to end a trial says why.
            ResultCode code = ResultCode.None;
            byte[] record = _record.Record;
            if (Bytes.GetUInt32(record, AppRecord.Verdict) == 0)
            {
                Bytes.PutUInt32(record, AppRecord.Verdict, (uint)reason);
                code = _record.Save();
            }

            // Before the reboot into it, taking an activation back is enough; what runs on trial must be rebooted away from.
            _needsReboot = IsOnTrial && code == ResultCode.None;
            return code;
        }

        /// <inheritdoc/>
        public override bool NeedsReboot()
        {
            return _needsReboot;
        }

        private string IdlePath => PathOf(1 - _record.Record[AppRecord.Active]);

        private string PathOf(int folder)
        {
            return _root + (folder == 0 ? "a" : "b") + "\\app.bin";
        }
    }
}
