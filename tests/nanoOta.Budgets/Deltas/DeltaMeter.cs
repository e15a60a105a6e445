using System.Security.Cryptography;
using System.Text;
using nanoOta.Budgets.Il;
using nanoOta.VirtualDevice;
using nanoOta.VirtualDevice.Cloud;
using nanoOta.VirtualDevice.Deltas;

namespace nanoOta.Budgets.Deltas
{
    /// <summary>What an application whose one statement changed costs to fetch, and what copying and patching cost the interpreter.</summary>
    internal static class DeltaMeter
    {
        private const int Kibi = 1024;

        private static readonly byte[] _application = Read("app-statement/TwinUpdate");
        private static readonly byte[] _old = Image("now/TwinUpdate", "now/nanoOta");
        private static readonly byte[] _new = Image("app-statement/TwinUpdate", "now/nanoOta");

        // A library of 33 KB, of which one statement changed: so that what a patch costs to begin with does not count.
        private static readonly byte[] _library = Image("now/TwinUpdate", "core-statement/nanoOta");

        /// <summary>Bytes fetched, with a patch and without, and instructions a byte.</summary>
        public static IEnumerable<BudgetRow> Measure()
        {
            byte[] patch = PatchWriter.Write(_old, _new);
            string image = $"the device's reader, an image of {_new.Length} bytes from real builds, of which {_application.Length} are the application; the manifest aside";
            yield return new BudgetRow("delta:patch", "fetched for an application whose one statement changed, with a patch", "bytes", Kibi, image) { Measured = Rebuild(_old, _new, patch)[2] };
            yield return new BudgetRow("delta:parts", "the same without a patch", "bytes", _application.Length + Kibi, image + "; the budget is the application and 1 KiB") { Measured = Rebuild(_old, _new, [])[2] };

            var world = new InstrumentedContext();
            Count(world, _library, PatchWriter.Write(_old, _library));
            long[] copied = Count(world, _old, []);
            long[] patched = Count(world, _library, PatchWriter.Write(_old, _library));
            int library = Read("core-statement/nanoOta").Length;
            yield return new BudgetRow("delta:il-copy", "copying from the active slot, beside the download itself", "IL instructions a byte", 4, "instrumented copy: all of an image is copied; the plan from the manifest's members and six headers among it, the slots are native")
            {
                Measured = (double)copied[0] / _old.Length, Cost = (double)copied[1] / _old.Length,
            };
            yield return new BudgetRow("delta:il-patch", "decoding a patch, beside the download itself", "IL instructions a byte", 4, $"the same, for a library of {library} bytes whose one statement changed, a byte of its output")
            {
                Measured = (double)(patched[0] - copied[0]) / library, Cost = (double)(patched[1] - copied[1]) / library,
            };
        }

        /// <summary>Nothing is fetched for what is there, and all of it where nothing is.</summary>
        public static string? SelfCheck()
        {
            long[] same = Rebuild(_old, _old, []);
            long[] changed = Rebuild(_old, _new, []);
            return same[2] == 0 && same[3] == _old.Length && changed[2] == _application.Length && changed[2] + changed[3] == _new.Length
                ? null : $"{same[2]} bytes fetched for the same image, {changed[2]} for another application of {_application.Length}";
        }

        /// <summary>Runs the device's reader.</summary>
        /// <returns>IL instructions, what they cost, and bytes fetched, copied and patched.</returns>
        public static long[] Rebuild(byte[] old, byte[] image, byte[] patch)
        {
            const string File = "v2.bin", PatchFile = "v2.lz4";
            var server = new MemoryServer();
            server.Put(DeltaRun.Container + File, image);
            server.Put(DeltaRun.Container + PatchFile, patch);
            var component = new ManifestComponent
            {
                Id = ManifestComponent.Deployment,
                Size = image.Length,
                Sha256 = SHA256.HashData(image),
                Urls = [File],
                Parts = ImageParts.Read(image)!.Base64,
                Patches = patch.Length == 0 ? null : Encoding.UTF8.GetBytes($$"""[{"from":"{{ImageParts.Read(old)!.Id}}","url":"{{PatchFile}}","size":{{patch.Length}}}]"""),
            };
            var run = new DeltaRun(old, component, server);
            IlCount before = IlCount.Native;
            ResultCode code = run.Run();
            IlCount all = IlCount.Native - before;
            return code == ResultCode.None && run.Idle.AsSpan().SequenceEqual(image)
                ? [all.Il, all.Cost, run.Counts.Fetched, run.Counts.Copied, run.Counts.Patched]
                : throw new InvalidOperationException($"The image is not put together: {code}.");
        }

        private static long[] Count(InstrumentedContext world, byte[] image, byte[] patch)
        {
            return world.Run<long[]>(typeof(DeltaMeter), nameof(Rebuild), _old, image, patch);
        }

        private static byte[] Image(string application, string core)
        {
            return [.. File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "CoreLibrary", "mscorlib.pe")), .. Read(core), .. Read("now/nanoOta.Http"), .. Read("now/nanoOta.Native"), .. Read("now/nanoOta.Azure"), .. Read(application)];
        }

        private static byte[] Read(string name)
        {
            return File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "vectors", "deltas", name + ".pe"));
        }
    }
}
