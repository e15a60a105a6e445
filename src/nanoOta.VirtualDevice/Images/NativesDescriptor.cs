using System.Text;
using static nanoOta.VirtualDevice.Images.ImageBytes;

namespace nanoOta.VirtualDevice.Images
{
    /// <summary>A native assembly of a CLR: its name and the checksum of its native methods.</summary>
    public sealed record NativeAssembly(string Name, uint Checksum);

    /// <summary>
    /// The table with which a CLR image tells which native assemblies it holds, so that a deployment can be checked against it
    /// before anything is activated. Ours, not ESP-IDF's: it takes the place of esp_custom_app_desc, at file offset 288.
    /// Layout: "nOtN", u16 format = 1, u16 count (at most 60), then count × { u32 IEEE CRC-32 of the name in UTF-8, u32 checksum }.
    /// </summary>
    public sealed class NativesDescriptor
    {
        /// <summary>Right behind the image header (24), the first segment's header (8) and esp_app_desc (256).</summary>
        public const int FileOffset = 288;

        /// <summary>Most native assemblies a table can name.</summary>
        public const int MaximumCount = 60;

        private const int HeaderSize = 8;
        private const int EntrySize = 8;
        private const ushort Format = 1;

        private readonly Dictionary<uint, uint> _checksums;

        private NativesDescriptor(Dictionary<uint, uint> checksums)
        {
            _checksums = checksums;
        }

        /// <summary>The table of a CLR that does not tell, and of which therefore no native code can be counted on.</summary>
        public static NativesDescriptor Empty { get; } = new([]);

        private static ReadOnlySpan<byte> Magic => "nOtN"u8;

        /// <summary>How many native assemblies the CLR holds.</summary>
        public int Count => _checksums.Count;

        /// <summary>Bytes that a table of <paramref name="count"/> assemblies takes.</summary>
        public static int Size(int count)
        {
            return HeaderSize + (count * EntrySize);
        }

        /// <summary>Whether a table is meant to begin here.</summary>
        public static bool IsAt(ReadOnlySpan<byte> bytes)
        {
            return bytes.StartsWith(Magic);
        }

        /// <summary>Reads a table from what is left of its segment; null with a reason when it is not one. Never throws.</summary>
        public static NativesDescriptor? Read(ReadOnlySpan<byte> bytes, out string fault)
        {
            fault = "there is no table";
            if (!IsAt(bytes) || bytes.Length < HeaderSize)
            {
                return null;
            }

            ushort format = U16(bytes, 4);
            int count = U16(bytes, 6);
            if (format != Format || count > MaximumCount || bytes.Length < Size(count))
            {
                fault = $"format {format} with {count} entries in {bytes.Length} bytes; known is format {Format} with at most {MaximumCount}";
                return null;
            }

            var checksums = new Dictionary<uint, uint>();
            for (int i = 0; i < count; i++)
            {
                if (!checksums.TryAdd(U32(bytes, Size(i)), U32(bytes, Size(i) + 4)))
                {
                    fault = $"entry {i} names an assembly that is there already";
                    return null;
                }
            }

            fault = "";
            return new NativesDescriptor(checksums);
        }

        /// <summary>The table's bytes.</summary>
        /// <exception cref="ArgumentException">More than <see cref="MaximumCount"/> assemblies.</exception>
        public static byte[] Write(IReadOnlyList<NativeAssembly> natives)
        {
            if (natives.Count > MaximumCount)
            {
                throw new ArgumentException($"{natives.Count} native assemblies; the table holds {MaximumCount}.", nameof(natives));
            }

            var bytes = new byte[Size(natives.Count)];
            Magic.CopyTo(bytes);
            Put(bytes, 4, Format);
            Put(bytes, 6, (ushort)natives.Count);
            for (int i = 0; i < natives.Count; i++)
            {
                Put(bytes, Size(i), Key(natives[i].Name));
                Put(bytes, Size(i) + 4, natives[i].Checksum);
            }

            return bytes;
        }

        /// <summary>The checksum the CLR has for an assembly; null when it holds no such native assembly.</summary>
        public uint? Find(string name)
        {
            return _checksums.TryGetValue(Key(name), out uint checksum) ? checksum : null;
        }

        private static uint Key(string name)
        {
            return Crc32.Ieee(Encoding.UTF8.GetBytes(name));
        }
    }
}
