using System.Security.Cryptography;
using nanoOta.VirtualDevice.Boot;
using nanoOta.VirtualDevice.Images;
using nanoOta.VirtualDevice.Stock;

namespace nanoOta.Tool.Packing
{
    /// <summary>An image that has been found fit to be packed.</summary>
    /// <param name="Id">The component's id.</param>
    /// <param name="Version">The image's own version, a.b.c.</param>
    /// <param name="Bytes">The image.</param>
    /// <param name="Slot">The slot it was measured against; null without a layout.</param>
    internal sealed record PackedImage(string Id, string Version, byte[] Bytes, Partition? Slot)
    {
        /// <summary>SHA-256 in lower-case hexadecimal digits.</summary>
        public string Sha256 => Convert.ToHexStringLower(SHA256.HashData(Bytes));

        /// <summary>SHA-512 in lower-case hexadecimal digits.</summary>
        public string Sha512 => Convert.ToHexStringLower(SHA512.HashData(Bytes));

        /// <summary>Whether the agent itself knows the component: its version leads an update's.</summary>
        public bool IsFirmware => Id is ManifestComponent.Deployment or ManifestComponent.Clr or AppFolders.Component;

        /// <summary>What devices need to fetch only a part of it; null when it is no sequence of assemblies.</summary>
        public PackedDelta? Delta { get; init; }

        /// <summary>The image as it is published for devices that have the key; null: as it is.</summary>
        public EncryptedFile? Encrypted { get; init; }

        /// <summary>What is published.</summary>
        public byte[] File => Encrypted?.Bytes ?? Bytes;

        /// <summary>Judges an image.</summary>
        /// <param name="path">Where it comes from, for messages.</param>
        /// <param name="layout">The layout that it must fit; null: any.</param>
        /// <exception cref="Failure">It cannot be read, is no deployment or firmware, is not sound, or does not fit.</exception>
        public static PackedImage Read(string path, FlashLayout? layout)
        {
            return Judge(path, InputFile.Bytes(path), layout);
        }

        /// <summary>Judges an image that is no file.</summary>
        /// <inheritdoc cref="Read"/>
        public static PackedImage Judge(string path, byte[] bytes, FlashLayout? layout)
        {
            if (layout is { IsStock: true })
            {
                return Application(path, bytes, layout);
            }

            if (bytes.AsSpan().StartsWith("MZ"u8))
            {
                throw Refusal(path, ImageFile.NotForBoards);
            }

            SlotMap? map = layout == null ? null : new SlotMap(layout);
            PackedImage image = bytes.Length > 0 && bytes[0] == EspImage.Magic ? Firmware(path, bytes, layout, map) : Deployment(path, bytes, map);
            if (image.Slot != null && SlotMap.Misfit(image.Slot, bytes.Length, image.Id) is { } misfit)
            {
                throw Refusal(path, misfit);
            }

            return image;
        }

        // What a loader on stock firmware loads from a file: it can bind no native code, and the one before stays beside it.
        private static PackedImage Application(string path, byte[] bytes, FlashLayout layout)
        {
            PackedImage image = Deployment(path, bytes, null, forLoader: true);
            int room = StockFiles.Space(layout) / 2;
            NanoAssembly? native = VirtualDevice.Images.Deployment.Read(bytes).Assemblies.FirstOrDefault(assembly => assembly.NativeChecksum != 0);
            return native != null ? throw Refusal(path, $"{native} has native code: it belongs into the loader's deployment, not into a file.")
                : bytes.Length > room ? throw Refusal(path, $"The application has {bytes.Length} bytes; there is room for two of {room}.")
                : image with { Id = AppFolders.Component, Delta = null };
        }

        private static PackedImage Deployment(string path, byte[] bytes, SlotMap? map, bool forLoader = false)
        {
            var image = VirtualDevice.Images.Deployment.Read(bytes);
            Require(path, forLoader ? image.ChecksForLoader() : image.Checks);
            return image.Length < bytes.Length
                ? throw Refusal(path, $"{bytes.Length - image.Length} bytes of padding follow the last assembly at offset 0x{image.Length:X}: devices refuse that.")
                : new PackedImage(ManifestComponent.Deployment, Core(path, image.Application!.Version.ToString()), bytes, map?.Deploy[0]) { Delta = PackedDelta.Of(bytes) };
        }

        private static PackedImage Firmware(string path, byte[] bytes, FlashLayout? layout, SlotMap? map)
        {
            EspImage image = EspImage.Read(bytes);
            Require(path, image.Checks);
            return map?.Firmware.Count == 1
                ? throw Refusal(path, $"Layout {layout!.Name} has one firmware slot, {map.Firmware[0].Label}, which nothing updates over the air.")
                : layout != null && image.ChipId != layout.ChipId
                ? throw Refusal(path, $"It is for {EspChips.Name(image.ChipId)}, layout {layout.Name} is for {EspChips.Name(layout.ChipId)}.")
                : new PackedImage(ManifestComponent.Clr, Core(path, image.Descriptor!.Version), bytes, map?.Firmware[1]);
        }

        private static void Require(string path, IReadOnlyList<ImageCheck> checks)
        {
            if (checks.FirstOrDefault(check => !check.Ok) is { } failed)
            {
                throw Refusal(path, $"Not a sound image. {failed.Name}: {failed.Sentence}");
            }
        }

        // a.b.c of a.b.c.d.
        private static string Core(string path, string own)
        {
            string core = string.Join('.', own.Split('.').Take(3));
            return SemanticVersion.Parse(core) != null ? core : throw Refusal(path, $"Its own version, '{own}', does not begin with a.b.c.");
        }

        private static Failure Refusal(string path, string sentence)
        {
            return new Failure(ExitCode.Unsound, $"{path}: {sentence}");
        }
    }
}
