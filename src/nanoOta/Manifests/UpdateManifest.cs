// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

namespace nanoOta
{
    /// <summary>What an update consists of, for which device, and under which conditions: schema 1.</summary>
    public sealed class UpdateManifest
    {
        /// <summary>The longest manifest, in bytes: it is read into the download buffer.</summary>
        public const int MaxLength = 4096;

        /// <summary>The most components that a manifest may have.</summary>
        public const int MaxComponents = 8;

        /// <summary>Who makes the product; empty when not said.</summary>
        public string Provider = string.Empty;

        /// <summary>The product; empty when not said.</summary>
        public string Name = string.Empty;

        /// <summary>The version that the device has once the update is applied.</summary>
        public SemanticVersion Version;

        /// <summary>Rises with every release, rollbacks included: a manifest below the highest one applied is refused. 0: not used.</summary>
        public uint Counter;

        /// <summary>The firmware target that the update is for, for example <c>ESP32_REV3</c>; empty: any.</summary>
        public string Target = string.Empty;

        /// <summary>True when the manifest asks for a property of the device that this library does not know.</summary>
        public bool AsksUnknown;

        /// <summary>Not to be installed before, in seconds since 1970; 0: at once.</summary>
        public long NotBefore;

        /// <summary>Not to be installed at or after, in seconds since 1970; 0: never expires.</summary>
        public long Expires;

        /// <summary>Whether a version that is not newer may be installed.</summary>
        public bool AllowDowngrade;

        /// <summary>The components, one to <see cref="MaxComponents"/>, each id once.</summary>
        public ManifestComponent[] Components;

        /// <summary>The component of an id.</summary>
        /// <param name="id">The id.</param>
        /// <returns>The component; null when the manifest has none of that id.</returns>
        public ManifestComponent Find(string id)
        {
            for (int i = 0; i < Components.Length; i++)
            {
                if (Components[i].Id == id)
                {
                    return Components[i];
                }
            }

            return null;
        }
    }
}
