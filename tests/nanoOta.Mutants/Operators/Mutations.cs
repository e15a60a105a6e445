using Mono.Cecil;
using Mono.Cecil.Cil;

namespace nanoOta.Mutants.Operators
{
    /// <summary>All mutation operators.</summary>
    internal static class Mutations
    {
        private static readonly Func<MethodDefinition, Instruction, IEnumerable<Mutation>>[] _operators =
        [
            Conditions.Of, Constants.Of, Arithmetic.Of, Calls.Of, Stores.Of, Switches.Of,
        ];

        /// <summary>Their names.</summary>
        public static IReadOnlyList<string> Operators { get; } =
        [
            Conditions.Negated, Conditions.BoundMoved, Constants.Changed, Constants.ReturnFlipped, Arithmetic.Exchanged, Arithmetic.Dropped, Calls.Removed,
            Stores.Removed, Stores.Redirected, Switches.Changed,
        ];

        /// <summary>The changes that can be made at an instruction, always in the same order.</summary>
        /// <param name="method">Its method, simplified: long forms of all instructions.</param>
        /// <param name="instruction">The instruction.</param>
        public static IEnumerable<Mutation> Of(MethodDefinition method, Instruction instruction)
        {
            // What a prefix belongs to cannot be replaced without the prefix.
            return instruction.Previous?.OpCode.OpCodeType == OpCodeType.Prefix ? [] : _operators.SelectMany(of => of(method, instruction));
        }

        /// <summary>Turns an instruction into another, so that branches to it stay.</summary>
        public static void Replace(Instruction instruction, OpCode code, object? operand = null)
        {
            instruction.OpCode = code;
            instruction.Operand = operand;
        }

        /// <summary>Turns an instruction into one that takes so many values from the stack and does nothing.</summary>
        public static void Discard(ILProcessor il, Instruction instruction, int values)
        {
            Replace(instruction, values == 0 ? OpCodes.Nop : OpCodes.Pop);
            for (int i = 1; i < values; i++)
            {
                il.InsertAfter(instruction, il.Create(OpCodes.Pop));
            }
        }
    }
}
