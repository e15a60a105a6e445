using System.Security.Cryptography;

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

        /// <summary>A hash over everything that could change a verdict: the program and its assemblies.</summary>
        public string Fingerprint => _fingerprint ??= Hash();

        /// <summary>The names of the classes that have tests, in a fixed order.</summary>
        public string[] Classes()
        {
            return [.. CopyTo("list").List().Where(name => isUsed?.Invoke(name) != false).Order(StringComparer.Ordinal)];
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

            string target = Path.Combine(copy, "suite");
            CopyFolder(folder, target);
            return new SuiteCopy(copy, target, program);
        }

        /// <summary>Copies a folder with all that is in it.</summary>
        public static void CopyFolder(string from, string to)
        {
            foreach (string file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
            {
                string target = Path.Combine(to, Path.GetRelativePath(from, file));
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                File.Copy(file, target, overwrite: true);
            }
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
