using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;

namespace nanoOta.Budgets.Il
{
    /// <summary>The basic blocks of a method: instructions that are executed one after the other, from the first to the last.</summary>
    internal static class BasicBlocks
    {
        /// <summary>The blocks, in the order of the code. A block left by an exception counts as a whole.</summary>
        public static List<Instruction[]> Of(MethodBody body)
        {
            Instruction[] code = [.. body.Instructions];
            HashSet<Instruction> leaders = Leaders(body, code);
            var blocks = new List<Instruction[]>();
            int start = 0;
            for (int i = 1; i <= code.Length; i++)
            {
                if (i == code.Length || leaders.Contains(code[i]))
                {
                    blocks.Add(code[start..i]);
                    start = i;
                }
            }

            return blocks;
        }

        /// <summary>Puts instructions before each block, so that whoever comes to the block executes them.</summary>
        /// <param name="body">The method.</param>
        /// <param name="prologue">At least one instruction for a block, which must leave the stack as it was.</param>
        public static void Prepend(MethodBody body, Func<Instruction[], Instruction[]> prologue)
        {
            // Long forms, because what is inserted moves the targets of branches away; the number of instructions stays.
            body.SimplifyMacros();
            Instruction[] code = [.. body.Instructions];
            ILProcessor il = body.GetILProcessor();
            var moved = new Dictionary<Instruction, Instruction>();
            foreach (Instruction[] block in Of(body))
            {
                Instruction[] inserted = prologue(block);
                Array.ForEach(inserted, instruction => il.InsertBefore(block[0], instruction));
                moved[block[0]] = inserted[0];
            }

            Retarget(body, code, moved);
            body.OptimizeMacros();
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
    }
}
