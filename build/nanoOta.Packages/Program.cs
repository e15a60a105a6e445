using System.Text;

namespace nanoOta.Packages
{
    internal static class Program
    {
        private const string Usage = """
            usage: nanoOta.Packages write ROOT                              .nfproj, packages.config and .nuspec of every device project
                   nanoOta.Packages pack ROOT OUT_DIR COMMAND [ARGUMENT...] the packages, with this command as the metadata processor
            """;

        private static int Main(string[] args)
        {
            try
            {
                switch (args)
                {
                    case ["write", var root]:
                        Write(new Repository(Path.GetFullPath(root)));
                        return 0;
                    case ["pack", var root, var output, .. var command] when command.Length > 0:
                        Pack(new Repository(Path.GetFullPath(root)), Path.GetFullPath(output), command);
                        return 0;
                    default:
                        Console.Error.WriteLine(Usage);
                        return 2;
                }
            }
            catch (InvalidDataException e)
            {
                Console.Error.WriteLine(e.Message);
                return 1;
            }
        }

        private static void Write(Repository repository)
        {
            foreach ((string path, string text) in ProjectFiles.Make(repository))
            {
                string file = Path.Combine(repository.Root, path);
                if (!File.Exists(file) || File.ReadAllText(file).ReplaceLineEndings("\n") != text)
                {
                    // Visual Studio knows a solution by its byte order mark.
                    File.WriteAllText(file, text, new UTF8Encoding(file.EndsWith(".sln", StringComparison.Ordinal)));
                    Console.WriteLine(path);
                }
            }
        }

        private static void Pack(Repository repository, string output, string[] command)
        {
            Packer packer = new(repository, (assembly, needed) => Packer.Run(
                command[0],
                [
                    .. command[1..], .. needed.SelectMany(pair => new[] { "-loadhints", pair.Key, pair.Value }),
                    "-parse", assembly, "-compile", Path.ChangeExtension(assembly, ".pe"), "false",
                ]));
            foreach (DeviceProject project in repository.Projects)
            {
                Console.WriteLine(packer.Pack(project, output));
            }
        }
    }
}
