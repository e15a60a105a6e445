using Mono.Cecil.Cil;

namespace nanoOta.Budgets.Pe
{
    /// <summary>The size of a method body in a .pe: .NET's opcodes, with tokens and branches of two bytes instead of four.</summary>
    internal static class PeBody
    {
        private const int HandlerSize = 12;

        /// <summary>Bytes of a body: instructions, and exception handlers with their count. It has no header of its own.</summary>
        public static int Size(MethodBody body)
        {
            int handlers = body.ExceptionHandlers.Count;
            return body.Instructions.Sum(Size) + (handlers == 0 ? 0 : handlers * HandlerSize + 1);
        }

        private static int Size(Instruction instruction)
        {
            return instruction.OpCode.Size + instruction.OpCode.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar or OperandType.ShortInlineArg => 1,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineI or OperandType.ShortInlineR or OperandType.InlineTok => 4,
                OperandType.InlineSwitch => 1 + 2 * ((Instruction[])instruction.Operand).Length,
                _ => 2,
            };
        }
    }
}
