using Mono.Cecil;
using Mono.Cecil.Cil;

namespace nanoOta.Mutants.Operators
{
    /// <summary>Stores to fields and properties: removed, or made to another one of the same class and type.</summary>
    internal static class Stores
    {
        public const string Removed = "store removed";
        public const string Redirected = "store redirected";

        public static IEnumerable<Mutation> Of(MethodDefinition method, Instruction instruction)
        {
            // That a property is not stored is a call removed.
            if (instruction.Operand is MethodDefinition { IsSetter: true } setter && instruction.OpCode.Code is Code.Call or Code.Callvirt && Other(setter) is { } otherSetter)
            {
                yield return new Mutation(Redirected, $"{setter.Name} -> {otherSetter.Name}", _ => instruction.Operand = otherSetter);
            }

            if (instruction.OpCode.Code is not (Code.Stfld or Code.Stsfld) || instruction.Operand is not FieldReference field || IsCompilers(field))
            {
                yield break;
            }

            if (!StoresDefault(method, instruction))
            {
                yield return new Mutation(Removed, field.Name, il => Mutations.Discard(il, instruction, instruction.OpCode.Code == Code.Stfld ? 2 : 1));
            }

            if (Other(method, field) is { } other)
            {
                yield return new Mutation(Redirected, $"{field.Name} -> {other.Name}", _ => instruction.Operand = other);
            }
        }

        /// <summary>Whether a field is where the compiler keeps delegates and the like: one of its names that is no property's.</summary>
        public static bool IsCompilers(FieldReference field)
        {
            return field.Name.StartsWith("<>", StringComparison.Ordinal);
        }

        // A constructor that stores what is there already: no test can tell.
        private static bool StoresDefault(MethodDefinition method, Instruction store)
        {
            return method.IsConstructor && (store.Previous?.OpCode.Code == Code.Ldnull || (store.Previous?.OpCode.Code == Code.Ldc_I4 && store.Previous.Operand is 0));
        }

        private static FieldDefinition? Other(MethodDefinition method, FieldReference field)
        {
            return field is not FieldDefinition definition ? null : Next(definition.DeclaringType.Fields, definition, other =>
                other.IsStatic == definition.IsStatic && other.FieldType.FullName == definition.FieldType.FullName
                && !other.IsLiteral && !IsCompilers(other) && (!other.IsInitOnly || method.IsConstructor));
        }

        private static MethodDefinition? Other(MethodDefinition setter)
        {
            return Next(setter.DeclaringType.Methods, setter, other =>
                other.IsSetter && other.IsStatic == setter.IsStatic && other.Parameters.Count == 1 && setter.Parameters.Count == 1
                && other.Parameters[0].ParameterType.FullName == setter.Parameters[0].ParameterType.FullName);
        }

        // The next in the class, after the last the first.
        private static T? Next<T>(IEnumerable<T> members, T member, Func<T, bool> isLike)
            where T : class
        {
            T[] all = [.. members];
            int index = Array.IndexOf(all, member);
            return all[(index + 1)..].Concat(all[..index]).FirstOrDefault(isLike);
        }
    }
}
