using nanoOta.VirtualDevice.Boot;
using nanoOta.VirtualDevice.Flash;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.VirtualDevice.Slots
{
    /// <summary>
    /// The model of the native slot code (targets/native): the boot hook that chooses the deployment before the CLR looks for
    /// it, and the slots as managed code sees them. <c>ota_state</c> begins with the slot record.
    /// </summary>
    public sealed partial class SlotCore : ISlotCore
    {
        // A version that crashes is given three boots; one whose power fails, more, because that may not be its fault.
        private const int MaxBootsAfterCrash = 3;
        private const int MaxBootsAfterPowerLoss = 10;

        private readonly NorFlash _flash;
        private readonly SlotMap _map;
        private readonly OtaData? _otaData;
        private readonly SlotRecordStore _store;
        private SlotRecord _record;
        private bool? _hasFallback; // hashing an image takes a device seconds: kept until slots change

        /// <summary>Takes over from the bootloader, which has chosen a firmware. <see cref="Hook"/> is next.</summary>
        public SlotCore(NorFlash flash, SlotMap map, OtaData? otaData, int running, StateWrites writes)
        {
            _flash = flash;
            _map = map;
            _otaData = otaData;
            Running = running;
            Journal = new FlashRecordStore(flash, map, writes);
            _store = new SlotRecordStore(flash, map.Record, writes);
            _record = _store.Load();
        }

        /// <inheritdoc/>
        public int Running { get; }

        /// <inheritdoc/>
        public int ActiveDeploy { get; private set; }

        /// <inheritdoc/>
        public bool IsOnTrial { get; private set; }

        /// <inheritdoc/>
        public int WatchdogSeconds => IsOnTrial ? _record.TrialSeconds : 0;

        /// <inheritdoc/>
        public SlotRecord Record => _record;

        /// <inheritdoc/>
        public IRecordStore Journal { get; }

        string? ISlotCore.Disagreement => null;

        /// <inheritdoc/>
        public string ActiveSlot => _map.Firmware.Count > 1
            ? $"{_map.Firmware[Running].Label}/{_map.Deploy[ActiveDeploy].Label}" : _map.Deploy[ActiveDeploy].Label;

        /// <inheritdoc/>
        public bool HasFallback => _hasFallback ??= FindFallback();

        /// <inheritdoc/>
        public bool Hook(ResetCause cause)
        {
            bool withFirmware = (_record.TrialParts & FirmwareParts.Clr) != 0;
            bool isTrialFirmware = withFirmware && Running == _record.TrialFirmware;
            bool pending = _otaData?.StateOf(Running) == OtaState.PendingVerify;
            if (_record.HasTrial)
            {
                if (withFirmware && !isTrialFirmware)
                {
                    End(AfterFallback(cause));
                }
                else if (cause == ResetCause.Watchdog)
                {
                    End(ResultCode.TrialHung);
                }
                else if (_record.TrialBoots >= (cause == ResetCause.PowerOn ? MaxBootsAfterPowerLoss : MaxBootsAfterCrash))
                {
                    End(cause == ResetCause.Panic ? ResultCode.TrialCrashed : ResultCode.TrialInterrupted);
                }
                else
                {
                    IsOnTrial = true;
                    if (!pending)
                    {
                        // With ESP-IDF's own trial the bootloader counts: to one.
                        _record.TrialBoots++;
                        Save();
                    }
                }
            }

            if (isTrialFirmware && !IsOnTrial && _otaData != null && LeaveRejected(_otaData))
            {
                return false;
            }

            if (!IsOnTrial && _otaData != null)
            {
                Settle(_otaData);
            }

            byte deploy = IsOnTrial ? _record.TrialDeploy : _record.DeployFor[Running];
            ActiveDeploy = deploy != SlotRecord.None ? deploy : _record.DeployFor[1 - Running] & 1;
            return true;
        }

        /// <inheritdoc/>
        public void GetStatus(string applicationVersion, ModuleStatus status)
        {
            SlotRecordReader.Read(_record.ToBytes(), Running, IsOnTrial, applicationVersion, status);
            status.Slot = ActiveSlot;
            status.HasFallback = HasFallback;
        }

        private bool FindFallback()
        {
            if (_map.Firmware.Count == 1 || !Bootloader.IsWhole(_flash, _map.Firmware[1 - Running]))
            {
                return false;
            }

            byte deploy = _record.DeployFor[1 - Running];
            return ClrModel.CanRun(_flash, _map.Firmware[1 - Running], _map.Deploy[deploy == SlotRecord.None ? ActiveDeploy : deploy]);
        }

        // What runs has been rejected: its entry had been confirmed, or the rejection was cut short. True when otadata now names the
        // other firmware, and a reset leads to it. Were that one damaged, or otadata past writing, this one would have to do.
        private bool LeaveRejected(OtaData otaData)
        {
            int other = 1 - Running;
            if (!Bootloader.IsWhole(_flash, _map.Firmware[other]))
            {
                return false;
            }

            if (otaData.Named == Running)
            {
                otaData.Mark(OtaState.Invalid);
            }

            if (otaData.Named != other)
            {
                otaData.SetBoot(other);
            }

            return otaData.Named == other;
        }

        // Outside a trial, otadata must name the firmware that runs, and for good. It does not where the one it names is damaged:
        // were that slot written again, the next power-up would boot what nobody activated. Nor where a choice was cut short.
        private void Settle(OtaData otaData)
        {
            int named = otaData.Named;
            if (named >= 0 && named != Running)
            {
                otaData.SetBoot(Running);
            }

            if (otaData.StateOf(Running) is OtaState.New or OtaState.PendingVerify)
            {
                otaData.Mark(OtaState.Valid);
            }
        }

        // What was not written did not happen.
        private bool Save()
        {
            bool saved = _store.Save(_record);
            _record = saved ? _record : _store.Load();
            _hasFallback = null;
            return saved;
        }

        private void End(ResultCode verdict)
        {
            _record.Verdict = verdict;
            Save();
        }

        // The bootloader has gone back to another firmware, or never left it.
        private ResultCode AfterFallback(ResetCause cause)
        {
            bool tried = _otaData?.StateOf(_record.TrialFirmware) == OtaState.Aborted;
            return tried && cause == ResetCause.Watchdog ? ResultCode.TrialHung
                : tried && cause == ResetCause.Panic ? ResultCode.TrialCrashed : ResultCode.TrialInterrupted;
        }
    }
}
