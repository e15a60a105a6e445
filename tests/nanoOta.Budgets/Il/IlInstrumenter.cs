using Mono.Cecil;
using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;

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
            // Long forms, because what is inserted moves the targets of branches away; the number of instructions stays.
            body.SimplifyMacros();
            Instruction[] code = [.. body.Instructions];
            HashSet<Instruction> leaders = Leaders(body, code);
            ILProcessor il = body.GetILProcessor();
            var moved = new Dictionary<Instruction, Instruction>();
            for (int i = 0; i < code.Length; i++)
            {
                if (leaders.Contains(code[i]))
                {
                    int end = i + 1;
                    while (end < code.Length && !leaders.Contains(code[end]))
                    {
                        end++;
                    }

                    moved[code[i]] = Add(il, code[i], counter, end - i);
                    int allocating = code[i..end].Count(Allocates);
                    if (allocating > 0)
                    {
                        Add(il, code[i], allocations, allocating);
                    }
                }
            }

            Retarget(body, code, moved);
            body.OptimizeMacros();
        }

        // The first of the instructions inserted.
        private static Instruction Add(ILProcessor il, Instruction before, FieldReference counter, int count)
        {
            Instruction first = il.Create(OpCodes.Ldsfld, counter);
            il.InsertBefore(before, first);
            il.InsertBefore(before, il.Create(OpCodes.Ldc_I4, count));
            il.InsertBefore(before, il.Create(OpCodes.Conv_I8));
            il.InsertBefore(before, il.Create(OpCodes.Add));
            il.InsertBefore(before, il.Create(OpCodes.Stsfld, counter));
            return first;
        }

        private static HashSet<Instruction> Leaders(MethodBody body, Instruction[] code)
        {
            var leaders = new HashSet<Instruction> { code[0] };
            foreach (Instruction instruction in code)
            {
                leaders.UnionWith(instruction.Operand is Instruction target ? [target] : instruction.Operand as Instruction[] ?? []);
                if (instruction.OpCode.FlowControl is FlowControl.Branch or FlowControl.Cond_Branch or FlowControl.Return or FlowControl.Throw
                    && instruction.Next != null)
                {
                    leaders.Add(instruction.Next);
                }
            }

            foreach (ExceptionHandler handler in body.ExceptionHandlers)
            {
                Instruction?[] starts = [handler.TryStart, handler.TryEnd, handler.FilterStart, handler.HandlerStart, handler.HandlerEnd];
                leaders.UnionWith(starts.OfType<Instruction>());
            }

            return leaders;
        }

        private static void Retarget(MethodBody body, Instruction[] code, Dictionary<Instruction, Instruction> moved)
        {
            foreach (Instruction instruction in code)
            {
                instruction.Operand = instruction.Operand switch
                {
                    Instruction target => moved[target],
                    Instruction[] targets => Array.ConvertAll(targets, target => moved[target]),
                    _ => instruction.Operand,
                };
            }

            foreach (ExceptionHandler handler in body.ExceptionHandlers)
            {
                handler.TryStart = Moved(handler.TryStart);
                handler.TryEnd = Moved(handler.TryEnd);
                handler.FilterStart = Moved(handler.FilterStart);
                handler.HandlerStart = Moved(handler.HandlerStart);
                handler.HandlerEnd = Moved(handler.HandlerEnd);
            }

            Instruction? Moved(Instruction? leader) => leader == null ? null : moved[leader];
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
