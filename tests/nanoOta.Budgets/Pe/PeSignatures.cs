using Mono.Cecil;
using Mono.Cecil.Cil;

namespace nanoOta.Budgets.Pe
{
    /// <summary>
    /// The signature table of a .pe: each signature once, and none at all where its bytes happen to lie in the table already. The
    /// bytes are the device's but for the numbers of types, which only need to be the same for the same type.
    /// </summary>
    internal sealed class PeSignatures
    {
        private const byte FieldMark = 0x06;
        private const byte HasThis = 0x20;
        private const byte Class = 18;
        private const byte Struct = 17;
        private const byte Array = 29;
        private const byte ByReference = 28;

        private readonly List<byte> _table = [];
        private readonly HashSet<string> _known = new(StringComparer.Ordinal);
        private readonly Dictionary<string, int> _definitions = new(StringComparer.Ordinal);
        private readonly Dictionary<string, int> _references = new(StringComparer.Ordinal);

        /// <summary>Bytes in the table.</summary>
        public int Size => _table.Count;

        public void AddField(FieldReference field)
        {
            Add([FieldMark, .. Of(field.FieldType)]);
        }

        public void AddMethod(IMethodSignature method)
        {
            Add([method.HasThis ? HasThis : (byte)0, (byte)method.Parameters.Count, .. Of(method.ReturnType), .. method.Parameters.SelectMany(p => Of(p.ParameterType))]);
        }

        public void AddLocals(ICollection<VariableDefinition> locals)
        {
            Add([.. locals.SelectMany(local => Of(local.VariableType))]);
        }

        public void AddInterfaces(ICollection<InterfaceImplementation> interfaces)
        {
            if (interfaces.Count > 0)
            {
                Add([(byte)interfaces.Count, .. interfaces.SelectMany(i => Token(i.InterfaceType))]);
            }
        }

        public void AddType(TypeReference type)
        {
            Add([.. Of(type)]);
        }

        /// <summary>The initial value of a field: an initialised array's data.</summary>
        public void AddData(byte[] data)
        {
            if (data.Length > 0)
            {
                Add([(byte)data.Length, (byte)(data.Length >> 8), .. data]);
            }
        }

        private IEnumerable<byte> Of(TypeReference type)
        {
            return type switch
            {
                ByReferenceType by => [ByReference, .. Of(by.ElementType)],
                ArrayType array => [Array, .. Of(array.ElementType)],
                _ when type.MetadataType == MetadataType.Class => [Class, .. Token(type)],
                _ when type.MetadataType == MetadataType.ValueType => [Struct, .. Token(type)],
                _ => [(byte)type.MetadataType],
            };
        }

        // A number with its length in the first byte, as metadata has them; the lowest two bits tell the table.
        private IEnumerable<byte> Token(TypeReference type)
        {
            Dictionary<string, int> table = type is TypeDefinition ? _definitions : _references;
            table.TryAdd(type.FullName, table.Count);
            int token = table[type.FullName] << 2;
            return token < 0x80 ? [(byte)(token | (type is TypeDefinition ? 0 : 1))] : [(byte)(0x80 | token >> 8), (byte)token];
        }

        private void Add(byte[] signature)
        {
            if (signature.Length > 0 && _known.Add(Convert.ToHexString(signature)) && _table.ToArray().AsSpan().IndexOf(signature) < 0)
            {
                _table.AddRange(signature);
            }
        }
    }
}
