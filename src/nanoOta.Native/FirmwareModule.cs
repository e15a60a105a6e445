// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

namespace nanoOta
{
    /// <summary>
    /// The module for what nanoFramework itself runs: the components <c>deployment</c> and <c>clr</c>, which the slot record
    /// activates together in one commit. It knows the images' formats as far as a wrong one could stop a device.
    /// </summary>
    public sealed class FirmwareModule : UpdateModule
    {
        // The native watchdog strikes this much after the agent would have given up the trial by itself.
        private const int WatchdogMargin = 60;

        private const int BlockLength = 4096;

        private readonly IFirmwareSlots _slots;
        private readonly UpdateAgentOptions _options;
        private FirmwareParts _open;
        private ManifestComponent _component;
        private bool _atHead;
        private bool _needsReboot;

        /// <summary>Makes the module.</summary>
        /// <param name="slots">The device's slots.</param>
        /// <param name="options">The agent's options: the application's version, and how long a trial may take.</param>
        public FirmwareModule(IFirmwareSlots slots, UpdateAgentOptions options)
        {
            _slots = slots;
            _options = options;
        }

        /// <inheritdoc/>
        public override bool Handles(string id)
        {
            return PartOf(id) != FirmwareParts.None;
        }

        /// <inheritdoc/>
        public override string VersionOf(string id)
        {
            return PartOf(id) == FirmwareParts.Clr ? ClrImage.ReadVersion(_slots) : _options.ApplicationVersion;
        }

        /// <inheritdoc/>
        public override void GetStatus(ModuleStatus status)
        {
            _slots.GetStatus(_options.ApplicationVersion, status);
        }

        /// <inheritdoc/>
        public override ResultCode Check(ManifestComponent component)
        {
            return component.Size <= _slots.Capacity(PartOf(component.Id)) ? ResultCode.None : ResultCode.TooLarge;
        }

        /// <inheritdoc/>
        public override bool MayHold(ManifestComponent component)
        {
            return true;
        }

        /// <inheritdoc/>
        public override ResultCode ReadActive(ManifestComponent component, int offset, byte[] buffer, int count)
        {
            return _slots.Read(PartOf(component.Id), false, offset, buffer, count);
        }

        /// <inheritdoc/>
        public override ResultCode Prepare(ManifestComponent component, int offset)
        {
            _component = component;
            _open = PartOf(component.Id);
            _atHead = offset == 0;
            int rest = -offset & (BlockLength - 1);
            ResultCode code = rest == 0 || _open == FirmwareParts.Clr ? ResultCode.None : CheckBlank(offset, rest);
            return code == ResultCode.None ? _slots.Open(_open, offset + rest) : code;
        }

        /// <inheritdoc/>
        public override ResultCode Write(byte[] buffer, int count)
        {
            if (_atHead)
            {
                // Before the first byte is written: what is wrong from the start need not be fetched to its end.
                ResultCode code = _open == FirmwareParts.Clr
                    ? ClrImage.CheckHead(buffer, count, _slots, _component.Version)
                    : DeploymentImage.CheckHead(buffer, count);
                if (code != ResultCode.None)
                {
                    return code;
                }

                _atHead = false;
            }

            return _slots.Write(buffer, count);
        }

        /// <inheritdoc/>
        public override ResultCode Finish()
        {
            return _slots.EraseTail();
        }

        /// <inheritdoc/>
        public override ResultCode Read(ManifestComponent component, int offset, byte[] buffer, int count)
        {
            return _slots.Read(PartOf(component.Id), true, offset, buffer, count);
        }

        /// <inheritdoc/>
        public override ResultCode Hash(ManifestComponent component, int offset, int count, IHasher hasher, byte[] state, byte[] buffer)
        {
            return _slots.Hash(PartOf(component.Id), true, offset, count, state, 0);
        }

        /// <inheritdoc/>
        public override ResultCode Verify(UpdateManifest manifest, byte[] buffer)
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
        public override ResultCode Activate(UpdateManifest manifest, byte[] digest)
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
        public override ResultCode Confirm()
        {
            return _slots.Confirm();
        }

        /// <inheritdoc/>
        public override ResultCode Revert(ResultCode reason)
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
        public override bool NeedsReboot()
        {
            return _needsReboot;
        }

        // A deployment that is there already ends within a block, and what is behind it there is not erased without it.
        private ResultCode CheckBlank(int offset, int count)
        {
            byte[] rest = new byte[count];
            ResultCode code = _slots.Read(_open, true, offset, rest, count);
            for (int i = 0; i < count && code == ResultCode.None; i++)
            {
                code = rest[i] == 0xFF ? ResultCode.None : ResultCode.ReadBackMismatch;
            }

            return code;
        }

        private static FirmwareParts PartOf(string id)
        {
            return id == ManifestComponent.Deployment ? FirmwareParts.Deployment
                : id == ManifestComponent.Clr ? FirmwareParts.Clr : FirmwareParts.None;
        }
    }
}
