namespace nanoOta.VirtualDevice.Images
{
    /// <summary>The formats that <see cref="ImageFile.Identify"/> tells apart.</summary>
    public enum ImageKind
    {
        /// <summary>None of the formats below.</summary>
        Unknown,

        /// <summary>Several nanoFramework assemblies one after another, the application last.</summary>
        Deployment,

        /// <summary>A single nanoFramework assembly (.pe).</summary>
        Assembly,

        /// <summary>An ESP-IDF application image, such as nanoCLR for an ESP32.</summary>
        EspApplication,

        /// <summary>An MCUboot image, with or without the trailer of a whole slot.</summary>
        Mcuboot,

        /// <summary>An ESP32 partition table, binary or csv.</summary>
        PartitionTable,

        /// <summary>A manifest.</summary>
        Manifest,

        /// <summary>A signed manifest or list of keys (.jws).</summary>
        Signed,

        /// <summary>A key to sign, verify or encrypt with (.jwk, .pem).</summary>
        Key,

        /// <summary>A certificate (.pem).</summary>
        Certificate,

        /// <summary>An update as one file: a tar archive with manifest and images.</summary>
        Bundle,

        /// <summary>What a device reports of itself.</summary>
        DeviceReport,
    }

    /// <summary>Something an image says about itself.</summary>
    public sealed record ImageFact(string Name, string Value);

    /// <summary>What an image file is and whether it is sound, the same shape for every format.</summary>
    /// <param name="Kind">The format.</param>
    /// <param name="Title">One line that says what the file is.</param>
    /// <param name="Version">The version the image itself carries; empty where the format has none.</param>
    /// <param name="Facts">What the image says about itself, in the order to print it.</param>
    /// <param name="Contents">Its parts (assemblies, segments, TLVs, partitions), one line each.</param>
    /// <param name="Checks">Every check that was made.</param>
    public sealed record ImageReport(
        ImageKind Kind,
        string Title,
        string Version,
        IReadOnlyList<ImageFact> Facts,
        IReadOnlyList<string> Contents,
        IReadOnlyList<ImageCheck> Checks)
    {
        /// <summary>Whether the format is known and every check holds.</summary>
        public bool Sound => Kind != ImageKind.Unknown && Checks.All(check => check.Ok);
    }
}
