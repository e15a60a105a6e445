using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;

namespace nanoOta.Profile.Lint
{
    /// <summary>One instruction. <paramref name="Operand"/> is nil unless it is a token.</summary>
    internal readonly record struct Instruction(int Offset, OpCode Code, EntityHandle Operand);

    /// <summary>Splits a method body into instructions.</summary>
    internal static class IlStream
    {
        private static readonly Dictionary<int, OpCode> Codes = typeof(OpCodes)
            .GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(field => (OpCode)field.GetValue(null)!)
            .ToDictionary(code => (int)(ushort)code.Value);

        public static IEnumerable<Instruction> Read(MethodBodyBlock body)
        {
            BlobReader il = body.GetILReader();
            while (il.RemainingBytes > 0)
            {
                int offset = il.Offset;
                int value = il.ReadByte();
                if (value == 0xFE)
                {
                    value = 0xFE00 | il.ReadByte();
                }

                if (!Codes.TryGetValue(value, out OpCode code))
                {
                    throw new InvalidDataException($"no IL instruction has the code 0x{value:X}");
                }

                yield return new Instruction(offset, code, ReadOperand(code.OperandType, ref il));
            }
        }

        private static EntityHandle ReadOperand(OperandType type, ref BlobReader il)
        {
            switch (type)
            {
                case OperandType.InlineNone:
                    return default;
                case OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType or OperandType.InlineSig:
                    return MetadataTokens.EntityHandle(il.ReadInt32());
                case OperandType.InlineSwitch:
                    // Apart, for "Offset +=" would take the offset from before the count is read.
                    int cases = il.ReadInt32();
                    il.Offset += 4 * cases;
                    return default;
                default:
                    il.Offset += type switch
                    {
                        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                        OperandType.InlineVar => 2,
                        OperandType.InlineI8 or OperandType.InlineR => 8,
                        _ => 4,
                    };
                    return default;
            }
        }
    }
}
