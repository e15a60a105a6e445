using System.Text;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace nanoOta.Budgets.Pe
{
    /// <summary>
    /// The size of the .pe that nanoFramework's metadata processor would make of a device assembly, table by table. 860 names lie in
    /// the CLR and not in the .pe: known here are the 432 that mscorlib.pe itself only numbers.
    /// </summary>
    /// <remarks>
    /// Compared with the metadata processor v3.0.100 in November 2026: nanoOta.Native 5016 estimated, 4956 real (+1.2 %),
    /// nanoOta.Azure 7736 and 7656 (+1.0 %), nanoOta.DeviceUpdate 19932 and 19812 (+0.6 %), nanoOta.Stock 6068 and 5984 (+1.4 %). All
    /// tables but strings and signatures agree to the byte. The error is on the safe side. What is compared at every run: <see cref="PeCalibration"/>.
    /// </remarks>
    internal sealed class PeEstimate
    {
        private const int Header = 124;
        private const int AssemblyReferenceRow = 12;
        private const int ReferenceRow = 8;
        private const int TypeRow = 24;
        private const int FieldRow = 8;
        private const int MethodRow = 16;
        private const int TypeSpecificationRow = 4;

        private readonly PeSignatures _signatures = new();
        private readonly HashSet<string> _strings = new(StringComparer.Ordinal) { "" };
        private readonly Dictionary<string, int> _tables = [];

        private PeEstimate(ModuleDefinition module, Func<TypeDefinition, bool> isKept)
        {
            TypeDefinition[] types = [.. module.GetTypes().Where(type => type.FullName != "<Module>" && isKept(type))];
            FieldDefinition[] fields = [.. types.SelectMany(type => type.Fields).Where(field => !field.HasConstant)];
            MethodDefinition[] methods = [.. types.SelectMany(type => type.Methods)];
            Instruction[] code = [.. methods.Where(method => method.HasBody).SelectMany(method => method.Body.Instructions)];
            AddReferences(module, types, fields, methods, code);
            AddDefinitions(types, fields, methods);

            TypeReference[] specifications = [.. code.Select(i => i.Operand).OfType<TypeSpecification>().DistinctBy(type => type.FullName)];
            Array.ForEach(specifications, _signatures.AddType);
            _tables["type specifications"] = specifications.Length * TypeSpecificationRow;
            _tables["bodies"] = methods.Where(method => method.HasBody).Sum(method => PeBody.Size(method.Body));
            _strings.UnionWith(code.Select(i => i.Operand).OfType<string>());
            _strings.Add(module.Assembly.Name.Name);
            _strings.ExceptWith(CoreLibrary.Package.BuiltInNames);
            _tables["strings"] = _strings.Sum(text => Encoding.UTF8.GetByteCount(text) + 1);
            _tables["signatures"] = _signatures.Size;
            if (module.HasResources)
            {
                throw new NotSupportedException($"{module.Name} has resources, whose size is not estimated.");
            }
        }

        /// <summary>Bytes of each table.</summary>
        public IReadOnlyDictionary<string, int> Tables => _tables;

        /// <summary>Bytes of the whole file. Each table begins at a multiple of four.</summary>
        public int Size => Header + _tables.Values.Sum(bytes => (bytes + 3) & ~3);

        /// <summary>Estimates an assembly as it ships.</summary>
        public static PeEstimate Of(string path) => Of(path, _ => true);

        /// <summary>Estimates an assembly of which some types do not become part of the .pe.</summary>
        public static PeEstimate Of(string path, Func<TypeDefinition, bool> isKept)
        {
            using ModuleDefinition module = ModuleDefinition.ReadModule(path);
            return new PeEstimate(module, isKept);
        }

        /// <summary>Estimates an assembly that has been read already, without some of its types.</summary>
        public static PeEstimate Of(ModuleDefinition module, Func<TypeDefinition, bool> isKept) => new(module, isKept);

        // What only attributes refer to is left out: the library has none that a device keeps.
        private void AddReferences(ModuleDefinition module, TypeDefinition[] types, FieldDefinition[] fields, MethodDefinition[] methods, Instruction[] code)
        {
            MemberReference[] members = [.. code.Select(i => i.Operand).OfType<MemberReference>()
                .Where(member => member is not TypeReference and not IMemberDefinition).DistinctBy(member => member.FullName)];
            // By token, or only in signatures, where the types of the language have numbers of their own.
            IEnumerable<TypeReference> tokens = types.Select(type => type.BaseType)
                .Concat(types.SelectMany(type => type.Interfaces).Select(i => i.InterfaceType))
                .Concat(members.Select(member => member.DeclaringType))
                .Concat(code.Select(i => i.Operand).OfType<TypeReference>())
                .Concat(methods.Where(method => method.HasBody).SelectMany(method => method.Body.ExceptionHandlers).Select(handler => handler.CatchType));
            IEnumerable<TypeReference> signatures = fields.Cast<MemberReference>().Concat(methods).Concat(members).SelectMany(TypesOf)
                .Where(type => type.MetadataType is MetadataType.Class or MetadataType.ValueType);
            TypeReference[] references = [.. tokens.Concat(signatures).Where(type => type != null).Select(type => type.GetElementType())
                .Where(type => type is not TypeDefinition).DistinctBy(type => type.FullName)];
            foreach (TypeReference type in references)
            {
                _strings.Add(type.Name);
                _strings.Add(type.Namespace);
            }

            foreach (MemberReference member in members)
            {
                _strings.Add(member.Name);
                AddSignature(member);
            }

            _strings.UnionWith(module.AssemblyReferences.Select(assembly => assembly.Name));
            _tables["assembly references"] = module.AssemblyReferences.Count * AssemblyReferenceRow;
            _tables["type references"] = references.Length * ReferenceRow;
            _tables["field references"] = members.Count(member => member is FieldReference) * ReferenceRow;
            _tables["method references"] = members.Count(member => member is MethodReference) * ReferenceRow;
        }

        private void AddDefinitions(TypeDefinition[] types, FieldDefinition[] fields, MethodDefinition[] methods)
        {
            foreach (TypeDefinition type in types)
            {
                _strings.Add(type.Name);
                _strings.Add(type.Namespace);
                _signatures.AddInterfaces(type.Interfaces);
            }

            foreach (FieldDefinition field in fields)
            {
                _strings.Add(field.Name);
                _signatures.AddField(field);
                _signatures.AddData(field.InitialValue);
            }

            foreach (MethodDefinition method in methods)
            {
                _strings.Add(method.Name);
                _signatures.AddMethod(method);
                _signatures.AddLocals(method.HasBody ? method.Body.Variables : []);
            }

            _tables["types"] = types.Length * TypeRow;
            _tables["fields"] = fields.Length * FieldRow;
            _tables["methods"] = methods.Length * MethodRow;
        }

        private void AddSignature(MemberReference member)
        {
            if (member is MethodReference method)
            {
                _signatures.AddMethod(method);
            }
            else
            {
                _signatures.AddField((FieldReference)member);
            }
        }

        private static IEnumerable<TypeReference> TypesOf(MemberReference member)
        {
            IEnumerable<TypeReference> types = member is MethodReference method
                ? [method.ReturnType, .. method.Parameters.Select(parameter => parameter.ParameterType), .. Locals(method)]
                : [((FieldReference)member).FieldType];
            return types.Select(type => type.GetElementType());
        }

        private static IEnumerable<TypeReference> Locals(MethodReference method)
        {
            return method is MethodDefinition { HasBody: true } definition ? definition.Body.Variables.Select(local => local.VariableType) : [];
        }
    }
}
