// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;
using System.IO;

namespace nanoOta
{
    /// <summary>
    /// The module for the component <c>app</c>: the application of a device with unmodified nanoFramework firmware. It lies in one
    /// of two folders on the internal drive; a record in two files says which (docs/stock-firmware.md).
    /// </summary>
    public sealed class AppFolders : IUpdateModule
    {
        /// <summary>Id of the one component: the application's assemblies in one file.</summary>
        public const string Component = "app";

        // Of resets, managed code does not learn the cause. A crash brings the next boot at once, so a few are allowed for the power.
        private const int MaxBoots = 5;

        private readonly string _root;
        private readonly int _space;
        private readonly int _heap;
        private readonly IAppRuntime _runtime;
        private readonly AppRecord _record;
        private int _running;
        private bool _onTrial;
        private bool _needsReboot;
        private int _at;

        /// <summary>
        /// Makes the module, which is the boot: the record is read, a trial's boot is counted before anything of it is loaded.
        /// Make it first of all, while the heap is empty; once for each boot.
        /// </summary>
        /// <param name="root">The folder for everything, with a backslash at its end, for example <c>I:\nanoota\</c>.</param>
        /// <param name="space">Bytes that both applications may take together. The drive does not tell what it has left.</param>
        /// <param name="runtime">The CLR.</param>
        /// <exception cref="IOException">There is no such drive.</exception>
        public AppFolders(string root, int space, IAppRuntime runtime)
        {
            _root = root;
            _space = space;
            _runtime = runtime;
            _heap = runtime.FreeHeap();
            Directory.CreateDirectory(root + "a");
            Directory.CreateDirectory(root + "b");
            _record = new AppRecord(new FileJournalStore(root + "record"));
            byte[] record = _record.Record;
            if (record[AppRecord.Trial] != 0 && Bytes.GetUInt32(record, AppRecord.Verdict) == 0)
            {
                if (record[AppRecord.Boots] == MaxBoots)
                {
                    End(ResultCode.TrialCrashed);
                }
                else
                {
                    // What cannot be counted is not started: nothing would end it.
                    record[AppRecord.Boots]++;
                    _onTrial = _record.Save() == ResultCode.None;
                }
            }

            int active = _record.Record[AppRecord.Active];
            _running = _onTrial ? _record.Idle : _record.IsWhole(active) ? active : -1;
        }

        /// <summary>What is kept of the heap for what the application allocates while it runs, in bytes.</summary>
        public int HeapReserve = 32768;

        /// <summary>The version of the application that this boot runs: for <see cref="UpdateAgentOptions.ApplicationVersion"/>. 0.0.0: none.</summary>
        public string Version => _running < 0 ? "0.0.0" : _record.Version(_running);

        internal bool IsOnTrial => _onTrial;

        /// <inheritdoc/>
        public bool Handles(string id)
        {
            return id == Component;
        }

        /// <inheritdoc/>
        public string VersionOf(string id)
        {
            return Version;
        }

        /// <inheritdoc/>
        public void GetStatus(ModuleStatus status)
        {
            byte[] record = _record.Record;
            int active = record[AppRecord.Active];
            status.Verdict = (ResultCode)Bytes.GetUInt32(record, AppRecord.Verdict);
            bool ended = record[AppRecord.Trial] != 0 && status.Verdict != ResultCode.None;
            status.Trial = _onTrial ? TrialPhase.Running : ended ? TrialPhase.Ended : TrialPhase.None;
            status.TrialId = Bytes.GetUInt32(record, AppRecord.TrialId);
            status.TrialVersion = _record.Version(1 - active);
            CopyDigest(1 - active, status.TrialDigest);
            bool installed = _record.IsWhole(active);
            status.AppliedVersion = installed ? _record.Version(active) : null;
            Array.Clear(status.AppliedDigest, 0, Sha256.DigestLength);
            if (installed)
            {
                CopyDigest(active, status.AppliedDigest);
            }

            status.Place = _running < 0 ? "loader" : _running == 0 ? "a" : "b";
            status.HasFallback = _record.IsWhole(_onTrial ? active : 1 - active);
        }

        /// <inheritdoc/>
        public ResultCode Check(ManifestComponent component)
        {
            // The CLR runs an application in the heap, and nothing of the one before is in it after the reboot.
            int active = _record.Record[AppRecord.Active];
            int taken = _record.IsWhole(active) ? _record.Size(active) : 0;
            return component.Size > _space - taken ? ResultCode.TooLarge
                : component.Size > _heap - HeapReserve ? ResultCode.HeapTooSmall : ResultCode.None;
        }

        /// <inheritdoc/>
        public ResultCode Prepare(ManifestComponent component, int offset)
        {
            if (_onTrial)
            {
                return ResultCode.SlotBusy;
            }

            int idle = _record.Idle;
            _at = offset;
            if (offset > 0)
            {
                return StockFile.Cut(PathOf(idle), offset) ? ResultCode.None : ResultCode.ReadBackMismatch;
            }

            // Nobody may fall back to what is about to be overwritten.
            ResultCode code = ResultCode.None;
            if (_record.IsWhole(idle))
            {
                _record.Record[AppRecord.Whole] &= (byte)(2 >> idle);
                code = _record.Save();
            }

            return code != ResultCode.None || StockFile.Delete(PathOf(idle)) ? code : ResultCode.FlashFailed;
        }

        /// <inheritdoc/>
        public ResultCode Write(byte[] buffer, int count)
        {
            if (_at == 0 && !(count >= AppImage.HeaderLength && AppImage.HasMarker(buffer)))
            {
                return ResultCode.ImageMalformed;
            }

            bool written = StockFile.Write(PathOf(_record.Idle), _at, buffer, count);
            _at += count;
            return written ? ResultCode.None : ResultCode.FlashFailed;
        }

        /// <inheritdoc/>
        public ResultCode Finish()
        {
            return ResultCode.None;
        }

        /// <inheritdoc/>
        public ResultCode Read(ManifestComponent component, int offset, byte[] buffer, int count)
        {
            return StockFile.Read(PathOf(_record.Idle), offset, buffer, count) ? ResultCode.None : ResultCode.FlashFailed;
        }

        /// <inheritdoc/>
        public ResultCode Verify(UpdateManifest manifest, byte[] buffer)
        {
            return AppImage.Check(PathOf(_record.Idle), manifest.Find(Component), _runtime, buffer);
        }

        /// <inheritdoc/>
        public ResultCode Update(UpdateManifest manifest, byte[] digest)
        {
            byte[] record = _record.Record;
            record[AppRecord.Trial] = 1;
            record[AppRecord.Boots] = 0;
            Bytes.PutUInt32(record, AppRecord.Verdict, 0);
            Bytes.PutUInt32(record, AppRecord.TrialId, Bytes.GetUInt32(record, AppRecord.TrialId) + 1);
            _record.PutSet(_record.Idle, manifest.Version.Text, digest, manifest.Find(Component).Size);
            _needsReboot = _record.Save() == ResultCode.None;
            return _needsReboot ? ResultCode.None : ResultCode.ActivationFailed;
        }

        /// <inheritdoc/>
        public ResultCode Apply()
        {
            lock (_record)
            {
                byte[] record = _record.Record;
                if (!_onTrial || Bytes.GetUInt32(record, AppRecord.Verdict) != 0)
                {
                    return ResultCode.None;
                }

                record[AppRecord.Whole] |= (byte)(1 << _running);
                record[AppRecord.Active] = (byte)_running;
                record[AppRecord.Trial] = 0;
                ResultCode code = _record.Save();
                _onTrial = code != ResultCode.None;
                return code;
            }
        }

        /// <inheritdoc/>
        public ResultCode Revert(ResultCode reason)
        {
            lock (_record)
            {
                if (!_onTrial && !_needsReboot)
                {
                    return ResultCode.None;
                }

                // Before the reboot into it, taking an activation back is enough; what runs on trial must be rebooted away from.
                // The first to end a trial says why.
                ResultCode code = Bytes.GetUInt32(_record.Record, AppRecord.Verdict) == 0 ? End(reason) : ResultCode.None;
                _needsReboot = _onTrial && code == ResultCode.None;
                return code;
            }
        }

        /// <inheritdoc/>
        public bool NeedsReboot()
        {
            return _needsReboot;
        }

        /// <inheritdoc/>
        public void Close()
        {
        }

        /// <summary>Loads what this boot runs.</summary>
        internal bool Load()
        {
            return AppImage.Load(PathOf(_running), _record.Size(_running), _runtime);
        }

        /// <summary>What this boot was to run does not start. Whether something else will after a reboot.</summary>
        internal bool GiveUp()
        {
            bool other = _onTrial ? Revert(ResultCode.NotStarted) == ResultCode.None : _record.IsWhole(_record.Idle);
            if (other && !_onTrial)
            {
                _record.Record[AppRecord.Active] = (byte)_record.Idle;
                _record.Record[AppRecord.Whole] &= (byte)(2 >> _running);
                other = _record.Save() == ResultCode.None;
            }

            _running = -1;
            return other;
        }

        private ResultCode End(ResultCode verdict)
        {
            Bytes.PutUInt32(_record.Record, AppRecord.Verdict, (uint)verdict);
            return _record.Save();
        }

        private void CopyDigest(int folder, byte[] digest)
        {
            Array.Copy(_record.Record, AppRecord.Sets + folder * AppRecord.SetLength + AppRecord.SetDigest, digest, 0, Sha256.DigestLength);
        }

        private string PathOf(int folder)
        {
            return _root + (folder == 0 ? "a" : "b") + "\\app.bin";
        }
    }
}
