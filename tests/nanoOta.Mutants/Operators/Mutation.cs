using Mono.Cecil.Cil;

namespace nanoOta.Mutants.Operators
{
    /// <summary>One change of one instruction, not yet made.</summary>
    /// <param name="Operator">What kind of change it is: one of <see cref="Mutations.Operators"/>.</param>
    /// <param name="Change">Before and after, for a reader.</param>
    /// <param name="Apply">Makes the change. The method must have been simplified: long forms of all instructions.</param>
    internal sealed record Mutation(string Operator, string Change, Action<ILProcessor> Apply);
}
