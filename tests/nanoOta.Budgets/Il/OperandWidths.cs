using Mono.Cecil;
using Mono.Cecil.Cil;

namespace nanoOta.Budgets.Il
{
    /// <summary>Which instructions of a method work on 64 bits: the evaluation stack followed through the body.</summary>
    internal sealed class OperandWidths
    {
        private readonly HashSet<Instruction> _long = [];
        private readonly Dictionary<Instruction, bool[]> _atTargets = [];
        private readonly MethodBody _body;

        /// <summary>Follows a body, as the compiler wrote it.</summary>
        public OperandWidths(MethodBody body)
        {
            _body = body;
            Stack<bool> stack = new();
            bool falls = true;
            foreach (Instruction instruction in body.Instructions)
            {
                if (!falls || stack.Count == 0)
                {
                    stack = new(_atTargets.GetValueOrDefault(instruction, []).Reverse());
                }

                Step(instruction, stack);
                falls = instruction.OpCode.FlowControl is not (FlowControl.Branch or FlowControl.Return or FlowControl.Throw);
                foreach (Instruction target in instruction.Operand is Instruction one ? [one] : instruction.Operand as Instruction[] ?? [])
                {
                    _atTargets.TryAdd(target, [.. stack]);
                }
            }
        }

        /// <summary>Whether an instruction works on 64 bits.</summary>
        public bool IsLong(Instruction instruction) => _long.Contains(instruction);

        private void Step(Instruction instruction, Stack<bool> stack)
        {
            bool top = stack.Count > 0 && stack.Peek();
            Code code = instruction.OpCode.Code;
            if (code == Code.Dup)
            {
                stack.Push(top);
                return;
            }

            // A shift has its count on top.
            bool isShift = code is Code.Shl or Code.Shr or Code.Shr_Un;
            bool isLong = isShift ? stack.Count > 1 && stack.ElementAt(1) : top;
            for (int pops = Pops(instruction, stack.Count); pops > 0 && stack.Count > 0; pops--)
            {
                stack.Pop();
            }

            bool isArithmetic = code is (>= Code.Add and <= Code.Not);
            if (isArithmetic && isLong)
            {
                _long.Add(instruction);
            }

            if (Pushes(instruction))
            {
                stack.Push(isArithmetic ? isLong : IsLongValue(instruction));
            }
        }

        private bool IsLongValue(Instruction instruction)
        {
            return instruction.OpCode.Code is Code.Ldc_I8 or Code.Conv_I8 or Code.Conv_U8 or Code.Ldind_I8 or Code.Ldelem_I8
                || ValueTypeOf(instruction, _body) is { MetadataType: MetadataType.Int64 or MetadataType.UInt64 };
        }

        /// <summary>The type of what an instruction loads from a variable, an argument or a field, or of a call's result; null: it does nothing of the kind.</summary>
        public static TypeReference? ValueTypeOf(Instruction instruction, MethodBody body)
        {
            return instruction.OpCode.Code switch
            {
                >= Code.Ldloc_0 and <= Code.Ldloc_3 => body.Variables[instruction.OpCode.Code - Code.Ldloc_0].VariableType,
                Code.Ldloc or Code.Ldloc_S => ((VariableDefinition)instruction.Operand).VariableType,
                >= Code.Ldarg_0 and <= Code.Ldarg_3 => ArgumentType(body.Method, instruction.OpCode.Code - Code.Ldarg_0),
                Code.Ldarg or Code.Ldarg_S => ((ParameterDefinition)instruction.Operand).ParameterType,
                Code.Ldfld or Code.Ldsfld => ((FieldReference)instruction.Operand).FieldType,
                Code.Call or Code.Callvirt => ((MethodReference)instruction.Operand).ReturnType,
                _ => null,
            };
        }

        private static TypeReference ArgumentType(MethodDefinition method, int index)
        {
            return method.HasThis && index == 0 ? method.DeclaringType : method.Parameters[method.HasThis ? index - 1 : index].ParameterType;
        }

        private static int Pops(Instruction instruction, int all)
        {
            return instruction.OpCode.StackBehaviourPop switch
            {
                StackBehaviour.Pop0 => 0,
                StackBehaviour.Varpop when instruction.Operand is MethodReference method =>
                    method.Parameters.Count + (method.HasThis && instruction.OpCode.Code != Code.Newobj ? 1 : 0),
                StackBehaviour.Varpop or StackBehaviour.PopAll => all,
                StackBehaviour.Pop1 or StackBehaviour.Popi or StackBehaviour.Popref => 1,
                StackBehaviour.Pop1_pop1 or StackBehaviour.Popi_pop1 or StackBehaviour.Popi_popi or StackBehaviour.Popi_popi8
                    or StackBehaviour.Popi_popr4 or StackBehaviour.Popi_popr8 or StackBehaviour.Popref_pop1 or StackBehaviour.Popref_popi => 2,
                _ => 3,
            };
        }

        private static bool Pushes(Instruction instruction)
        {
            return instruction.OpCode.StackBehaviourPush switch
            {
                StackBehaviour.Push0 => false,
                StackBehaviour.Varpush => instruction.Operand is MethodReference { ReturnType.MetadataType: not MetadataType.Void },
                _ => true,
            };
        }
    }
}
