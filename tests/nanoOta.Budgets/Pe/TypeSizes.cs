using Mono.Cecil;

namespace nanoOta.Budgets.Pe
{
    /// <summary>What one type takes in a .pe: by how much each table shrinks when the type is left out.</summary>
    /// <param name="Assembly">The assembly it is in.</param>
    /// <param name="Name">Its full name.</param>
    /// <param name="Tables">Bytes of each table that only this type takes.</param>
    /// <param name="Texts">Those of the strings that are literals in its code.</param>
    internal sealed record TypeSize(string Assembly, string Name, IReadOnlyDictionary<string, int> Tables, int Texts)
    {
        /// <summary>All of it.</summary>
        public int Total => Tables.Values.Sum();

        /// <summary>Bytes of some tables.</summary>
        public int Of(params string[] tables) => tables.Sum(table => Tables.GetValueOrDefault(table));
    }

    /// <summary>Where the bytes of assemblies go, by type: what can be shrunk, and what that would save.</summary>
    internal static class TypeSizes
    {
        private const string Compiler = "<PrivateImplementationDetails>";

        /// <summary>Every type of an assembly, the largest first. Nested types count with the type around them.</summary>
        /// <param name="path">The assembly as it ships.</param>
        public static IEnumerable<TypeSize> Of(string path)
        {
            using ModuleDefinition module = ModuleDefinition.ReadModule(path);
            PeEstimate whole = PeEstimate.Of(module, _ => true);
            List<TypeSize> sizes = [];
            foreach (TypeDefinition type in module.Types.Where(type => type.FullName != "<Module>"))
            {
                PeEstimate rest = PeEstimate.Of(module, other => other != type && other.DeclaringType != type);
                Dictionary<string, int> tables = whole.Tables.ToDictionary(table => table.Key, table => table.Value - rest.Tables[table.Key]);
                sizes.Add(new TypeSize(module.Assembly.Name.Name, type.FullName, tables, Literals(module, type)));
            }

            return sizes.OrderByDescending(size => size.Total);
        }

        /// <summary>Prints the table, with a line for what no single type takes: headers, and names and references of several types.</summary>
        /// <param name="paths">The assemblies.</param>
        public static void Print(IReadOnlyList<string> paths)
        {
            TypeSize[] sizes = [.. paths.SelectMany(Of).OrderByDescending(size => size.Total)];
            Console.WriteLine($"{"type",-42}{"total",7}{"IL",7}{"names",7}{"texts",7}{"sigs",7}{"methods",9}{"fields",8}{"refs",6}");
            foreach (TypeSize size in sizes)
            {
                string name = size.Name == Compiler ? $"arrays' initial values of {size.Assembly}" : size.Name[(size.Name.LastIndexOf('.') + 1)..];
                Console.WriteLine($"{name,-42}{size.Total,7}{size.Of("bodies"),7}{size.Of("strings") - size.Texts,7}{size.Texts,7}{size.Of("signatures"),7}"
                    + $"{size.Of("methods"),9}{size.Of("fields"),8}{size.Of("type references", "field references", "method references", "type specifications"),6}");
            }

            int whole = paths.Sum(path => PeEstimate.Of(path).Size);
            Console.WriteLine($"{"shared by several types, and headers",-42}{whole - sizes.Sum(size => size.Total),7}");
            Console.WriteLine($"{"all",-42}{whole,7}");
            foreach (string path in paths)
            {
                PeEstimate estimate = PeEstimate.Of(path);
                Console.WriteLine($"{Path.GetFileNameWithoutExtension(path)}: {estimate.Size} bytes; {string.Join(", ", estimate.Tables.Select(table => $"{table.Key} {table.Value}"))}");
            }
        }

        /// <summary>Prints the methods whose bodies are longest.</summary>
        /// <param name="paths">The assemblies.</param>
        /// <param name="count">How many.</param>
        public static void PrintMethods(IReadOnlyList<string> paths, int count)
        {
            IEnumerable<(string Name, int Size)> methods = paths.SelectMany(Bodies).OrderByDescending(body => body.Size).Take(count);
            Console.WriteLine($"IL of the {count} longest methods:");
            foreach ((string name, int size) in methods)
            {
                Console.WriteLine($"{name,-49}{size,7}");
            }
        }

        private static IEnumerable<(string Name, int Size)> Bodies(string path)
        {
            using ModuleDefinition module = ModuleDefinition.ReadModule(path);
            return [.. module.GetTypes().SelectMany(type => type.Methods).Where(method => method.HasBody)
                .Select(method => ($"{method.DeclaringType.Name}.{method.Name}", PeBody.Size(method.Body)))];
        }

        // Bytes of the literals that stand in this type's code only.
        private static int Literals(ModuleDefinition module, TypeDefinition type)
        {
            HashSet<string> own = [.. TextsOf(type)];
            own.ExceptWith(module.Types.Where(other => other != type).SelectMany(TextsOf));
            return own.Sum(text => System.Text.Encoding.UTF8.GetByteCount(text) + 1);
        }

        private static IEnumerable<string> TextsOf(TypeDefinition type)
        {
            return type.NestedTypes.Prepend(type).SelectMany(part => part.Methods).Where(method => method.HasBody)
                .SelectMany(method => method.Body.Instructions).Select(i => i.Operand).OfType<string>();
        }
    }
}
