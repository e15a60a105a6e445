using System.Security.Cryptography;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.VirtualDevice.Deltas
{
    /// <summary>One assembly of an image.</summary>
    /// <param name="Identity">What names it.</param>
    /// <param name="Offset">Where it begins in the image.</param>
    /// <param name="Name">The assembly's name; empty when it cannot be read.</param>
    /// <param name="Version">The assembly's version.</param>
    public sealed record ImagePart(PartIdentity Identity, int Offset, string Name, AssemblyVersion Version)
    {
        /// <summary>The part's bytes in its image.</summary>
        public ReadOnlySpan<byte> In(ReadOnlySpan<byte> image)
        {
            return image.Slice(Offset, (int)Identity.Size);
        }
    }

    /// <summary>The assemblies of an image in its order: what a manifest's <c>parts</c> says, and what a device finds in its active slot.</summary>
    public sealed class ImageParts
    {
        /// <summary>The most parts that an image has; the CLR loads no more.</summary>
        public const int Maximum = Deployment.MaximumAssemblies;

        /// <summary>Bytes of <see cref="Id"/>.</summary>
        public const int IdLength = 8;

        private ImageParts(ImagePart[] parts)
        {
            Parts = parts;
        }

        /// <summary>The parts, 1 to <see cref="Maximum"/>.</summary>
        public IReadOnlyList<ImagePart> Parts { get; }

        /// <summary>The identities, one after another.</summary>
        public byte[] Bytes => Join(Parts.Select(part => part.Identity));

        /// <summary>The member <c>parts</c> of a manifest: the identities in base64 with padding (RFC 4648, section 4).</summary>
        public string Base64 => Convert.ToBase64String(Bytes);

        /// <summary>What a patch calls its predecessor: the first 8 bytes of the SHA-256 over the identities, 16 hexadecimal digits.</summary>
        public string Id => IdOf(Parts.Select(part => part.Identity));

        /// <summary>Finds the parts of an image.</summary>
        /// <param name="image">The image, without padding behind it.</param>
        /// <returns>The parts; null when the image is not, from its first byte to its last, a sequence of at most 64 assemblies whose sizes are multiples of 4.</returns>
        public static ImageParts? Read(ReadOnlySpan<byte> image)
        {
            Deployment deployment = Deployment.Read(image);
            ImagePart[] parts = [.. deployment.Assemblies.Select(assembly => new ImagePart(PartIdentity.Of(assembly), assembly.Offset, assembly.Name, assembly.Version))];
            return parts.Length > 0 && deployment.Assemblies.All(assembly => assembly.HeaderOk && assembly.TotalSize % 4 == 0)
                && parts.Sum(part => (long)part.Identity.Size) == image.Length ? new ImageParts(parts) : null;
        }

        /// <summary>Reads the member <c>parts</c> of a manifest.</summary>
        /// <param name="base64">Its value.</param>
        /// <returns>The identities; null when it is not the base64 of 1 to 64 of them, each with a size that is a multiple of 4 and no less than a header.</returns>
        public static PartIdentity[]? ParseMember(string base64)
        {
            byte[] bytes = new byte[(Maximum + 1) * PartIdentity.Length];
            if (base64.Any(char.IsWhiteSpace) || !Convert.TryFromBase64String(base64, bytes, out int length) || length == 0
                || length % PartIdentity.Length != 0 || length > Maximum * PartIdentity.Length)
            {
                return null;
            }

            PartIdentity[] read = [.. Enumerable.Range(0, length / PartIdentity.Length).Select(i => PartIdentity.Read(bytes.AsSpan(i * PartIdentity.Length)))];
            return read.All(part => part.Size >= AssemblyFormat.Nfmrk1.HeaderSize && part.Size % 4 == 0) ? read : null;
        }

        /// <summary><see cref="Id"/> of the image that has these parts.</summary>
        public static string IdOf(IEnumerable<PartIdentity> parts)
        {
            return Convert.ToHexStringLower(SHA256.HashData(Join(parts)).AsSpan(0, IdLength));
        }

        /// <summary>The first part with this identity; null when there is none.</summary>
        public ImagePart? Find(PartIdentity identity)
        {
            return Parts.FirstOrDefault(part => part.Identity == identity);
        }

        private static byte[] Join(IEnumerable<PartIdentity> parts)
        {
            return [.. parts.SelectMany(part =>
            {
                var bytes = new byte[PartIdentity.Length];
                part.Write(bytes);
                return bytes;
            })];
        }
    }
}
