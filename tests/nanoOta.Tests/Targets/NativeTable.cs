using Mono.Cecil;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.Tests.Targets
{
    /// <summary>
    /// What nanoFramework's metadata processor makes of an assembly's methods, by its rules: the order in which firmware must list
    /// them, the name of each native one, and the checksum by which firmware and assembly recognise each other.
    /// </summary>
    internal sealed class NativeTable
    {
        private static readonly Dictionary<string, string> _primitives = new(StringComparer.Ordinal)
        {
            ["System.Void"] = "VOID", ["System.Boolean"] = "BOOLEAN", ["System.Char"] = "CHAR", ["System.SByte"] = "I1", ["System.Byte"] = "U1",
            ["System.Int16"] = "I2", ["System.UInt16"] = "U2", ["System.Int32"] = "I4", ["System.UInt32"] = "U4", ["System.Int64"] = "I8",
            ["System.UInt64"] = "U8", ["System.Single"] = "R4", ["System.Double"] = "R8", ["System.String"] = "STRING", ["System.Object"] = "OBJECT",
        };

        private readonly List<string?> _entries = [];

        private NativeTable()
        {
        }

        /// <summary>One entry for each method: Class::Method for a native one, null for a managed one.</summary>
        public IReadOnlyList<string?> Entries => _entries;

        /// <summary>The checksum; 0 for an assembly without native methods.</summary>
        public uint Checksum { get; private set; }

        public static NativeTable Read(ModuleDefinition module)
        {
            NativeTable table = new();
            List<TypeDefinition> types = [];
            List<string?> summed = [];
            Collect(module.GetTypes().Where(type => type.FullName != "<Module>").OrderBy(type => type.FullName, StringComparer.InvariantCulture), [], types);
            foreach (TypeDefinition type in types)
            {
                // Interfaces and delegates have places in the table, and no part in the checksum.
                bool counts = !type.IsInterface && !IsDelegate(type);
                string?[] entries = [.. Ordered(type.Methods).Select(method => counts && method.RVA == 0 && !method.IsAbstract ? $"{ClassName(type)}::{MethodName(method)}" : null)];
                table._entries.AddRange(entries);
                summed.AddRange(counts ? entries : []);
            }

            table.Checksum = Sum(module.Assembly.Name.Name, summed);
            return table;
        }

        /// <summary>The checksum of a row of methods.</summary>
        public static uint Sum(string assembly, IEnumerable<string?> entries)
        {
            // The rule has a quirk: up to the first native method's own name, nothing enters the sum.
            uint sum = 0;
            bool started = false;
            foreach (string? entry in entries)
            {
                string[] texts = entry == null ? ["NULL"] : started ? [assembly, .. entry.Split("::")] : [entry.Split("::")[1]];
                started |= entry != null;
                foreach (string text in started ? texts : [])
                {
                    sum = Crc32.Nano(System.Text.Encoding.ASCII.GetBytes(text), sum);
                }
            }

            return sum;
        }

        // A type comes after the one it is nested in, its interfaces, and what the methods that it calls take and answer.
        private static void Collect(IEnumerable<TypeDefinition> types, HashSet<string> seen, List<TypeDefinition> sorted)
        {
            foreach (TypeDefinition type in types.Where(type => !seen.Contains(type.FullName)))
            {
                if (type.DeclaringType != null)
                {
                    Collect([type.DeclaringType], seen, sorted);
                }

                Collect(type.Interfaces.SelectMany(i => Own(i.InterfaceType, type.Module)), seen, sorted);
                if (seen.Add(type.FullName))
                {
                    Collect(
                        type.Methods.Where(method => method.HasBody).SelectMany(method => method.Body.Instructions)
                            .Select(instruction => instruction.Operand).OfType<MethodReference>()
                            .SelectMany(called => called.Parameters.Select(p => p.ParameterType).Prepend(called.ReturnType))
                            .SelectMany(used => Own(used, type.Module)),
                        seen,
                        sorted);
                    sorted.Add(type);
                }
            }
        }

        private static IEnumerable<TypeDefinition> Own(TypeReference reference, ModuleDefinition module)
        {
            TypeReference element = reference.GetElementType();
            return element.Scope == module && element.Resolve() is { } own ? [own] : [];
        }

        private static bool IsDelegate(TypeDefinition type)
        {
            return type.BaseType?.FullName is "System.MulticastDelegate" or "System.Delegate";
        }

        private static IEnumerable<MethodDefinition> Ordered(IEnumerable<MethodDefinition> methods)
        {
            return methods.OrderBy(method => method.IsVirtual ? 0 : method.IsStatic ? 2 : 1);
        }

        private static string ClassName(TypeDefinition? type)
        {
            return type == null ? "" : $"{ClassName(type.DeclaringType)}_{type.Namespace}_{type.Name}".Replace('.', '_').TrimStart('_');
        }

        private static string MethodName(MethodDefinition method)
        {
            string types = string.Join("__", method.Parameters.Select(p => TypeName(p.ParameterType)).Prepend(TypeName(method.ReturnType)));
            return (method.Name + (method.IsStatic ? "___STATIC__" : "___") + types).Replace('.', '_').Replace("/", "");
        }

        private static string TypeName(TypeReference type)
        {
            return type switch
            {
                ArrayType array => "SZARRAY_" + TypeName(array.ElementType),
                ByReferenceType reference => "BYREF_" + TypeName(reference.ElementType),
                _ => _primitives.GetValueOrDefault(type.FullName) ?? type.FullName.Replace(".", ""),
            };
        }
    }
}
