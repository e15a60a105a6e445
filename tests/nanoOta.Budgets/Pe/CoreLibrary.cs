using System.Globalization;
using System.Xml.Linq;
using Mono.Cecil;

namespace nanoOta.Budgets.Pe
{
    /// <summary>
    /// nanoFramework's own mscorlib as assembly (.dll), as the metadata processor's output (.pe), and with the list of what became of
    /// what (.pdbx): the one place where the estimate can be compared with the real thing.
    /// </summary>
    internal sealed class CoreLibrary
    {
        private static readonly Lazy<CoreLibrary> _package = new(() => new CoreLibrary(Path.Combine(AppContext.BaseDirectory, "CoreLibrary", "mscorlib.dll")));

        private readonly string _file;
        private readonly HashSet<uint> _types = [];
        private readonly HashSet<string> _builtIn = new(StringComparer.Ordinal) { "mscorlib" };

        private CoreLibrary(string file)
        {
            _file = file;
            Image = new PeFile(File.ReadAllBytes(Path.ChangeExtension(file, ".pe")));
            using ModuleDefinition module = ModuleDefinition.ReadModule(file);
            Dictionary<uint, IMemberDefinition> members = module.GetTypes()
                .SelectMany(type => type.Methods.Concat<IMemberDefinition>(type.Fields).Prepend(type)).ToDictionary(Token);
            foreach (XElement type in XDocument.Load(Path.ChangeExtension(file, ".pdbx")).Descendants("Class"))
            {
                (uint token, int row) = Tokens(type);
                _types.Add(token);
                var definition = (TypeDefinition)members[token];
                Note(definition.Name, Image.Type(row).Name);
                if (!definition.IsNested)
                {
                    Note(definition.Namespace, Image.Type(row).Namespace);
                }

                NoteAll(type.Descendants("Method"), Image.Method);
                NoteAll(type.Descendants("Field"), Image.Field);
            }

            void NoteAll(IEnumerable<XElement> listed, Func<int, Name> nameOf)
            {
                foreach ((uint token, int row) in listed.Select(Tokens))
                {
                    Note(members[token].Name, nameOf(row));
                }
            }
        }

        /// <summary>The restored package's.</summary>
        public static CoreLibrary Package => _package.Value;

        /// <summary>What the metadata processor made.</summary>
        public PeFile Image { get; }

        /// <summary>
        /// Names that lie in the CLR: those of its 860 that mscorlib itself uses, 432 with its own. A .pe has a number where it uses one.
        /// </summary>
        public IReadOnlySet<string> BuiltInNames => _builtIn;

        /// <summary>Estimates the .pe from the assembly. Left out are the types that the metadata processor was told to leave out, mostly attributes.</summary>
        public PeEstimate Estimate() => PeEstimate.Of(_file, type => _types.Contains(Token(type)));

        private void Note(string name, Name found)
        {
            if (found.Own is null)
            {
                _builtIn.Add(name);
            }
            else if (found.Own != name)
            {
                throw new InvalidDataException($"mscorlib.pe calls {name} {found.Own}: it is not read as it was written.");
            }
        }

        private static uint Token(IMemberDefinition member) => member.MetadataToken.ToUInt32();

        private static (uint Token, int Row) Tokens(XElement listed)
        {
            XElement token = listed.Element("Token")!;
            return (Number(token.Element("CLR")!), (int)(Number(token.Element("nanoCLR")!) & 0xFFFF));
        }

        private static uint Number(XElement text) => uint.Parse(text.Value.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }
}
