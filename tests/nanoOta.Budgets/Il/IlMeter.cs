using Mono.Cecil;
using Mono.Cecil.Cil;

namespace nanoOta.Budgets.Il
{
    /// <summary>IL instructions and allocations, counted in an instrumented copy of what is tested.</summary>
    internal static class IlMeter
    {
        private const int HashLength = 64 * 1024;
        private const int Small = 512 * 1024;
        private const int Large = 1024 * 1024;

        // Of the first edition's SHA-256, weighed likewise.
        private const int HashCost = 4367;

        /// <summary>Image, hash, authentication and allocations.</summary>
        public static IEnumerable<BudgetRow> Measure()
        {
            var world = new InstrumentedContext();

            // The first run of all also initialises types, which is not of interest.
            Update(world, Small, isManaged: false);
            Update(world, Small, isManaged: true);
            long[] large = Update(world, Large, isManaged: false);
            yield return PerByte(large, Update(world, Small, isManaged: false)) with
            {
                Key = "image", What = "an image from wire to confirmed, on our firmware", Budget = 4,
                How = "instrumented copy: what a byte more costs from the offer to the confirmation, in reads of 1460 bytes; SHA-256, read-back and the slots are native code and count nothing, nor does the HTTP client",
            };
            yield return PerByte(Update(world, Large, isManaged: true), Update(world, Small, isManaged: true)) with
            {
                Key = "image:managed", What = "an image from wire to confirmed, on stock firmware",
                How = "the same with SHA-256 in managed code, of what comes in and of what is read back; files aside",
            };

            long[] hash = world.Run<long[]>(typeof(Workloads), nameof(Workloads.Hash), HashLength);
            yield return new BudgetRow("sha256", "SHA-256 in managed code", "IL instructions a byte", 110, "instrumented copy, 64 KiB")
            {
                Measured = (double)hash[0] / HashLength, Cost = (double)hash[1] / HashLength,
            };
            yield return new BudgetRow("sha256:cost", "SHA-256 in managed code, by the interpreter's measured cost", "ARM instructions a byte", HashCost,
                "instrumented copy, 64 KiB; the budget is what it was in the first edition: fewer IL instructions must not be slower ones")
            {
                Measured = (double)hash[1] / HashLength,
            };

            long[] authentication = Authenticate(world);
            yield return new BudgetRow("authentication", "authenticating a Device Update manifest, on our firmware", "IL instructions", 1_000_000,
                "instrumented copy: the published manifest with the channel's own code and the production keys; two RSA-3072 verifications and three hashes are native code and count nothing")
            {
                Measured = authentication[2], Cost = authentication[3],
            };
            yield return new BudgetRow("authentication:managed", "authenticating a Device Update manifest, on stock firmware", "IL instructions", 12_000_000,
                $"the same with RSA and SHA-256 in managed code; at most {authentication[4]} in a step")
            {
                Measured = authentication[0], Cost = authentication[1],
            };
            yield return new BudgetRow("allocation", "allocation per 4 KiB chunk in the download loop", "bytes or objects", 0,
                $"the most in any of {large[2]} steps that brought bytes and reported nothing, bytes by .NET's count ({large[3]}), objects by allocating IL instructions ({large[4]})")
            {
                Measured = Math.Max(large[3], large[4]),
            };
        }

        /// <summary>What this program's weights make of code of which the real interpreter was measured: one line for each.</summary>
        public static IEnumerable<string> Calibration()
        {
            var world = new InstrumentedContext();
            long[] hash = world.Run<long[]>(typeof(Workloads), nameof(Workloads.Hash), HashLength);
            long[] all = Authenticate(world);
            world.Run<long[]>(typeof(Workloads), nameof(Workloads.ReadManifest));
            long[] manifest = world.Run<long[]>(typeof(Workloads), nameof(Workloads.ReadManifest));
            yield return Line("SHA-256", hash[0], hash[1], 38);
            yield return Line("two RS256 and the hashes of a Device Update manifest", all[0] - all[2], all[1] - all[3], 46);
            yield return Line("reading a manifest", manifest[0], manifest[1], 70);

            static string Line(string what, long il, long cost, int measured)
            {
                return $"{what}: {il} IL instructions, weighed at {(double)cost / il:0.0} ARM instructions each; the interpreter's were {measured}";
            }
        }

        /// <summary>A loop of known length: 2 instructions before it, 10 in each of ten rounds with one allocation, 5 when it ends; and its cost by hand.</summary>
        public static string? SelfCheck()
        {
            using AssemblyDefinition assembly = AssemblyDefinition.CreateAssembly(new AssemblyNameDefinition("IlSample", new Version(1, 0)), "IlSample", ModuleKind.Dll);
            ModuleDefinition module = assembly.MainModule;
            var type = new TypeDefinition("", "Sample", TypeAttributes.Public | TypeAttributes.Abstract | TypeAttributes.Sealed, module.TypeSystem.Object);
            var method = new MethodDefinition("Loop", MethodAttributes.Public | MethodAttributes.Static, module.TypeSystem.Int32);
            method.Body.Variables.Add(new VariableDefinition(module.TypeSystem.Int32));
            type.Methods.Add(method);
            module.Types.Add(type);

            ILProcessor il = method.Body.GetILProcessor();
            Instruction condition = il.Create(OpCodes.Ldloc_0);
            Instruction end = il.Create(OpCodes.Ldloc_0);
            Instruction[] body =
            [
                il.Create(OpCodes.Ldc_I4_0), il.Create(OpCodes.Stloc_0),
                condition, il.Create(OpCodes.Ldc_I4_S, (sbyte)10), il.Create(OpCodes.Bge_S, end),
                il.Create(OpCodes.Ldloc_0), il.Create(OpCodes.Ldc_I4_1), il.Create(OpCodes.Newarr, module.TypeSystem.Byte), il.Create(OpCodes.Ldlen),
                il.Create(OpCodes.Add), il.Create(OpCodes.Stloc_0), il.Create(OpCodes.Br_S, condition),
                end, il.Create(OpCodes.Ret),
            ];
            Array.ForEach(body, il.Append);
            IlInstrumenter.Instrument(module, _ => nameof(IlTally.Rest));
            using var image = new MemoryStream();
            assembly.Write(image);

            (IlCount count, long allocations) = (IlCount.Native, IlTally.Allocations);
            object? result = System.Reflection.Assembly.Load(image.ToArray()).GetType("Sample")!.GetMethod("Loop")!.Invoke(null, null);
            (count, allocations) = (IlCount.Native - count, IlTally.Allocations - allocations);
            const int Expected = 2 + 10 * 10 + 3 + 2;
            const int Cost = 21 + 53 + 11 * (34 + 24 + 85) + 10 * (34 + 21 + 373 + 54 + 41 + 53 + 34) + 34 + 120;
            return count == new IlCount(Expected, Cost) && allocations == 10 && result is 10
                ? null : $"{count} and {allocations} allocations instead of {Expected} instructions, {Cost} by cost, and 10 allocations";
        }

        private static long[] Authenticate(InstrumentedContext world)
        {
            return world.Run<long[]>(typeof(Workloads), nameof(Workloads.Authenticate), Vector("adu-freertos-valid-manifest-v4.json"), Vector("adu-freertos-valid-manifest.jws"));
        }

        private static byte[] Vector(string name)
        {
            return File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "vectors", name));
        }

        private static long[] Update(InstrumentedContext world, int size, bool isManaged)
        {
            return world.Run<long[]>(typeof(Workloads), nameof(Workloads.Update), size, isManaged);
        }

        private static BudgetRow PerByte(long[] large, long[] small)
        {
            return new BudgetRow("", "", "IL instructions a byte", null, "")
            {
                Measured = (double)(large[0] - small[0]) / (Large - Small), Cost = (double)(large[1] - small[1]) / (Large - Small),
            };
        }
    }
}
