using Mono.Cecil;
using Mono.Cecil.Cil;

namespace nanoOta.Budgets.Il
{
    /// <summary>
    /// Makes a copy of an assembly that counts the IL instructions it executes, block by block: each basic block begins with
    /// adding its length to a static counter. A block left by an exception counts in full.
    /// </summary>
    internal static class IlInstrumenter
    {
        /// <summary>Instruments a whole assembly.</summary>
        /// <param name="path">The assembly.</param>
        /// <param name="counterOf">Which counter of <see cref="IlTally"/> a type's instructions go to.</param>
        /// <returns>The instrumented assembly.</returns>
        public static byte[] Instrument(string path, Func<TypeDefinition, string> counterOf)
        {
            using ModuleDefinition module = ModuleDefinition.ReadModule(path);
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
                foreach (MethodDefinition method in type.Methods.Where(method => method.HasBody))
                {
                    Instrument(method.Body, counter, allocations);
                }
            }
        }

        private static FieldReference Counter(ModuleDefinition module, string name)
        {
            return module.ImportReference(typeof(IlTally).GetField(name));
        }

        private static void Instrument(MethodBody body, FieldReference counter, FieldReference allocations)
        {
            BasicBlocks.Prepend(body, block =>
            {
                int allocating = block.Count(Allocates);
                return allocating == 0 ? Add(counter, block.Length) : [.. Add(counter, block.Length), .. Add(allocations, allocating)];
            });
        }

        private static Instruction[] Add(FieldReference counter, int count)
        {
            return
            [
                Instruction.Create(OpCodes.Ldsfld, counter), Instruction.Create(OpCodes.Ldc_I4, count), Instruction.Create(OpCodes.Conv_I8),
                Instruction.Create(OpCodes.Add), Instruction.Create(OpCodes.Stsfld, counter),
            ];
        }

        private static bool Allocates(Instruction instruction)
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
