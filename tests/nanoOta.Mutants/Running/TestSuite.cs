using System.Security.Cryptography;
using nanoOta.Mutants.Il;

namespace nanoOta.Mutants.Running
{
    /// <summary>The output folder of a test program.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="program">The program's file in it.</param>
    /// <param name="workFolder">Where copies go. Within the repository, because tests look for its files above their own.</param>
    /// <param name="isUsed">Which of its classes are used, by their names; null: all.</param>
    internal sealed class TestSuite(string folder, string program, string workFolder, Func<string, bool>? isUsed = null)
    {
        private string? _fingerprint;

        /// <summary>The folder.</summary>
        public string Folder => folder;

        /// <summary>The program's name.</summary>
        public string Name => Path.GetFileNameWithoutExtension(program);

        /// <summary>Where its copies and what was learned of it go.</summary>
        public string WorkFolder => workFolder;

        /// <summary>A hash over everything that could change a verdict: the program and its assemblies.</summary>
        public string Fingerprint => _fingerprint ??= Hash();

        /// <summary>The names of the classes that have tests, in a fixed order.</summary>
        public string[] Classes()
        {
            return [.. CopyTo("list").List().Where(name => isUsed?.Invoke(name) != false).Order(StringComparer.Ordinal)];
        }

        /// <summary>Whether its tests can reach an assembly: a copy of it is among its files.</summary>
        /// <exception cref="CampaignException">It is another build of the assembly.</exception>
        public bool Has(AssemblyFile assembly)
        {
            string file = Path.Combine(folder, assembly.FileName);
            if (!File.Exists(file))
            {
                return false;
            }

            return assembly.Original().AsSpan().SequenceEqual(File.ReadAllBytes(file)) ? true
                : throw new CampaignException($"{assembly.FileName} is not the same in all suites. Build them again.");
        }

        /// <summary>A copy of the folder to change files in.</summary>
        /// <param name="name">The copy's name; one of that name is replaced.</param>
        public SuiteCopy CopyTo(string name)
        {
            string copy = Path.Combine(workFolder, name);
            if (Directory.Exists(copy))
            {
                Directory.Delete(copy, recursive: true);
            }

            return new SuiteCopy(copy, CopyOutput(folder, copy), program);
        }

        /// <summary>Copies a project's output. Its configuration and framework stay in the path: tests look for them.</summary>
        /// <param name="output">The folder, as bin/Release/net10.0.</param>
        /// <param name="to">The folder to put Release/net10.0 in.</param>
        /// <returns>The folder with the copies.</returns>
        public static string CopyOutput(string output, string to)
        {
            var from = new DirectoryInfo(Path.TrimEndingDirectorySeparator(output));
            string copy = Path.Combine(to, from.Parent!.Name, from.Name);
            foreach (FileInfo file in from.GetFiles("*", SearchOption.AllDirectories))
            {
                string target = Path.Combine(copy, Path.GetRelativePath(from.FullName, file.FullName));
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                file.CopyTo(target, overwrite: true);
            }

            return copy;
        }

        private string Hash()
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            foreach (string file in Directory.GetFiles(folder, "*.dll").Order(StringComparer.Ordinal))
            {
                hash.AppendData(File.ReadAllBytes(file));
            }

            return Convert.ToHexString(hash.GetHashAndReset());
        }
    }
}
