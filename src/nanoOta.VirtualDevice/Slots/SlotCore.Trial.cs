using nanoOta.VirtualDevice.Boot;

namespace nanoOta.VirtualDevice.Slots
{
    // The life of a trial, as managed code leads it.
    public sealed partial class SlotCore
    {
        /// <inheritdoc/>
        public ResultCode Activate(FirmwareParts parts, byte[] digest, string version, string applicationVersion, int trialSeconds)
        {
            bool withFirmware = (parts & FirmwareParts.Clr) != 0;
            int firmware = withFirmware ? 1 - Running : Running;
            if (IsOnTrial || _record.HasTrial || parts == FirmwareParts.None || trialSeconds is <= 0 or > ushort.MaxValue
                || (withFirmware && (_otaData == null || !Bootloader.IsWhole(_flash, _map.Firmware[firmware]))))
            {
                return ResultCode.ActivationFailed;
            }

            _openPart = FirmwareParts.None;
            _hasFallback = null;
            _record.TrialParts = parts;
            _record.TrialFirmware = (byte)firmware;
            _record.TrialDeploy = (byte)((parts & FirmwareParts.Deployment) != 0 ? 1 - ActiveDeploy : ActiveDeploy);
            _record.TrialBoots = 0;
            _record.TrialSeconds = (ushort)trialSeconds;
            _record.TrialId++;
            _record.Verdict = ResultCode.None;
            _record.Trial = new InstalledSet(version, applicationVersion, (byte[])digest.Clone());
            // What runs must run again when the trial fails. It may be bound to no deployment of its own, having taken over that of
            // a firmware which is damaged: an entry that is about to change.
            _record.DeployFor[Running] = (byte)ActiveDeploy;
            if (withFirmware)
            {
                _record.DeployFor[firmware] = _record.TrialDeploy;
            }

            if (!Save())
            {
                return ResultCode.ActivationFailed;
            }

            if (withFirmware)
            {
                // The commit: before this the old firmware boots and finds that the trial never began.
                _otaData!.SetBoot(firmware);
            }

            return ResultCode.None;
        }

        /// <inheritdoc/>
        public ResultCode Confirm()
        {
            if (!IsOnTrial || !_record.HasTrial)
            {
                return ResultCode.None;
            }

            // First the bootloader's entry: cut in between, the trial is simply run once more.
            if ((_record.TrialParts & FirmwareParts.Clr) != 0)
            {
                _otaData!.Mark(OtaState.Valid);
            }

            _record.DeployFor[Running] = _record.TrialDeploy;
            _record.Sets[Running] = _record.Trial;
            _record.TrialParts = FirmwareParts.None;
            if (!Save())
            {
                return ResultCode.FlashFailed;
            }

            IsOnTrial = false;
            return ResultCode.None;
        }

        /// <inheritdoc/>
        public ResultCode Revert(ResultCode reason)
        {
            if (!_record.HasTrial)
            {
                return ResultCode.None;
            }

            _record.Verdict = reason;
            if (!Save())
            {
                return ResultCode.FlashFailed;
            }

            if ((_record.TrialParts & FirmwareParts.Clr) != 0)
            {
                if (IsOnTrial)
                {
                    _otaData!.Mark(OtaState.Invalid);
                }
                else
                {
                    // Not booted yet: what runs is chosen again, and must not become a trial itself.
                    Settle(_otaData!);
                }
            }

            return ResultCode.None;
        }
    }
}
