using nanoOta.VirtualDevice.Images;

namespace nanoOta.Tests.Images
{
    /// <summary>
    /// One small sound file of each format, and what of it the format does not protect. Anything that is not listed here
    /// must be noticed: see <see cref="DamageTests"/>.
    /// </summary>
    /// <param name="Bytes">The file.</param>
    /// <param name="Unprotected">Bytes of which at least one bit may change and the file is still sound.</param>
    /// <param name="Cuts">Lengths to which the file may be cut and is still a sound file.</param>
    internal sealed record SampleFile(byte[] Bytes, Range[] Unprotected, Range[] Cuts)
    {
        public static IReadOnlyDictionary<string, SampleFile> All { get; } = new Dictionary<string, SampleFile>
        {
            // An assembly's end is no different from the file's: nothing says how many belong together.
            ["deployment"] = new(SampleImages.Deployment(new(1, 2, 3), 400), [], [136..137]),
            ["deployment with erased tail"] = new([.. SampleImages.Deployment(new(1, 2, 3), 400), 0xFF, 0xFF, 0xFF], [], [136..137, 400..403]),
            ["NFMRK2 assembly"] = new(DeploymentBuilder.Assembly(new("Washer", new(1, 0)) { References = [new("mscorlib", new(2, 0))] }, 200, 1, AssemblyFormat.Nfmrk2), [], []),
            ["ESP image"] = new(SampleImages.Esp32("1.2.3.4", 512), [], []),

            // The checksum covers segment data only: flash mode to pin drives, chip (0 may become the S2's 2), revisions,
            // load addresses, and the padding before the checksum.
            ["ESP image without hash"] = new(EspImageTests.WithoutHash(SampleImages.Esp32("1.2.3.4", 512)), [2..13, 14..23, 24..28, 404..408, 476..479], []),
            // Of a signature without a key only the frame is known: version 1 has 64 bytes, version 2 a CRC over all of its block.
            ["ESP image, Secure Boot version 1"] = new(EspSignatureMaker.Version1(SampleImages.Esp32("1.2.3.4", 512)), [516..580], [512..513]),
            ["ESP image, Secure Boot version 2"] = new(EspSignatureMaker.Version2(SampleImages.Esp32("1.2.3.4", 512), 2), [], [512..513]),

            ["MCUboot image"] = new(new McubootMaker { SecurityCounter = 3 }.Make(), [], []),

            // Key hash and signature, their types and values, mean nothing without a key.
            ["signed MCUboot image, no key given"] = new(Vectors.Read("mcuboot-1.2.3+4-ecdsa-h400.bin"), [0xFE0..0xFE2, 0xFE4..0x1006, 0x1008..0x104F], []),

            // Without a hash, only the key tells whether payload and header (version, flags, load address) are what was signed.
            ["MCUboot image, pure signature"] = new(new McubootMaker { Pure = [1] }.Make(), [4..8, 16..132, 140..204], []),

            // Swap info is read as "none" when unknown; what lies between image and trailer, and between its fields, is not looked at.
            ["MCUboot slot"] = new(new McubootMaker { Slot = (256, 8) }.Make(), [172..224, 225..232, 233..240], [172..241]),

            // gen_esp32part and bootloader look at the MD5 entry's first two bytes and its digest only.
            ["partition table"] = new(FlashLayouts.Find("esp32-8mb")!.Table.ToBinary(), [(9 * 32 + 2)..(9 * 32 + 16)], []),
        };

        public static bool In(Range[] ranges, int index)
        {
            return ranges.Any(r => r.Start.Value <= index && index < r.End.Value);
        }
    }
}
