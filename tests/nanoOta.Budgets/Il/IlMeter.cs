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

        /// <summary>Hash, authentication, agent and allocations.</summary>
        /// <param name="folder">Where the assemblies lie as they ship.</param>
        public static IEnumerable<BudgetRow> Measure(string folder)
        {
            var world = new InstrumentedContext();
            yield return new BudgetRow("sha256", "SHA-256 in managed code", "IL instructions a byte", 120, "instrumented copy, 64 KiB")
            {
                Measured = (double)world.Run<long>(typeof(Workloads), nameof(Workloads.Hash), HashLength) / HashLength,
            };

            long[] authentication = world.Run<long[]>(typeof(Workloads), nameof(Workloads.Authenticate), Vector("adu-freertos-valid-manifest-v4.json"), Vector("adu-freertos-valid-manifest.jws"));
            yield return new BudgetRow("authentication", "authenticating a Device Update manifest", "IL instructions", 20_000_000,
                $"instrumented copy: the published manifest with the channel's own code and the production keys, two RSA-3072 verifications, hashes and JSON among it; at most {authentication[1]} in a step")
            {
                Measured = authentication[0],
            };

            // The first run of all also initialises types, which is not of interest.
            Update(world, Small);
            long[] small = Update(world, Small);
            long[] large = Update(world, Large);
            yield return new BudgetRow("overhead", "agent's overhead beyond hash and copy", "IL instructions a byte", 2,
                "instrumented copy: what a byte more costs from offer to reboot, read-back included, in reads of 1460 bytes; HTTP aside")
            {
                Measured = (double)(large[1] - small[1]) / (Large - Small),
            };
            yield return new BudgetRow("allocation", "allocation per 4 KiB chunk in the download loop", "bytes or objects", 0,
                $"the most in any of {large[2]} steps that brought bytes and reported nothing, bytes by .NET's count ({large[3]}), objects by allocating IL instructions ({large[4]})")
            {
                Measured = Math.Max(large[3], large[4]),
            };
        }

        /// <summary>A loop of known length: 2 instructions before it, 10 in each of ten rounds with one allocation, 5 when it ends.</summary>
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

            (long instructions, long allocations) = (IlTally.Rest, IlTally.Allocations);
            object? result = System.Reflection.Assembly.Load(image.ToArray()).GetType("Sample")!.GetMethod("Loop")!.Invoke(null, null);
            (instructions, allocations) = (IlTally.Rest - instructions, IlTally.Allocations - allocations);
            const int Expected = 2 + 10 * 10 + 3 + 2;
            return (instructions, allocations, result) is (Expected, 10, 10) ? null : $"{instructions} instructions and {allocations} allocations instead of {Expected} and 10";
        }

        private static byte[] Vector(string name)
        {
            return File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "vectors", name));
        }

        private static long[] Update(InstrumentedContext world, int size)
        {
            return world.Run<long[]>(typeof(Workloads), nameof(Workloads.Update), size);
        }
    }
}
