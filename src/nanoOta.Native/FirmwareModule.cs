// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;

namespace nanoOta
{
    /// <summary>
    /// The module for what nanoFramework itself runs: the components <c>deployment</c> and <c>clr</c>, which the slot record
    /// activates together in one commit. It knows the images' formats as far as a wrong one could stop a device.
    /// </summary>
    public sealed class FirmwareModule : IUpdateModule
    {
        // The native watchdog strikes this much after the agent would have given up the trial by itself.
        private const int WatchdogMargin = 60;

        // The slot record has 16 bits for the watchdog's seconds.
        private const int ShortestTrial = 60;
        private const int LongestTrial = 64000;

        private readonly IFirmwareSlots _slots;
        private readonly UpdateAgentOptions _options;
        private FirmwareParts _open;
        private ManifestComponent _component;
        private bool _atHead;
        private bool _needsReboot;

        /// <summary>Makes the module.</summary>
        /// <param name="slots">The device's slots.</param>
        /// <param name="options">
        /// The agent's options: the application's version, and how long a trial may take, 60 to 64,000 seconds. (On an ESP32 the
        /// watchdog's counter ends after some 28,600 seconds.)
        /// </param>
        /// <exception cref="ArgumentException">A trial of another length.</exception>
        public FirmwareModule(IFirmwareSlots slots, UpdateAgentOptions options)
        {
            if (options.TrialSeconds < ShortestTrial || options.TrialSeconds > LongestTrial)
            {
                throw new ArgumentException("TrialSeconds must be 60 to 64000.");
            }

            _slots = slots;
            _options = options;
        }

        /// <inheritdoc/>
        public bool Handles(string id)
        {
            return PartOf(id) != FirmwareParts.None;
        }

        /// <inheritdoc/>
        public string VersionOf(string id)
        {
            return PartOf(id) == FirmwareParts.Clr ? _slots.ClrVersion : _options.ApplicationVersion;
        }

        /// <inheritdoc/>
        public void GetStatus(ModuleStatus status)
        {
            _slots.GetStatus(_options.ApplicationVersion, status);
            status.Place = _slots.ActiveSlot;
            status.HasFallback = _slots.HasFallback;
        }

        /// <inheritdoc/>
        public ResultCode Check(ManifestComponent component)
        {
            return component.Size <= _slots.Capacity(PartOf(component.Id)) ? ResultCode.None : ResultCode.TooLarge;
        }

        /// <inheritdoc/>
        public ResultCode Prepare(ManifestComponent component, int offset)
        {
            _component = component;
            _open = PartOf(component.Id);
            _atHead = offset == 0;
            return _slots.Open(_open, offset);
        }

        /// <inheritdoc/>
        public ResultCode Write(byte[] buffer, int count)
        {
            if (_atHead)
            {
                // Before the first byte is written: what is wrong from the start need not be fetched to its end.
                _atHead = false;
                ResultCode code = _open == FirmwareParts.Clr
                    ? ClrImage.CheckHead(buffer, count, _slots, _component.Version)
                    : DeploymentImage.CheckHead(buffer, count);
                if (code != ResultCode.None)
                {
                    return code;
                }
            }

            return _slots.Write(buffer, count);
        }

        /// <inheritdoc/>
        public ResultCode Finish()
        {
            return _slots.EraseTail();
        }

        /// <inheritdoc/>
        public ResultCode Read(ManifestComponent component, int offset, byte[] buffer, int count)
        {
            return _slots.Read(PartOf(component.Id), true, offset, buffer, count);
        }

        /// <inheritdoc/>
        public ResultCode Verify(UpdateManifest manifest, byte[] buffer)
        {
            ManifestComponent clr = manifest.Find(ManifestComponent.Clr);
            ManifestComponent deployment = manifest.Find(ManifestComponent.Deployment);

            // The deployment that will run, against the CLR that will run it.
            ClrImage.ReadNatives(_slots, clr != null, buffer);
            return deployment != null
                ? DeploymentImage.Check(_slots, true, deployment.Size, deployment.Version, buffer)
                : DeploymentImage.Check(_slots, false, _slots.Capacity(FirmwareParts.Deployment), null, buffer);
        }

        /// <inheritdoc/>
        public ResultCode Update(UpdateManifest manifest, byte[] digest)
        {
            ManifestComponent deployment = manifest.Find(ManifestComponent.Deployment);
            FirmwareParts parts = deployment != null ? FirmwareParts.Deployment : FirmwareParts.None;
            parts |= manifest.Find(ManifestComponent.Clr) != null ? FirmwareParts.Clr : FirmwareParts.None;
            string application = deployment != null ? deployment.Version.Core : _options.ApplicationVersion;
            ResultCode code = _slots.Activate(parts, digest, manifest.Version.Text, application, _options.TrialSeconds + WatchdogMargin);
            _needsReboot = code == ResultCode.None;
            return code;
        }

        /// <inheritdoc/>
        public ResultCode Apply()
        {
            return _slots.Confirm();
        }

        /// <inheritdoc/>
        public ResultCode Revert(ResultCode reason)
        {
            ModuleStatus status = new ModuleStatus();
            GetStatus(status);
            bool running = status.Trial == TrialPhase.Running;
            if (!running && !_needsReboot)
            {
                return ResultCode.None;
            }

            // Before the reboot into it, taking an activation back is enough; what runs on trial must be rebooted away from.
            ResultCode code = _slots.Revert(reason);
            _needsReboot = running && code == ResultCode.None;
            return code;
        }

        /// <inheritdoc/>
        public bool NeedsReboot()
        {
            return _needsReboot;
        }

        /// <inheritdoc/>
        public void Close()
        {
            _open = FirmwareParts.None;
        }

        private static FirmwareParts PartOf(string id)
        {
            return id == ManifestComponent.Deployment ? FirmwareParts.Deployment
                : id == ManifestComponent.Clr ? FirmwareParts.Clr : FirmwareParts.None;
        }
    }
}
