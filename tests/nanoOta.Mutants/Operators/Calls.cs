using Mono.Cecil;
using Mono.Cecil.Cil;

namespace nanoOta.Mutants.Operators
{
    /// <summary>Calls of methods that return nothing: removed, their arguments popped.</summary>
    internal static class Calls
    {
        public const string Removed = "call removed";

        public static IEnumerable<Mutation> Of(MethodDefinition method, Instruction instruction)
        {
            if (instruction.OpCode.Code is Code.Call or Code.Callvirt && instruction.Operand is MethodReference called
                && called.ReturnType.MetadataType == MetadataType.Void && IsObservable(called))
            {
                yield return new Mutation(Removed, $"{called.DeclaringType.Name}.{called.Name}", il => Mutations.Discard(il, instruction, called.Parameters.Count + (called.HasThis ? 1 : 0)));
            }
        }

        // A constructor must call its base's. That a lock is missing shows only by chance.
        private static bool IsObservable(MethodReference called)
        {
            return called.Name != ".ctor" && called.DeclaringType.FullName != "System.Threading.Monitor";
        }
    }
}
