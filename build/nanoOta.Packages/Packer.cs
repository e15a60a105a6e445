using System.Diagnostics;

namespace nanoOta.Packages
{
    /// <summary>Makes the packages from what the ordinary build shipped.</summary>
    /// <param name="repository">The repository, built.</param>
    /// <param name="convert">The metadata processor: from an assembly, and the assemblies it needs by name, to a .pe and a .pdbx beside it.</param>
    public sealed class Packer(Repository repository, Action<string, IReadOnlyDictionary<string, string>> convert)
    {
        /// <summary>Makes the package of a project, and gives its file.</summary>
        /// <param name="project">Which.</param>
        /// <param name="output">Where to.</param>
        /// <exception cref="InvalidDataException">Something needed is not there, or the package is wrong; the message says what.</exception>
        public string Pack(DeviceProject project, string output)
        {
            string folder = Path.Combine(output, "lib", project.Name);
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, true);
            }

            Directory.CreateDirectory(folder);
            foreach (string extension in new[] { ".dll", ".pdb", ".xml" })
            {
                string shipped = project.Shipped(extension);
                if (!File.Exists(shipped))
                {
                    throw new InvalidDataException($"{shipped}: not built");
                }

                File.Copy(shipped, Path.Combine(folder, project.Name + extension));
            }

            // Under the name it has in nanoFramework's packages, which a .nuspec cannot give to a file without an extension.
            File.Copy(Path.Combine(repository.Root, "LICENSE"), Path.Combine(folder, "LICENSE.md"));
            string assembly = Path.Combine(folder, project.Name + ".dll");
            convert(assembly, Needed(project));
            string image = Path.ChangeExtension(assembly, ".pe");
            if (!File.Exists(image))
            {
                throw new InvalidDataException($"the metadata processor made no {Path.GetFileName(image)}");
            }

            string file = Path.Combine(output, $"{project.Name}.{repository.Version}.nupkg");
            File.Delete(file);
            Run("dotnet", "pack", Path.Combine(repository.Root, "nuspec", project.Name + ".nuspec"), "--output", output, "--version", repository.Version,
                "--property", $"folder={folder}", "--property", "authors=the nanoOta authors", "--property", "copyright=Copyright (c) 2026 the nanoOta authors",
                "--property", $"nativeVersion={project.NativeVersion}", "--property", $"checksum={PackageCheck.NativeChecksum(image, File.ReadAllBytes(image))}");
            using FileStream package = File.OpenRead(file);
            string[] faults = [.. PackageCheck.Faults(repository, project, package)];
            return faults.Length == 0 ? file : throw new InvalidDataException($"{Path.GetFileName(file)}: {string.Join("; ", faults)}");
        }

        /// <summary>Runs a command to its end.</summary>
        /// <exception cref="InvalidDataException">It failed; the message has what it printed.</exception>
        public static void Run(string command, params IEnumerable<string> arguments)
        {
            ProcessStartInfo start = new(command, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
            using Process process = Process.Start(start)!;
            Task<string> errors = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            if (process.ExitCode != 0)
            {
                throw new InvalidDataException($"{command} failed:\n{output}{errors.Result}".TrimEnd());
            }
        }

        // mscorlib is the real one. The others have the identities and the surface of the real ones, and the metadata processor reads no more.
        private Dictionary<string, string> Needed(DeviceProject project)
        {
            Dictionary<string, string> files = repository.AllReferences(project).ToDictionary(
                package => package.Assembly,
                package => Path.Combine(repository.Root, "build", "nanoOta.Profile", "bin", repository.Configuration, "net10.0", "refs", package.Assembly + ".dll"));
            foreach (DeviceProject need in repository.WithNeeds(project).Where(need => need != project))
            {
                files.Add(need.Name, need.Shipped(".dll"));
            }

            return files;
        }
    }
}
