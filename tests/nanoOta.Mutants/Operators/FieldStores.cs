using Mono.Cecil;
using Mono.Cecil.Cil;

namespace nanoOta.Mutants.Operators
{
    /// <summary>Stores to fields: removed, or made to another field of the same class and type.</summary>
    internal static class FieldStores
    {
        public const string Removed = "store removed";
        public const string Redirected = "store redirected";

        public static IEnumerable<Mutation> Of(MethodDefinition method, Instruction instruction)
        {
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

        // The next in the class, after the last the first.
        private static FieldDefinition? Other(MethodDefinition method, FieldReference field)
        {
            if (field is not FieldDefinition definition)
            {
                return null;
            }

            FieldDefinition[] fields = [.. definition.DeclaringType.Fields];
            int index = Array.IndexOf(fields, definition);
            return fields[(index + 1)..].Concat(fields[..index]).FirstOrDefault(other =>
                other.IsStatic == definition.IsStatic && other.FieldType.FullName == definition.FieldType.FullName
                && !other.IsLiteral && !IsCompilers(other) && (!other.IsInitOnly || method.IsConstructor));
        }
    }
}
