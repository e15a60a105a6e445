using System.Text;
using static nanoOta.VirtualDevice.Images.ImageBytes;

namespace nanoOta.VirtualDevice.Images
{
    /// <summary>An assembly to make.</summary>
    public sealed record AssemblySpec(string Name, AssemblyVersion Version)
    {
        /// <summary>0 for an assembly without native methods.</summary>
        public uint NativeChecksum { get; init; }

        /// <summary>What it needs; nothing checks that it is there.</summary>
        public IReadOnlyList<AssemblyReference> References { get; init; } = [];
    }

    /// <summary>
    /// Makes assemblies and deployments that every check accepts: real header, references and strings, no types or code,
    /// and seeded bytes in the resource data, the one table that the CLR never reads on its own.
    /// </summary>
    public static class DeploymentBuilder
    {
        /// <summary>Assembly and deployment sizes are multiples of this.</summary>
        public const int SizeStep = 4;

        /// <summary>The least size of an assembly, in bytes.</summary>
        public static int MinimumSize(AssemblySpec spec, AssemblyFormat? format = null)
        {
            format ??= AssemblyFormat.Nfmrk1;
            return (int)(format.HeaderSize + AlignUp(spec.References.Count * format.ReferenceSize, 4) + AlignUp(Strings.Of(spec).Bytes.Length, 4));
        }

        /// <summary>The least size of a deployment, in bytes.</summary>
        public static int MinimumSize(IReadOnlyList<AssemblySpec> assemblies, AssemblyFormat? format = null)
        {
            return assemblies.Sum(spec => MinimumSize(spec, format));
        }

        /// <summary>A deployment of exactly <paramref name="size"/> bytes; the last assembly is the application and takes what the others leave.</summary>
        /// <exception cref="ArgumentException">No assembly, or a size that is no multiple of 4 or too small.</exception>
        public static byte[] Build(IReadOnlyList<AssemblySpec> assemblies, int size, ulong seed = 0, AssemblyFormat? format = null)
        {
            if (assemblies.Count == 0)
            {
                throw new ArgumentException("A deployment has at least one assembly.", nameof(assemblies));
            }

            RequireSize(size, MinimumSize(assemblies, format), "deployment");
            AssemblySpec application = assemblies[^1];
            var bytes = new List<byte>(size);
            foreach (AssemblySpec library in assemblies.SkipLast(1))
            {
                bytes.AddRange(Assembly(library, MinimumSize(library, format), seed, format));
            }

            bytes.AddRange(Assembly(application, size - bytes.Count, seed, format));
            return [.. bytes];
        }

        /// <summary>One assembly of exactly <paramref name="size"/> bytes; the same arguments give the same bytes.</summary>
        /// <exception cref="ArgumentException">A size that is no multiple of 4 or too small.</exception>
        public static byte[] Assembly(AssemblySpec spec, int size, ulong seed = 0, AssemblyFormat? format = null)
        {
            format ??= AssemblyFormat.Nfmrk1;
            RequireSize(size, MinimumSize(spec, format), "assembly");
            var strings = Strings.Of(spec);
            var bytes = new byte[size];
            format.PutMarker(bytes);
            Put(bytes, AssemblyFormat.NativeChecksum, spec.NativeChecksum);
            if (format == AssemblyFormat.Nfmrk1)
            {
                Put(bytes, 24, uint.MaxValue); // patchEntryOffset: none
            }

            PutVersion(bytes.AsSpan(format.VersionOffset), spec.Version);
            Put(bytes, format.NameOffset, strings.IndexOf(spec.Name));
            Put(bytes, format.StringTableVersionOffset, AssemblyFormat.StringTableVersion);
            WriteTables(bytes, spec, strings, format, seed);
            Put(bytes, AssemblyFormat.BodyCrc, Crc32.Nano(bytes.AsSpan(format.HeaderSize)));
            Put(bytes, AssemblyFormat.HeaderCrc, Crc32.Nano(bytes.AsSpan(0, format.HeaderSize)));
            return bytes;
        }

        /// <summary>Gives an assembly of the first generation, whose body has changed, a version and its checksums.</summary>
        internal static void Seal(Span<byte> assembly, AssemblyVersion version)
        {
            AssemblyFormat format = AssemblyFormat.Nfmrk1;
            PutVersion(assembly[format.VersionOffset..], version);
            Put(assembly, AssemblyFormat.BodyCrc, Crc32.Nano(assembly[format.HeaderSize..]));
            Put(assembly, AssemblyFormat.HeaderCrc, 0u);
            Put(assembly, AssemblyFormat.HeaderCrc, Crc32.Nano(assembly[..format.HeaderSize]));
        }

        private static void WriteTables(Span<byte> bytes, AssemblySpec spec, Strings strings, AssemblyFormat format, ulong seed)
        {
            int references = spec.References.Count * format.ReferenceSize;
            int data = format.HeaderSize + (int)AlignUp(references, 4);
            int texts = bytes.Length - (int)AlignUp(strings.Bytes.Length, 4);
            for (int table = 0; table < format.TableCount; table++)
            {
                int start = table == 0 ? format.HeaderSize : table <= format.ResourcesData ? data : table == format.Strings ? texts : bytes.Length;
                Put(bytes, format.TablesOffset + (4 * table), (uint)start);
            }

            bytes[format.PaddingsOffset] = (byte)(data - format.HeaderSize - references);
            bytes[format.PaddingsOffset + format.Strings] = (byte)(bytes.Length - texts - strings.Bytes.Length);
            for (int i = 0; i < spec.References.Count; i++)
            {
                Span<byte> row = bytes[(format.HeaderSize + (i * format.ReferenceSize))..];
                Put(row, 0, strings.IndexOf(spec.References[i].Name));
                PutVersion(row[format.ReferenceVersion..], spec.References[i].Version);
            }

            SeededBytes.Fill(bytes[data..texts], seed);
            strings.Bytes.CopyTo(bytes[texts..]);
        }

        private static void PutVersion(Span<byte> target, AssemblyVersion version)
        {
            Put(target, 0, version.Major);
            Put(target, 2, version.Minor);
            Put(target, 4, version.Build);
            Put(target, 6, version.Revision);
        }

        private static void RequireSize(int size, int minimum, string what)
        {
            if (size % SizeStep != 0 || size < minimum)
            {
                throw new ArgumentException($"{size} bytes cannot be made: this {what} has a multiple of {SizeStep}, and at least {minimum}.", nameof(size));
            }
        }

        /// <summary>A string table: the empty string first, as the metadata processor does, then every name that is not built into the CLR.</summary>
        private sealed record Strings(byte[] Bytes, Dictionary<string, ushort> Indexes)
        {
            public static Strings Of(AssemblySpec spec)
            {
                var indexes = new Dictionary<string, ushort>();
                List<byte> bytes = [0];
                foreach (string name in spec.References.Select(r => r.Name).Append(spec.Name))
                {
                    if (BuiltInStrings.IndexOf(name) is { } index)
                    {
                        indexes[name] = index;
                    }
                    else if (indexes.TryAdd(name, (ushort)bytes.Count))
                    {
                        bytes.AddRange([.. Encoding.UTF8.GetBytes(name), 0]);
                    }
                }

                return new Strings([.. bytes], indexes);
            }

            public ushort IndexOf(string name)
            {
                return Indexes[name];
            }
        }
    }
}
