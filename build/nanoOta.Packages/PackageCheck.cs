using System.Buffers.Binary;
using System.IO.Compression;
using System.Xml.Linq;

namespace nanoOta.Packages
{
    /// <summary>Looks into a package that was made: whether it has what a device needs of it, and says what it should.</summary>
    public static class PackageCheck
    {
        // In a .pe: "NFMRK1" at the start, the native checksum behind it (docs/images.md).
        private const int ChecksumAt = 20;
        private static readonly byte[] _marker = "NFMRK1\0\0"u8.ToArray();

        /// <summary>
        /// Where the files of an assembly lie: flat for <c>packages.config</c>, as in nanoFramework's own packages, and under the framework's name for
        /// projects that reference packages.
        /// </summary>
        public static readonly IReadOnlyList<string> Folders = ["lib/", "lib/netnano1.0/"];

        /// <summary>The files of an assembly, in each of the folders.</summary>
        public static readonly IReadOnlyList<string> Extensions = [".dll", ".pdb", ".pdbx", ".pe", ".xml"];

        /// <summary>The native checksum of an assembly, as packages write it; zero when it calls no native code.</summary>
        /// <exception cref="InvalidDataException">It is no assembly of nanoFramework 1.x.</exception>
        public static string NativeChecksum(string file, byte[] pe)
        {
            return pe.Length > ChecksumAt + 4 && pe.AsSpan().StartsWith(_marker)
                ? $"0x{BinaryPrimitives.ReadUInt32LittleEndian(pe.AsSpan(ChecksumAt)):X8}"
                : throw new InvalidDataException($"{file}: no assembly of nanoFramework 1.x");
        }

        /// <summary>What is wrong with a package, one sentence each; none when nothing is.</summary>
        public static IEnumerable<string> Faults(Repository repository, DeviceProject project, Stream package)
        {
            using ZipArchive archive = new(package, ZipArchiveMode.Read);
            string[] wanted = [.. Folders.SelectMany(folder => Extensions.Select(extension => $"{folder}{project.Name}{extension}")), "docs/README.md", "LICENSE.md"];
            string[] names = [.. archive.Entries.Select(entry => entry.FullName)];
            string[] found = [.. names.Where(name => name.StartsWith("lib/", StringComparison.Ordinal)).Union(wanted.Where(names.Contains))];
            foreach (string name in wanted.Except(found))
            {
                yield return $"{name} is missing";
            }

            foreach (string name in found.Except(wanted))
            {
                yield return $"{name} does not belong there";
            }

            if (archive.GetEntry($"{project.Name}.nuspec") is not { } specification)
            {
                yield return $"{project.Name}.nuspec is missing";
                yield break;
            }

            using Stream text = specification.Open();
            XElement metadata = XDocument.Load(text).Root!.Elements().First();
            string Value(string name) => metadata.Elements().FirstOrDefault(element => element.Name.LocalName == name)?.Value ?? "";
            if (Value("id") != project.Name || Value("version") != repository.Version)
            {
                yield return $"it is {Value("id")} {Value("version")}, not {project.Name} {repository.Version}";
            }

            string[] dependencies = [.. metadata.Descendants().Where(element => element.Name.LocalName == "dependency").Select(element => $"{(string?)element.Attribute("id")} {(string?)element.Attribute("version")}")];
            string[] needed = [.. ProjectFiles.Dependencies(repository, project, repository.Version).Select(pair => $"{pair.Id} {pair.Version}")];
            foreach (string dependency in needed.Except(dependencies))
            {
                yield return $"it does not depend on {dependency}";
            }

            foreach (string dependency in dependencies.Except(needed))
            {
                yield return $"it depends on {dependency}";
            }

            if (archive.GetEntry($"lib/{project.Name}.pe") is { } image && NativeFault(project, Bytes(image), Value("description")) is { } fault)
            {
                yield return fault;
            }

            foreach (string folder in Folders)
            {
                if (archive.GetEntry($"{folder}{project.Name}.dll") is { } assembly && !Bytes(assembly).AsSpan().SequenceEqual(File.ReadAllBytes(project.Shipped(".dll"))))
                {
                    yield return $"{assembly.FullName} is not the assembly that was built and tested";
                }
            }
        }

        private static string? NativeFault(DeviceProject project, byte[] pe, string description)
        {
            string checksum = NativeChecksum($"lib/{project.Name}.pe", pe);
            bool hasChecksum = checksum != "0x00000000";
            if (hasChecksum != project.NativeVersion is not null)
            {
                return hasChecksum ? "it calls native code and has no AssemblyNativeVersion" : "it has an AssemblyNativeVersion and calls no native code";
            }

            return hasChecksum && !description.Contains(ProjectFiles.NativeSentence(project.Name, project.NativeVersion!, checksum))
                ? $"its description does not name native version {project.NativeVersion} and checksum {checksum}"
                : null;
        }

        private static byte[] Bytes(ZipArchiveEntry entry)
        {
            using Stream stream = entry.Open();
            using MemoryStream bytes = new();
            stream.CopyTo(bytes);
            return bytes.ToArray();
        }
    }
}
