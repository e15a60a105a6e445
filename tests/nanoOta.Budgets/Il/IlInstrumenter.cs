using Mono.Cecil;
using Mono.Cecil.Cil;

namespace nanoOta.Budgets.Il
{
    /// <summary>
    /// Makes a copy of an assembly that counts the IL instructions it executes and what they cost, block by block: each basic block
    /// begins with adding its length and its cost to static counters. A block left by an exception counts in full.
    /// </summary>
    internal static class IlInstrumenter
    {
        /// <summary>Instruments a whole assembly.</summary>
        /// <param name="path">The assembly.</param>
        /// <param name="counterOf">Which counter of <see cref="IlTally"/> a type's instructions go to; their cost goes to the one beside it.</param>
        /// <returns>The instrumented assembly.</returns>
        public static byte[] Instrument(string path, Func<TypeDefinition, string> counterOf)
        {
            using var resolver = new DefaultAssemblyResolver();
            resolver.AddSearchDirectory(Path.GetDirectoryName(path)!);
            using ModuleDefinition module = ModuleDefinition.ReadModule(path, new ReaderParameters { AssemblyResolver = resolver });
            Instrument(module, counterOf);
            using var result = new MemoryStream();
            module.Write(result);
            return result.ToArray();
        }

        /// <summary>Instruments a module in memory.</summary>
        public static void Instrument(ModuleDefinition module, Func<TypeDefinition, string> counterOf)
        {
            FieldReference allocations = Counter(module, nameof(IlTally.Allocations));
            foreach (TypeDefinition type in module.GetTypes().ToArray())
            {
                FieldReference counter = Counter(module, counterOf(type));
                FieldReference cost = Counter(module, counterOf(type) + "Cost");
                foreach (MethodDefinition method in type.Methods.Where(method => method.HasBody))
                {
                    Instrument(method.Body, counter, cost, allocations);
                }
            }
        }

        private static FieldReference Counter(ModuleDefinition module, string name)
        {
            return module.ImportReference(typeof(IlTally).GetField(name));
        }

        private static void Instrument(MethodBody body, FieldReference counter, FieldReference cost, FieldReference allocations)
        {
            // Short forms have costs of their own, so before they are made long.
            var widths = new OperandWidths(body);
            Dictionary<Instruction, int> costs = body.Instructions.ToDictionary(
                i => i, i => InterpreterCost.Of(i, widths.IsLong(i), OperandWidths.ValueTypeOf(i, body) is { IsPrimitive: false }));
            ILProcessor il = body.GetILProcessor();
            BasicBlocks.Prepend(body, block =>
            {
                int allocating = block.Count(Allocates);
                return
                [
                    .. Add(il, counter, block.Length),
                    .. Add(il, cost, block.Sum(i => costs[i])),
                    .. allocating > 0 ? Add(il, allocations, allocating) : [],
                ];
            });
        }

        private static Instruction[] Add(ILProcessor il, FieldReference counter, int count)
        {
            return
            [
                il.Create(OpCodes.Ldsfld, counter),
                il.Create(OpCodes.Ldc_I4, count),
                il.Create(OpCodes.Conv_I8),
                il.Create(OpCodes.Add),
                il.Create(OpCodes.Stsfld, counter),
            ];
        }

        /// <summary>Whether an instruction makes an object on the heap.</summary>
        public static bool Allocates(Instruction instruction)
        {
            return instruction.OpCode.Code is Code.Newarr or Code.Box
                || (instruction.OpCode.Code == Code.Newobj && !IsStruct(((MethodReference)instruction.Operand).DeclaringType));
        }

        // A reference does not tell; the profile has two structs that are made with new.
        private static bool IsStruct(TypeReference type)
        {
            return type.IsValueType || type.FullName is "System.DateTime" or "System.TimeSpan";
        }
    }
}
