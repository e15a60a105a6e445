// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

namespace nanoOta
{
    /// <summary>What Azure Device Update is to know of a device, and what the device takes from it. Set before the channel is made.</summary>
    public sealed class DeviceUpdateOptions
    {
        /// <summary>The longest name of a compatibility property; a value may have twice as many characters.</summary>
        public const int MaxNameLength = 32;

        /// <summary>The most compatibility properties, manufacturer and model included.</summary>
        public const int MaxProperties = 5;

        /// <summary>The device's maker: compatibility property <c>manufacturer</c>, at most 64 characters. Required.</summary>
        public string Manufacturer;

        /// <summary>The device's model: compatibility property <c>model</c>, at most 64 characters. Required.</summary>
        public string Model;

        /// <summary>Names of further compatibility properties, at most three.</summary>
        public string[] CompatibilityNames = new string[0];

        /// <summary>The value of each of <see cref="CompatibilityNames"/>.</summary>
        public string[] CompatibilityValues = new string[0];

        /// <summary>The provider of this product's updates; null: <see cref="Manufacturer"/>. Updates of another one are rejected.</summary>
        public string Provider;

        /// <summary>The name of this product's updates; null: <see cref="Model"/>. Updates of another name are rejected.</summary>
        public string Name;

        /// <summary>The handlers of steps that this device takes as images for its modules; steps of others are rejected.</summary>
        public string[] Handlers = { "nanoota/image:1", "microsoft/swupdate:1" };

        /// <summary>
        /// The trusted root keys; null: the production keys as they are built in. What the service revokes or adds, only a
        /// <c>RootKeyPackages</c> of nanoOta.DeviceUpdate.RootKeys follows.
        /// </summary>
        public RootKeys RootKeys;

        /// <summary>The agent's modules: steps whose <c>installedCriteria</c> is the version of what is installed are left out. Null: none is.</summary>
        public UpdateModule[] Modules;

        /// <summary>Whether the device is busy: a new request is then rejected, and looked at again whenever the twin is fetched. Null: never.</summary>
        public QuestionHandler IsBusy;

        /// <summary>For <c>deviceInformation</c>: the operating system.</summary>
        public string OsName = ".NET nanoFramework";

        /// <summary>For <c>deviceInformation</c>: the processor's architecture, for example <c>Xtensa LX6</c>.</summary>
        public string ProcessorArchitecture = string.Empty;

        /// <summary>For <c>deviceInformation</c>: the processor's maker.</summary>
        public string ProcessorManufacturer = string.Empty;

        /// <summary>For <c>deviceInformation</c>: flash in KiB.</summary>
        public int TotalStorage;

        /// <summary>For <c>deviceInformation</c>: RAM in KiB.</summary>
        public int TotalMemory;

        /// <summary>The name of the first option that is missing or breaks a limit of Device Update; null when none does.</summary>
        internal string FindFault(UpdateAgentOptions agent)
        {
            bool good = CompatibilityNames.Length <= MaxProperties - 2 && CompatibilityNames.Length == CompatibilityValues.Length;
            for (int i = 0; good && i < CompatibilityNames.Length; i++)
            {
                good = CompatibilityNames[i].Length <= MaxNameLength && IsValue(CompatibilityNames[i]) && IsValue(CompatibilityValues[i]);
            }

            return !IsValue(Manufacturer) ? nameof(Manufacturer) : !IsValue(Model) ? nameof(Model)
                : !good ? nameof(CompatibilityNames) : agent.RsaVerifier == null ? nameof(agent.RsaVerifier) : null;
        }

        /// <summary>The value of a compatibility property; null when the device has none of that name.</summary>
        internal string Find(string name)
        {
            int at = System.Array.IndexOf(CompatibilityNames, name);
            if (at >= 0)
            {
                return CompatibilityValues[at];
            }

            // Updates made for the preview of the service carry the older names. A device may have properties of its own that are called so.
            return name == "manufacturer" || name == "deviceManufacturer" ? Manufacturer : name == "model" || name == "deviceModel" ? Model : null;
        }

        private static bool IsValue(string text)
        {
            return text != null && text.Length > 0 && text.Length <= 2 * MaxNameLength;
        }
    }
}
