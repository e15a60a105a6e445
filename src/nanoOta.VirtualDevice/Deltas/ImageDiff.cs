using nanoOta.VirtualDevice.Images;

namespace nanoOta.VirtualDevice.Deltas
{
    /// <summary>What became of an assembly from one image to the next.</summary>
    public enum PartChange
    {
        /// <summary>The predecessor holds it, byte for byte.</summary>
        Same,

        /// <summary>The predecessor holds another one of this name.</summary>
        Changed,

        /// <summary>The predecessor holds none of this name.</summary>
        New,

        /// <summary>Only the predecessor holds one of this name.</summary>
        Gone,
    }

    /// <summary>An assembly in two images.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Change">What became of it.</param>
    /// <param name="OldVersion">The predecessor's version; null when it holds none of this name.</param>
    /// <param name="Version">The new image's version; null when it is gone.</param>
    /// <param name="Size">Bytes in the new image; 0 when it is gone.</param>
    /// <param name="Records">Its records in a patch; empty when none is needed.</param>
    public sealed record PartDiff(string Name, PartChange Change, AssemblyVersion? OldVersion, AssemblyVersion? Version, int Size, byte[] Records)
    {
        /// <summary>Bytes that a device fetches without a patch.</summary>
        public int Fetched => Change == PartChange.Same ? 0 : Size;
    }

    /// <summary>Two images compared assembly by assembly, and what a device with the first fetches for the second in each way.</summary>
    public sealed class ImageDiff
    {
        private ImageDiff(ImageParts old, ImageParts image, IReadOnlyList<PartDiff> parts)
        {
            OldParts = old;
            ImageParts = image;
            Parts = parts;
        }

        /// <summary>The predecessor's parts.</summary>
        public ImageParts OldParts { get; }

        /// <summary>The new image's parts.</summary>
        public ImageParts ImageParts { get; }

        /// <summary>The new image's assemblies in its order, then those that are gone.</summary>
        public IReadOnlyList<PartDiff> Parts { get; }

        /// <summary>Bytes of the whole image.</summary>
        public int Whole => Parts.Sum(part => part.Size);

        /// <summary>Bytes of the assemblies that the predecessor does not hold.</summary>
        public int Fetched => Parts.Sum(part => part.Fetched);

        /// <summary>Bytes of the patch file.</summary>
        public int Patched => Parts.Sum(part => part.Records.Length);

        /// <summary>Compares two images.</summary>
        /// <param name="old">The predecessor.</param>
        /// <param name="image">The new image.</param>
        /// <exception cref="ArgumentException">One of them is no sequence of assemblies.</exception>
        public static ImageDiff Of(byte[] old, byte[] image)
        {
            ImageParts oldParts = ImageParts.Read(old) ?? throw new ArgumentException("The predecessor is no sequence of assemblies.", nameof(old));
            ImageParts parts = ImageParts.Read(image) ?? throw new ArgumentException("The image is no sequence of assemblies.", nameof(image));
            var names = parts.Parts.Select(part => part.Name).ToHashSet();
            return new ImageDiff(oldParts, parts, [
                .. parts.Parts.Select(part => Compare(part, image, old, oldParts)),
                .. oldParts.Parts.Where(part => !names.Contains(part.Name)).Select(part => new PartDiff(part.Name, PartChange.Gone, part.Version, null, 0, [])),
            ]);
        }

        private static PartDiff Compare(ImagePart part, byte[] image, byte[] old, ImageParts oldParts)
        {
            ImagePart? before = oldParts.Find(part.Identity) ?? oldParts.Parts.FirstOrDefault(candidate => candidate.Name == part.Name);
            PartChange change = before == null ? PartChange.New : before.Identity == part.Identity ? PartChange.Same : PartChange.Changed;
            byte[] records = change == PartChange.Same ? [] : PatchWriter.WriteRecords(part.In(image), part.Name, old, oldParts);
            return new PartDiff(part.Name, change, before?.Version, part.Version, (int)part.Identity.Size, records);
        }
    }
}
