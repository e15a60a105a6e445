using Mono.Cecil;
using Mono.Cecil.Cil;

namespace nanoOta.Mutants.Operators
{
    /// <summary>Switches: one case goes where the next different one goes.</summary>
    internal static class Switches
    {
        public const string Changed = "switch target changed";

        public static IEnumerable<Mutation> Of(MethodDefinition method, Instruction instruction)
        {
            if (instruction.OpCode.Code != Code.Switch)
            {
                yield break;
            }

            // The default's place is behind the switch.
            var targets = (Instruction[])instruction.Operand;
            Instruction[] all = [.. targets, instruction.Next];
            if (all.Distinct().Count() == 1)
            {
                yield break;
            }

            for (int i = 0; i < targets.Length; i++)
            {
                int other = i + 1;
                while (all[other % all.Length] == targets[i])
                {
                    other++;
                }

                Instruction[] changed = [.. targets];
                changed[i] = all[other % all.Length];
                yield return new Mutation(Changed, $"case {i}", _ => instruction.Operand = changed);
            }
        }
    }
}
