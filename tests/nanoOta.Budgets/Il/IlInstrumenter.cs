using Mono.Cecil;
using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;

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
            int[] costs = Costs(body);

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
                    Add(il, code[i], cost, costs[i..end].Sum());
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

        // Short forms have costs of their own, so before they are made long.
        private static int[] Costs(MethodBody body)
        {
            var widths = new OperandWidths(body);
            return [.. body.Instructions.Select(i => InterpreterCost.Of(i, widths.IsLong(i), OperandWidths.ValueTypeOf(i, body) is { IsPrimitive: false }))];
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
