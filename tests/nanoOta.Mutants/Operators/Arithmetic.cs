using Mono.Cecil;
using Mono.Cecil.Cil;

namespace nanoOta.Mutants.Operators
{
    /// <summary>Arithmetic: one operator in another's place, or none in place of one with a single operand.</summary>
    internal static class Arithmetic
    {
        public const string Exchanged = "operator exchanged";
        public const string Dropped = "operator dropped";

        private static readonly Dictionary<Code, OpCode> _others = new()
        {
            [Code.Add] = OpCodes.Sub,
            [Code.Sub] = OpCodes.Add,
            [Code.Mul] = OpCodes.Div,
            [Code.Div] = OpCodes.Mul,
            [Code.Div_Un] = OpCodes.Mul,
            [Code.Rem] = OpCodes.Mul,
            [Code.Rem_Un] = OpCodes.Mul,
            [Code.And] = OpCodes.Or,
            [Code.Or] = OpCodes.And,
            [Code.Xor] = OpCodes.Or,
            [Code.Shl] = OpCodes.Shr,
            [Code.Shr] = OpCodes.Shl,
            [Code.Shr_Un] = OpCodes.Shl,
        };

        public static IEnumerable<Mutation> Of(MethodDefinition method, Instruction instruction)
        {
            Code code = instruction.OpCode.Code;
            string name = instruction.OpCode.Name;
            if (_others.TryGetValue(code, out OpCode other))
            {
                yield return new Mutation(Exchanged, $"{name} -> {other.Name}", _ => instruction.OpCode = other);
            }
            else if (code is Code.Neg or Code.Not)
            {
                yield return new Mutation(Dropped, name, il => Mutations.Discard(il, instruction, 0));
            }
        }
    }
}
