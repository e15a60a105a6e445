using System.Text;
using nanoOta.VirtualDevice.Cloud;
using nanoOta.VirtualDevice.Deltas;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.VirtualDevice.Fuzzing
{
    /// <summary>What a device reads to fetch only what changed: a manifest's <c>parts</c> and <c>patches</c>, and patch files.</summary>
    internal static class DeltaTargets
    {
        private const string File = "v2.bin";
        private const string PatchFile = "v2.lz4";
        private const int MaxSize = 200_000;

        private static readonly byte[] _kept = Part("Kept", 1, 900);
        private static readonly byte[] _old = [.. _kept, .. Part("Changed", 2, 3000), .. Part("App", 3, 600)];

        // Changed as a new version would be, with runs that matches of all lengths put out.
        private static readonly byte[] _image = [.. _kept, .. Part("Changed", 2, 3400), .. Part("New", 4, 700), .. Part("App", 5, 600)];
        private static readonly byte[] _patch = PatchWriter.Write(_old, _image);
        private static readonly PartIdentity[] _parts = [.. ImageParts.Read(_image)!.Parts.Select(part => part.Identity)];

        private static readonly string _manifest = $$"""
            {"schema":1,"version":"1.1.0","components":[{"id":"deployment","version":"1.1.0","size":{{_image.Length}},"sha256":"{{new string('0', 64)}}","urls":["{{File}}"],
            "parts":"{{ImageParts.Read(_image)!.Base64}}","patches":[{"from":"0011223344556677","url":"x.lz4","size":5,"sha256":"00"},{"from":"{{ImageParts.Read(_old)!.Id}}","url":"{{PatchFile}}","size":{{_patch.Length}},"sha256":"00"}]}]}
            """;

        public static IReadOnlyList<FuzzTarget> All { get; } =
        [
            new("patch", 150, [_patch, PatchWriter.Write(_image, _old), [.. _patch, .. _patch]], Patch),
            new("parts and patches", 100, [Encoding.UTF8.GetBytes(_manifest)], Members),
        ];

        // The device and the reference reader make the same of it; neither reads outside of what there is.
        private static void Patch(byte[] patch)
        {
            var component = new ManifestComponent
            {
                Size = _image.Length,
                Urls = [File],
                Parts = ImageParts.Read(_image)!.Base64,
                Patches = Encoding.UTF8.GetBytes($$"""[{"from":"{{ImageParts.Read(_old)!.Id}}","url":"{{PatchFile}}","size":{{patch.Length}}}]"""),
            };
            DeltaRun run = Run(component, patch);
            ResultCode code = run.Run();
            if (run.Counts.Patched == 0 && code is ResultCode.None or ResultCode.UpToDate)
            {
                // Empty, or longer than what it would save: it is not used, and there is too little to copy.
                return;
            }

            byte[]? expected = PatchReader.Apply(_old, _parts, patch, out string? fault);
            Require(code is ResultCode.None or ResultCode.PatchMalformed, $"ends in {code}");
            Require((code == ResultCode.None) == (expected != null), $"{code} on the device, and {fault ?? "no fault"} for the reference");
            Require(expected == null || expected.AsSpan().SequenceEqual(run.Idle), "another image than the reference's");
        }

        private static void Members(byte[] manifest)
        {
            if (ManifestReader.Read(manifest, 0, manifest.Length, out UpdateManifest read) != ResultCode.None || read.Components[0].Size > MaxSize)
            {
                return;
            }

            ManifestComponent component = read.Components[0];
            component.Urls = [File];
            ResultCode code = Run(component, _patch).Run();
            Require(code != ResultCode.InternalError, "an internal error");
        }

        private static DeltaRun Run(ManifestComponent component, byte[] patch)
        {
            var server = new MemoryServer();
            server.Put(DeltaRun.Container + File, _image);
            server.Put(DeltaRun.Container + PatchFile, patch);
            return new DeltaRun(_old, component, server);
        }

        // A body of runs and short periods, so that a patch has many sequences.
        private static byte[] Part(string name, ulong seed, int size)
        {
            byte[] part = DeploymentBuilder.Assembly(new AssemblySpec(name, new AssemblyVersion(1, (ushort)seed)), size, seed);
            for (int i = 300; i + 64 < size - 100; i += 150)
            {
                part.AsSpan(i, 60).Fill((byte)i);
            }

            return part;
        }

        private static void Require(bool condition, string otherwise)
        {
            if (!condition)
            {
                throw new FuzzException(otherwise);
            }
        }
    }
}
