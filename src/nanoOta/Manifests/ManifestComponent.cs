// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

namespace nanoOta
{
    /// <summary>One part of an update: an image for one place of the device.</summary>
    public sealed class ManifestComponent
    {
        /// <summary>Id of the deployment: the application with the assemblies it uses.</summary>
        public const string Deployment = "deployment";

        /// <summary>Id of the nanoFramework firmware (nanoCLR).</summary>
        public const string Clr = "clr";

        /// <summary>Which place it is for: <see cref="Deployment"/>, <see cref="Clr"/>, or a module's own id of up to 32 characters.</summary>
        public string Id;

        /// <summary>The image's own version, for example that of the application's assembly.</summary>
        public SemanticVersion Version;

        /// <summary>Length of the image in bytes, at least 1.</summary>
        public int Size;

        /// <summary>SHA-256 of the image, 32 bytes.</summary>
        public byte[] Sha256;

        /// <summary>Where it can be fetched, best first, one to four; relative ones lie beside the manifest.</summary>
        public string[] Urls;

        /// <summary>
        /// Base64 of what identifies the image's assemblies, in the image's order, 12 bytes each: size and the two checksums of its header. Not
        /// judged here; null when not said.
        /// </summary>
        public string Parts;

        /// <summary>The member <c>patches</c> as it stands, JSON in UTF-8: patches against former images. Not judged here; null when not said.</summary>
        public byte[] Patches;

        /// <summary>
        /// The member <c>encryption</c> as it stands, JSON in UTF-8: how the image's file is encrypted and for whom. Judged by
        /// <see cref="IImageDecryption"/>; null when the file is the image itself.
        /// </summary>
        public byte[] Encryption;

        /// <summary>Ids of components that this one needs, installed or in the same manifest; never null.</summary>
        public string[] RequiredIds = new string[0];

        /// <summary>The lowest version that each of <see cref="RequiredIds"/> must have; null when there is none.</summary>
        public SemanticVersion[] RequiredVersions;
    }
}
