using Mono.Cecil;
using Mono.Cecil.Cil;

namespace nanoOta.Mutants.Operators
{
    /// <summary>Integer constants: 0 and 1 exchanged, others one more or one less; a true or false that is returned, flipped.</summary>
    internal static class Constants
    {
        public const string Changed = "constant changed";
        public const string ReturnFlipped = "return flipped";

        public static IEnumerable<Mutation> Of(MethodDefinition method, Instruction instruction)
        {
            if (instruction.Operand is long number && instruction.OpCode.Code == Code.Ldc_I8)
            {
                long other = Other(number, instruction);
                yield return new Mutation(Changed, $"{number} -> {other}", _ => instruction.Operand = other);
            }
            else if (instruction.Operand is int value && instruction.OpCode.Code == Code.Ldc_I4 && !IsLengthOfInitialised(instruction) && !Negates(instruction))
            {
                int other = unchecked((int)Other(value, instruction));
                bool returned = method.ReturnType.MetadataType == MetadataType.Boolean && instruction.Next?.OpCode.Code == Code.Ret;
                yield return new Mutation(returned ? ReturnFlipped : Changed, $"{value} -> {other}", _ => instruction.Operand = other);
            }
        }

        // One change for each constant, or half of all mutants would be of this kind. The offset decides which: any even mix will do.
        private static long Other(long value, Instruction constant)
        {
            return value is 0 or 1 ? 1 - value : unchecked(value + (constant.Offset % 2 == 0 ? 1 : -1));
        }

        // new byte[] { 1, 2, 3 }: the length is the compiler's.
        private static bool IsLengthOfInitialised(Instruction constant)
        {
            return constant.Next?.OpCode.Code == Code.Newarr && constant.Next.Next?.OpCode.Code == Code.Dup
                && constant.Next.Next.Next?.OpCode.Code is Code.Ldtoken or Code.Ldc_I4;
        }

        // "x == false" of a comparison or a bool: Conditions negates that.
        private static bool Negates(Instruction constant)
        {
            return constant.Operand is 0 && constant.Next?.OpCode.Code == Code.Ceq && constant.Previous is { } before
                && (before.OpCode.Code is Code.Ceq or Code.Clt or Code.Cgt or Code.Clt_Un or Code.Cgt_Un || TypeOf(before)?.MetadataType == MetadataType.Boolean);
        }

        private static TypeReference? TypeOf(Instruction instruction)
        {
            return instruction.Operand switch
            {
                MethodReference method => method.ReturnType,
                FieldReference field => field.FieldType,
                VariableDefinition variable => variable.VariableType,
                ParameterDefinition parameter => parameter.ParameterType,
                _ => null,
            };
        }
    }
}
