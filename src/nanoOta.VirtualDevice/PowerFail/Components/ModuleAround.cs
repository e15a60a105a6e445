namespace nanoOta.VirtualDevice.PowerFail.Components
{
    /// <summary>Stands before a module: a scenario or a test answers in its stead.</summary>
    /// <param name="inner">The module.</param>
    public class ModuleAround(UpdateModule inner) : UpdateModule
    {
        /// <summary>Answers for <see cref="Reboot"/>.</summary>
        public Func<ResultCode> OnReboot { get; init; } = inner.Reboot;

        /// <summary>Answers for <see cref="Confirm"/>.</summary>
        public Func<ResultCode> OnConfirm { get; init; } = inner.Confirm;

        /// <summary>Answers for <see cref="Revert"/>.</summary>
        public Func<ResultCode, ResultCode> OnRevert { get; init; } = inner.Revert;

        /// <inheritdoc/>
        public override bool Handles(string id) => inner.Handles(id);

        /// <inheritdoc/>
        public override string VersionOf(string id) => inner.VersionOf(id);

        /// <inheritdoc/>
        public override void GetStatus(ModuleStatus status) => inner.GetStatus(status);

        /// <inheritdoc/>
        public override ResultCode Check(ManifestComponent component) => inner.Check(component);

        /// <inheritdoc/>
        public override ResultCode Prepare(ManifestComponent component, int offset) => inner.Prepare(component, offset);

        /// <inheritdoc/>
        public override ResultCode Write(byte[] buffer, int count) => inner.Write(buffer, count);

        /// <inheritdoc/>
        public override ResultCode Read(ManifestComponent component, int offset, byte[] buffer, int count) => inner.Read(component, offset, buffer, count);

        /// <inheritdoc/>
        public override ResultCode Verify(UpdateManifest manifest, byte[] buffer) => inner.Verify(manifest, buffer);

        /// <inheritdoc/>
        public override ResultCode Activate(UpdateManifest manifest, byte[] digest) => inner.Activate(manifest, digest);

        /// <inheritdoc/>
        public override ResultCode Reboot() => OnReboot();

        /// <inheritdoc/>
        public override ResultCode Confirm() => OnConfirm();

        /// <inheritdoc/>
        public override ResultCode Revert(ResultCode reason) => OnRevert(reason);

        /// <inheritdoc/>
        public override bool NeedsReboot() => inner.NeedsReboot();

        /// <inheritdoc/>
        public override string Describe() => inner.Describe();
    }
}
