using nanoOta.VirtualDevice.Flash;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.VirtualDevice.Boot
{
    /// <summary>
    /// nanoCLR as far as it decides whether an application starts: it walks the deployment's assemblies, passes over what is
    /// damaged, and refuses to start when an assembly needs native code that it does not have or a reference is missing.
    /// The application itself is not run.
    /// </summary>
    public static class ClrModel
    {
        /// <summary>Looks for the application that would start.</summary>
        /// <param name="flash">The flash.</param>
        /// <param name="firmware">The firmware's slot.</param>
        /// <param name="deploy">The deployment's slot.</param>
        /// <param name="reason">Receives why none starts.</param>
        /// <returns>The application's assembly; null when none starts.</returns>
        public static NanoAssembly? FindApplication(NorFlash flash, Partition firmware, Partition deploy, out string reason)
        {
            Deployment deployment = Deployment.Read(flash.ReadUsed((int)deploy.Offset, (int)deploy.Size));
            EspImage clr = EspImage.ReadSlot(flash.ReadUsed((int)firmware.Offset, (int)firmware.Size));
            IReadOnlyList<ImageCheck> checks = deployment.Assemblies.Count == 0
                ? [new ImageCheck("Assemblies", false, $"{deploy.Label} holds no assembly.")]
                : [.. deployment.Checks, .. deployment.CheckNatives(clr.Natives ?? NativesDescriptor.Empty)];
            ImageCheck? failed = checks.FirstOrDefault(check => !check.Ok);
            reason = failed?.Sentence ?? "";
            return failed == null ? deployment.Application : null;
        }

        /// <summary>Whether a firmware could run a deployment.</summary>
        public static bool CanRun(NorFlash flash, Partition firmware, Partition deploy)
        {
            return FindApplication(flash, firmware, deploy, out _) != null;
        }
    }
}
