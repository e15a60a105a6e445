using Mono.Cecil;
using Mono.Cecil.Cil;

namespace nanoOta.Mutants.Operators
{
    /// <summary>Branches and comparisons: the condition negated, or its bound moved by one.</summary>
    internal static class Conditions
    {
        public const string Negated = "condition negated";
        public const string BoundMoved = "bound moved";

        private static readonly Dictionary<Code, OpCode> _negated = Both(
            (OpCodes.Brtrue, OpCodes.Brfalse), (OpCodes.Beq, OpCodes.Bne_Un), (OpCodes.Blt, OpCodes.Bge), (OpCodes.Ble, OpCodes.Bgt),
            (OpCodes.Blt_Un, OpCodes.Bge_Un), (OpCodes.Ble_Un, OpCodes.Bgt_Un));

        private static readonly Dictionary<Code, OpCode> _moved = Both(
            (OpCodes.Blt, OpCodes.Ble), (OpCodes.Bgt, OpCodes.Bge), (OpCodes.Blt_Un, OpCodes.Ble_Un), (OpCodes.Bgt_Un, OpCodes.Bge_Un));

        // As values, there is no "less or equal": it is "not greater".
        private static readonly Dictionary<Code, OpCode> _opposite = Both((OpCodes.Clt, OpCodes.Cgt), (OpCodes.Clt_Un, OpCodes.Cgt_Un));

        public static IEnumerable<Mutation> Of(MethodDefinition method, Instruction instruction)
        {
            Code code = instruction.OpCode.Code;
            string name = instruction.OpCode.Name;
            if (_negated.TryGetValue(code, out OpCode negated) && !CachesDelegate(instruction))
            {
                yield return new Mutation(Negated, $"{name} -> {negated.Name}", _ => instruction.OpCode = negated);
            }

            if (IsComparison(code) && !IsNegated(instruction))
            {
                yield return new Mutation(Negated, $"{name} -> not {name}", il => Negate(il, instruction));
            }

            // Of references only "is null" can be asked this way: there is no bound.
            bool ofReferences = instruction.Previous?.OpCode.Code == Code.Ldnull;
            if (_moved.TryGetValue(code, out OpCode moved) && !ofReferences)
            {
                yield return new Mutation(BoundMoved, $"{name} -> {moved.Name}", _ => instruction.OpCode = moved);
            }

            if (_opposite.TryGetValue(code, out OpCode opposite) && !ofReferences)
            {
                yield return new Mutation(BoundMoved, $"{name} -> not {opposite.Name}", il =>
                {
                    instruction.OpCode = opposite;
                    Negate(il, instruction);
                });
            }
        }

        private static bool IsComparison(Code code)
        {
            return code == Code.Ceq || _opposite.ContainsKey(code);
        }

        private static void Negate(ILProcessor il, Instruction comparison)
        {
            il.InsertAfter(comparison, il.Create(OpCodes.Ceq));
            il.InsertAfter(comparison, il.Create(OpCodes.Ldc_I4, 0));
        }

        // What comes next negates: to negate that is the same change.
        private static bool IsNegated(Instruction comparison)
        {
            Instruction? next = comparison.Next;
            return next?.OpCode.Code is Code.Brtrue or Code.Brfalse
                || (next?.OpCode.Code == Code.Ldc_I4 && next.Operand is 0 && next.Next?.OpCode.Code == Code.Ceq);
        }

        // A lambda without captures is made once: the compiler's branch, not the author's.
        private static bool CachesDelegate(Instruction branch)
        {
            return branch.Previous?.OpCode.Code == Code.Dup && branch.Previous.Previous?.Operand is FieldReference field && Stores.IsCompilers(field);
        }

        private static Dictionary<Code, OpCode> Both(params (OpCode One, OpCode Other)[] pairs)
        {
            return pairs.Concat(pairs.Select(pair => (pair.Other, pair.One))).ToDictionary(pair => pair.Item1.Code, pair => pair.Item2);
        }
    }
}
