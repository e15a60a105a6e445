using System.Security.Cryptography;
using System.Text;
using static nanoOta.VirtualDevice.Images.ImageBytes;

namespace nanoOta.VirtualDevice.Images
{
    /// <summary>What a made ESP image says about itself.</summary>
    /// <param name="Version">At most 31 bytes; nanoCLR's have four numbers.</param>
    public sealed record EspImageSpec(string Version)
    {
        /// <summary>esp_chip_id_t; 0 is the ESP32.</summary>
        public ushort ChipId { get; init; }

        /// <summary>At most 31 bytes.</summary>
        public string Project { get; init; } = "nanoCLR";

        /// <summary>The native assemblies the CLR is to hold; null leaves the table out.</summary>
        public IReadOnlyList<NativeAssembly>? Natives { get; init; }
    }

    /// <summary>
    /// Makes ESP application images that every check accepts, filled with seeded bytes instead of code.
    /// Load addresses are an ESP32's whatever the chip: they are not interpreted here.
    /// </summary>
    public static class EspImageBuilder
    {
        /// <summary>Image sizes are multiples of this.</summary>
        public const int SizeStep = 16;

        private const int SecondSegment = 64;

        // The checksum is the last byte of a 16-byte block; segments are multiples of 4, so three bytes of padding come before it.
        private const int PaddingAndChecksum = 4;

        /// <summary>The least size for this content, in bytes.</summary>
        public static int MinimumSize(EspImageSpec spec)
        {
            return (int)AlignUp(Fixed + EspImage.DescriptorSize + Table(spec).Length, SizeStep);
        }

        /// <summary>An image of exactly <paramref name="size"/> bytes; the same arguments give the same bytes.</summary>
        /// <exception cref="ArgumentException">The size is no multiple of 16, too small, or a text or table is too long.</exception>
        public static byte[] Build(EspImageSpec spec, int size, ulong seed = 0)
        {
            if (size % SizeStep != 0 || size < MinimumSize(spec))
            {
                throw new ArgumentException($"{size} bytes cannot be made: an ESP image has a multiple of {SizeStep}, and this one at least {MinimumSize(spec)}.", nameof(size));
            }

            var image = new byte[size];
            int first = size - Fixed;
            WriteHeader(image, spec.ChipId);
            Span<byte> data = Segment(image, EspImage.HeaderSize, 0x3F400020, first);
            Span<byte> second = Segment(image, EspImage.DescriptorOffset + first, 0x40080000, SecondSegment);
            SeededBytes.Fill(data, seed);
            SeededBytes.Fill(second, ~seed);
            WriteDescriptor(data[..EspImage.DescriptorSize], spec, SHA256.HashData(data));
            Table(spec).CopyTo(data[EspImage.DescriptorSize..]);
            int hashOffset = size - EspImage.HashSize;
            image[hashOffset - 1] = EspImage.Checksum(second, EspImage.Checksum(data, EspImage.ChecksumSeed));
            SHA256.HashData(image.AsSpan(0, hashOffset), image.AsSpan(hashOffset));
            return image;
        }

        // All but the first segment's data.
        private static int Fixed => EspImage.HeaderSize + (2 * EspImage.SegmentHeaderSize) + SecondSegment + PaddingAndChecksum + EspImage.HashSize;

        private static byte[] Table(EspImageSpec spec)
        {
            return spec.Natives == null ? [] : NativesDescriptor.Write(spec.Natives);
        }

        private static void WriteHeader(Span<byte> image, ushort chipId)
        {
            image[0] = EspImage.Magic;
            image[1] = 2;
            image[2] = 2; // flash mode DIO
            image[3] = 0x20; // 4 MB, 40 MHz
            Put(image, 4, 0x40080000u);
            image[8] = 0xEE; // write-protect pin: none
            Put(image, 12, chipId);
            Put(image, 17, ushort.MaxValue); // any later chip revision
            image[23] = 1;
        }

        private static Span<byte> Segment(Span<byte> image, int offset, uint loadAddress, int length)
        {
            Put(image, offset, loadAddress);
            Put(image, offset + 4, (uint)length);
            return image.Slice(offset + EspImage.SegmentHeaderSize, length);
        }

        private static void WriteDescriptor(Span<byte> descriptor, EspImageSpec spec, ReadOnlySpan<byte> elfHash)
        {
            descriptor.Clear();
            Put(descriptor, 0, EspImage.DescriptorMagic);
            PutText(descriptor.Slice(16, 32), spec.Version);
            PutText(descriptor.Slice(48, 32), spec.Project);
            PutText(descriptor.Slice(80, 16), "00:00:00");
            PutText(descriptor.Slice(96, 16), "Jan  1 2026");
            PutText(descriptor.Slice(112, 32), "v5.5");
            elfHash.CopyTo(descriptor[144..]);
        }

        private static void PutText(Span<byte> field, string text)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            if (bytes.Length >= field.Length)
            {
                throw new ArgumentException($"'{text}' has {bytes.Length} bytes; the application descriptor holds {field.Length - 1}.", nameof(text));
            }

            bytes.CopyTo(field);
        }
    }
}
