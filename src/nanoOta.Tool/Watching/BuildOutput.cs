using nanoOta.VirtualDevice.Images;

namespace nanoOta.Tool.Watching
{
    /// <summary>The folder that a nanoFramework project builds into: the application as .pe, with what it needs, and usually the deployment as .bin.</summary>
    internal sealed class BuildOutput(string folder)
    {
        private const string OnlyDll = " It has a .dll, which a board does not run: build the .nfproj, or with -p:MetadataProcessor=COMMAND (docs/getting-started.md).";

        private static readonly string[] _patterns = ["*.bin", "*.pe"];

        /// <summary>What changes whenever a build writes: names, lengths and times of what a deployment is made from.</summary>
        public string Fingerprint()
        {
            try
            {
                return string.Join('\n', _patterns.SelectMany(Files).Select(file => $"{file.Name}|{file.Length}|{file.LastWriteTimeUtc.Ticks}"));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // A build that begins by deleting: a file went as it was looked at, or the folder did.
                return "";
            }
        }

        /// <summary>The deployment that was built last.</summary>
        /// <returns>Where it comes from, for messages, and its bytes; whether those are sound is for the packer to say.</returns>
        /// <exception cref="Failure">There is none, or the build is not complete, or there are several.</exception>
        public (string Source, byte[] Bytes) Deployment()
        {
            return Failure.OfFiles($"cannot read {folder}", () =>
            {
                (string Name, byte[] Bytes)[] parts = Read("*.pe");
                (string Name, byte[] Bytes)[] whole = [.. Read("*.bin").Where(file => AssemblyFormat.Of(file.Bytes) != null)];
                return whole.Length switch
                {
                    0 => Compose(parts),
                    1 => Current(whole[0], parts),
                    _ => throw new Failure(ExitCode.Unsound, $"several deployments: {string.Join(", ", whole.Select(file => file.Name))}. Delete those that are not built any more."),
                };
            });
        }

        private IEnumerable<FileInfo> Files(string pattern)
        {
            return new DirectoryInfo(folder).EnumerateFiles(pattern).OrderBy(file => file.Name, StringComparer.Ordinal);
        }

        private (string Name, byte[] Bytes)[] Read(string pattern)
        {
            return [.. Files(pattern).Select(file => (file.Name, InputFile.Bytes(file.FullName)))];
        }

        // The deployment is written after the application: until then, the one that is there is the last build's.
        private static (string, byte[]) Current((string Name, byte[] Bytes) whole, (string Name, byte[] Bytes)[] parts)
        {
            NanoAssembly? application = VirtualDevice.Images.Deployment.Read(whole.Bytes).Application;
            (string Name, byte[] Bytes) part = parts.FirstOrDefault(part => application != null && NanoAssembly.Read(part.Bytes)?.Name == application.Name);
            if (part.Bytes != null && !whole.Bytes.AsSpan(application!.Offset).StartsWith(part.Bytes))
            {
                throw new Failure(ExitCode.Unsound, $"{whole.Name} does not hold {part.Name} as it is now: the build is not complete.");
            }

            return whole;
        }

        // As the build does it: assemblies one after another, each padded to 4 bytes, the application, which nobody refers to, last.
        private (string, byte[]) Compose((string Name, byte[] Bytes)[] parts)
        {
            var assemblies = new List<(NanoAssembly Assembly, byte[] Bytes)>();
            foreach ((string name, byte[] bytes) in parts)
            {
                NanoAssembly assembly = NanoAssembly.Read(bytes) is { HeaderOk: true, BodyOk: true } read ? read
                    : throw new Failure(ExitCode.Unsound, $"{name} is no assembly, or not whole yet.");
                assemblies.Add((assembly, bytes));
            }

            var needed = assemblies.SelectMany(part => part.Assembly.References).Select(reference => reference.Name).ToHashSet();
            string[] applications = [.. assemblies.Select(part => part.Assembly.Name).Where(name => !needed.Contains(name))];
            if (applications.Length != 1)
            {
                throw new Failure(ExitCode.Unsound, applications.Length == 0 ? $"there is no build. {folder} has no .pe and no deployment.{(Directory.EnumerateFiles(folder, "*.dll", SearchOption.AllDirectories).Any() ? OnlyDll : "")}" : $"several applications: {string.Join(", ", applications)}. Delete those that are not built any more.");
            }

            using var deployment = new MemoryStream();
            foreach ((NanoAssembly _, byte[] bytes) in assemblies.OrderBy(part => part.Assembly.Name == applications[0]))
            {
                deployment.Write(bytes);
                deployment.Write(new byte[-bytes.Length & 3]);
            }

            return (applications[0], deployment.ToArray());
        }
    }
}
