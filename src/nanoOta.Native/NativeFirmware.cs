// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System.Reflection;
using nanoFramework.Runtime.Native;

namespace nanoOta
{
    /// <summary>The set-up of a device whose firmware was built with nanoOta's native code, in one call.</summary>
    public static class NativeFirmware
    {
        /// <summary>
        /// Makes an agent's options: version and target of what runs, the firmware's slots as the module, the journal beside the slot record,
        /// and the firmware's own SHA-256 and RS256. Add to them what the application wants, before the agent is made.
        /// </summary>
        /// <param name="application">The application's assembly: <c>typeof(Program).Assembly</c>.</param>
        /// <param name="deviceId">What tells this device from others.</param>
        /// <returns>The options. Other modules go behind <see cref="UpdateAgentOptions.Modules"/>' first.</returns>
        public static UpdateAgentOptions CreateOptions(Assembly application, string deviceId)
        {
            NativeSlots slots = new NativeSlots();
            UpdateAgentOptions options = new UpdateAgentOptions();
            options.ApplicationVersion = SemanticVersion.FromAssembly(application.GetName().Version);
            options.Target = SystemInfo.TargetName;
            options.DeviceId = deviceId;
            options.Journal = slots;
            options.Hasher = new NativeHasher();
            options.RsaVerifier = new NativeRsaVerifier();
            options.Modules = new UpdateModule[] { new FirmwareModule(slots, options) };
            return options;
        }
    }
}
