using Mono.Cecil;
using Mono.Cecil.Cil;

namespace nanoOta.Budgets.Il
{
    /// <summary>
    /// What an IL instruction costs nanoFramework's interpreter, in ARM instructions. Counts of IL understate code that is full of calls
    /// and allocations two to three times; weighed counts compare such code with arithmetic.
    /// </summary>
    /// <remarks>
    /// Measured in November 2026: nanoCLR 1.17 (nf-interpreter a3e8139a, its POSIX host) built for 32-bit ARM (Thumb-2, -Os), in an
    /// emulator that counts instructions, with loops of one opcode each. What was not measured has the cost of its nearest relative.
    /// Code of nanoFramework's own assemblies costs the call alone, but for the three natives below.
    /// </remarks>
    internal static class InterpreterCost
    {
        private const int Simple = 34;
        private const int Branch = 85;
        private const int Allocation = 373;
        private const int ConstructorCall = 318;
        private const int Box = 337;
        private const int Cast = 288;
        private const int Field = 133;
        private const int Protected = 550;

        private static readonly Dictionary<string, int> _natives = new(StringComparer.Ordinal)
        {
            ["System.Array::Copy"] = 1310, ["System.String::op_Equality"] = 1406, ["System.String::op_Inequality"] = 1406,
        };

        /// <summary>The cost of an instruction.</summary>
        /// <param name="instruction">The instruction, as the compiler wrote it.</param>
        /// <param name="isLong">Whether it works on 64 bits.</param>
        /// <param name="isReference">Whether it loads a reference from a local variable or an argument.</param>
        public static int Of(Instruction instruction, bool isLong, bool isReference)
        {
            return instruction.OpCode.Code switch
            {
                Code.Nop or Code.Pop or Code.Ldnull => 21,
                >= Code.Ldc_I4_M1 and <= Code.Ldc_I4_8 => 21,
                Code.Ldc_I4_S => 24,
                Code.Ldc_I4 or Code.Ldc_R4 => 36,
                Code.Ldc_I8 or Code.Ldc_R8 => 44,
                Code.Xor or Code.And or Code.Or or Code.Not or Code.Neg => 26,
                Code.Shl or Code.Shr or Code.Shr_Un => isLong ? 42 : 32,
                Code.Add or Code.Sub => isLong ? 44 : 41,
                Code.Mul => isLong ? 45 : 38,
                Code.Div or Code.Div_Un or Code.Rem or Code.Rem_Un => isLong ? 77 : 47,
                (>= Code.Ldloc_0 and <= Code.Ldloc_3) or Code.Ldloc or Code.Ldloc_S => isReference ? 48 : 34,
                (>= Code.Ldarg_0 and <= Code.Ldarg_3) or Code.Ldarg or Code.Ldarg_S or Code.Ldarga or Code.Ldarga_S or Code.Ldloca or Code.Ldloca_S => 37,
                (>= Code.Stloc_0 and <= Code.Stloc_3) or Code.Stloc or Code.Stloc_S or Code.Starg or Code.Starg_S => 53,
                Code.Conv_U4 or Code.Conv_I4 => 50,
                Code.Conv_U8 => 62,
                Code.Conv_I8 => 85,
                Code.Conv_U1 or Code.Conv_I1 or Code.Conv_U2 or Code.Conv_I2 => 68,
                Code.Ldelem_U1 or Code.Ldelem_I1 or Code.Ldelem_U2 or Code.Ldelem_I2 => 93,
                Code.Ldelem_U4 or Code.Ldelem_I4 => 81,
                Code.Ldelem_I8 or Code.Ldelem_Ref or Code.Ldelem_Any => 85,
                Code.Stelem_I1 or Code.Stelem_I2 => 116,
                Code.Stelem_I4 => 111,
                Code.Stelem_I8 => 115,
                Code.Stelem_Ref or Code.Stelem_Any => 559,
                Code.Ldelema or Code.Ldlen => 54,
                >= Code.Ldind_I1 and <= Code.Ldind_Ref => 53,
                (>= Code.Stind_Ref and <= Code.Stind_R8) or Code.Initobj => 87,
                Code.Ldfld or Code.Ldflda => 135,
                Code.Stfld or Code.Ldsfld or Code.Ldsflda or Code.Stsfld => Field,
                Code.Castclass or Code.Isinst or Code.Unbox or Code.Unbox_Any => Cast,
                Code.Newarr => Allocation,
                Code.Newobj => IlInstrumenter.Allocates(instruction) ? Allocation + ConstructorCall : ConstructorCall,
                Code.Box or Code.Ldstr => Box,
                Code.Ret => 120,
                Code.Throw or Code.Rethrow or Code.Endfinally => Protected,
                Code.Call or Code.Callvirt => CallTo((MethodReference)instruction.Operand),
                Code.Br or Code.Br_S or Code.Leave or Code.Leave_S => Simple,
                _ when instruction.OpCode.FlowControl == FlowControl.Cond_Branch => Branch,
                _ => Simple,
            };
        }

        private static int CallTo(MethodReference method)
        {
            if (_natives.TryGetValue($"{method.DeclaringType.FullName}::{method.Name}", out int cost))
            {
                return cost;
            }

            MethodDefinition? definition = method.Resolve();
            return !method.HasThis ? 318
                : definition is { DeclaringType.IsInterface: true } ? 470
                : definition is { IsVirtual: true, IsFinal: false } && !definition.DeclaringType.IsSealed ? 333 : 270;
        }
    }
}
