namespace nanoOta.Budgets.Il
{
    /// <summary>
    /// A module over slots in memory that leaves hashing to the core: it stands for one of stock firmware, whose read-back is managed
    /// code. What it does itself counts no instructions.
    /// </summary>
    internal sealed class QuietModule(QuietSlots slots, string version) : UpdateModule
    {
        private bool _needsReboot;

        /// <inheritdoc/>
        public override bool Handles(string id) => id == ManifestComponent.Deployment;

        /// <inheritdoc/>
        public override string VersionOf(string id) => version;

        /// <inheritdoc/>
        public override void GetStatus(ModuleStatus status)
        {
            slots.GetStatus(version, status);
        }

        /// <inheritdoc/>
        public override ResultCode Prepare(ManifestComponent component, int offset) => slots.Open(FirmwareParts.Deployment, offset);

        /// <inheritdoc/>
        public override ResultCode Write(byte[] buffer, int count) => slots.Write(buffer, count);

        /// <inheritdoc/>
        public override ResultCode Read(ManifestComponent component, int offset, byte[] buffer, int count)
        {
            return slots.Read(FirmwareParts.Deployment, true, offset, buffer, count);
        }

        /// <inheritdoc/>
        public override ResultCode Activate(UpdateManifest manifest, byte[] digest)
        {
            _needsReboot = true;
            return slots.Activate(FirmwareParts.Deployment, digest, manifest.Version.Text, manifest.Version.Text, 0);
        }

        /// <inheritdoc/>
        public override ResultCode Confirm() => slots.Confirm();

        /// <inheritdoc/>
        public override ResultCode Revert(ResultCode reason) => slots.Revert(reason);

        /// <inheritdoc/>
        public override bool NeedsReboot() => _needsReboot;
    }
}
