namespace nanoOta.VirtualDevice.Images
{
    /// <summary>The images that <c>nanoota image make</c> writes and tests use: small stand-ins of the real thing that fit each other.</summary>
    public static class SampleImages
    {
        /// <summary>The name of the application's assembly in a <see cref="Deployment"/>.</summary>
        public const string ApplicationName = "App";

        /// <summary>mscorlib 1.17.11 and its native checksum (with reflection), as the firmware of that time has it.</summary>
        public static NativeAssembly Mscorlib { get; } = new("mscorlib", 0x1549C856);

        /// <summary>The native assemblies that <see cref="Esp32"/> images hold.</summary>
        public static IReadOnlyList<NativeAssembly> Natives { get; } = [Mscorlib];

        /// <summary>
        /// A deployment: a library and an application "App" of the given version that refers to it. Neither has native code, so
        /// that every CLR runs it, also one that does not tell what native code it holds.
        /// </summary>
        /// <param name="version">The application's, and so the deployment's.</param>
        /// <param name="size">Exact, in bytes: a multiple of 4, at least <see cref="DeploymentMinimum"/>.</param>
        /// <param name="seed">Another seed gives another body.</param>
        /// <exception cref="ArgumentException">The size cannot be made; the message says which can.</exception>
        public static byte[] Deployment(AssemblyVersion version, int size, ulong seed = 0)
        {
            return DeploymentBuilder.Build(Assemblies(version), size, seed);
        }

        /// <summary>A deployment as it is after one line of the application was changed: another version, and other bytes at one place.</summary>
        /// <param name="deployment">A deployment that <see cref="Deployment"/> made.</param>
        /// <param name="version">The application's version.</param>
        public static byte[] Changed(byte[] deployment, AssemblyVersion version)
        {
            int application = Images.Deployment.Read(deployment).Assemblies[^1].Offset;
            byte[] changed = [.. deployment];
            changed[application + ((deployment.Length - application) / 2)] ^= 1;
            DeploymentBuilder.Seal(changed.AsSpan(application), version);
            return changed;
        }

        /// <summary>The least size of <see cref="Deployment"/>.</summary>
        public static int DeploymentMinimum => DeploymentBuilder.MinimumSize(Assemblies(default));

        /// <summary>A CLR for the ESP32 of the given version.</summary>
        /// <param name="version">At most 31 bytes; nanoCLR's have four numbers.</param>
        /// <param name="size">Exact, in bytes: a multiple of 16, at least <see cref="Esp32Minimum"/>.</param>
        /// <param name="seed">Another seed gives another body.</param>
        /// <exception cref="ArgumentException">The size cannot be made; the message says which can.</exception>
        public static byte[] Esp32(string version, int size, ulong seed = 0)
        {
            return EspImageBuilder.Build(new EspImageSpec(version) { Natives = Natives }, size, seed);
        }

        /// <summary>The least size of <see cref="Esp32"/>.</summary>
        public static int Esp32Minimum => EspImageBuilder.MinimumSize(new EspImageSpec("") { Natives = Natives });

        private static AssemblySpec[] Assemblies(AssemblyVersion version)
        {
            var library = new AssemblySpec("Library", new AssemblyVersion(1, 0));
            return [library, new AssemblySpec(ApplicationName, version) { References = [new(library.Name, library.Version)] }];
        }
    }
}
