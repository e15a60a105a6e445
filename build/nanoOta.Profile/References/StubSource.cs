using System.Text;
using System.Text.RegularExpressions;
using nanoOta.Profile.Listings;

namespace nanoOta.Profile.References
{
    /// <summary>
    /// Turns a listing into C#. A listing is nearly C# already: what is added are bodies, "global::" before every
    /// full name (nanoFramework.System would capture System) and "@" before every declared name.
    /// </summary>
    internal sealed partial class StubSource
    {
        private readonly StringBuilder _text = new();
        private readonly ExplicitImplementations _explicit;

        private StubSource(ExplicitImplementations explicitImplementations)
        {
            _explicit = explicitImplementations;
        }

        public static string Write(Listing listing, ExplicitImplementations explicitImplementations)
        {
            var source = new StubSource(explicitImplementations);
            source._text.AppendLine($"[assembly: global::System.Reflection.AssemblyVersion(\"{listing.Version}\")]");
            foreach (ListedType type in listing.Types.Where(type => !type.IsNested))
            {
                source._text.AppendLine($"namespace {type.Namespace} {{");
                source.WriteType(type);
                source._text.AppendLine("}");
            }

            return source._text.ToString();
        }

        private void WriteType(ListedType type)
        {
            string visibility = type.Modifiers.Contains("protected ") ? "protected " : "public ";
            string head = Qualify(type.Attributes) + visibility + type.Modifiers.Replace("protected ", "") + type.Kind + " ";
            switch (type.Kind)
            {
                case "delegate":
                    _text.AppendLine($"{Qualify(type.Attributes)}{visibility}delegate {Qualify(type.Returns)} @{type.Name}{type.TypeParameters}({Parameters(type.Parameters)});");
                    return;
                case "enum":
                    _text.AppendLine($"{head}@{type.Name} : {type.Bases[0]} {{");
                    foreach (ListedMember member in type.Members)
                    {
                        _text.AppendLine($"{Qualify(member.Attributes)}@{member.Name} = {member.Value},");
                    }

                    break;
                default:
                    string bases = string.Join(", ", type.Bases.Where(name => name != "object").Select(Qualify));
                    _text.AppendLine($"{head}@{type.Name}{(bases.Length > 0 ? " : " + bases : "")} {{");
                    WriteMembers(type);
                    break;
            }

            _text.AppendLine("}");
        }

        private void WriteMembers(ListedType type)
        {
            foreach (ListedMember member in type.Members)
            {
                _text.AppendLine(Qualify(member.Attributes) + Declaration(type, member));
            }

            foreach ((string owner, ListedMember member) in _explicit.Of(type))
            {
                _text.AppendLine(ExplicitDeclaration(Qualify(owner), member));
            }

            bool isStatic = type.Modifiers.Contains("static ");
            if (type.Kind == "class" && !isStatic && !type.Members.Exists(member => member.Kind == MemberKind.Constructor))
            {
                // Nothing listed means no public constructor: keep C# from adding one.
                _text.AppendLine($"internal @{type.Name}() {{ throw null; }}");
            }

            if (type.Kind == "struct" && !Primitives.Contains(type.FullName))
            {
                // Without a field the compiler would take a local of this type for assigned.
                _text.AppendLine($"private {(type.Modifiers.Contains("readonly ") ? "readonly " : "")}int _content;");
            }

            foreach (ListedType nested in type.Nested)
            {
                WriteType(nested);
            }
        }

        private static string Declaration(ListedType type, ListedMember member)
        {
            bool isInterface = type.Kind == "interface";
            bool hasBody = !isInterface && !member.Modifiers.Contains("abstract ");
            string body = hasBody ? " { throw null; }" : ";";
            string head = isInterface ? "" : (member.IsProtected ? "protected " : "public ") + member.Modifiers;
            string typeName = Qualify(member.Type);
            string parameters = Parameters(member.Parameters);
            switch (member.Kind)
            {
                case MemberKind.Field:
                    string value = member.Value.Length > 0 ? " = " + Qualify(member.Value) : "";
                    return $"{head}{(value.Length > 0 ? "const " : "")}{typeName} @{member.Name}{value};";
                case MemberKind.Event:
                    return $"{head}event {typeName} @{member.Name}{(hasBody ? " { add { throw null; } remove { throw null; } }" : ";")}";
                case MemberKind.Constructor:
                    return $"{head}@{member.Name}({parameters}){body}";
                case MemberKind.Finalizer:
                    return $"~@{type.Name}(){body}";
                case MemberKind.Operator when member.Name.EndsWith("operator", StringComparison.Ordinal):
                    return $"{head}{member.Name} {typeName}({parameters}){body}";
                case MemberKind.Operator:
                    return $"{head}{typeName} {member.Name}({parameters}){body}";
                case MemberKind.Method:
                    return $"{head}{typeName} @{member.Name}({parameters}){body}";
                default:
                    return Property(member, isInterface, typeName, parameters, body);
            }
        }

        private static string Property(ListedMember member, bool isInterface, string typeName, string parameters, string body)
        {
            bool isPublic = member.Get == Accessor.Public || member.Set == Accessor.Public;
            string visibility = isInterface ? "" : isPublic ? "public " : "protected ";
            string name = member.Name == "this" ? $"this[{parameters}]" : "@" + member.Name;
            return $"{visibility}{member.Modifiers}{typeName} {name} {{ {Part(member.Get, "get")}{Part(member.Set, "set")}}}";

            string Part(Accessor accessor, string keyword) => accessor switch
            {
                Accessor.None => "",
                Accessor.Protected when isPublic => $"protected {keyword}{body} ",
                _ => $"{keyword}{body} ",
            };
        }

        private static string ExplicitDeclaration(string owner, ListedMember member)
        {
            string typeName = Qualify(member.Type);
            string parameters = Parameters(member.Parameters);
            if (member.Kind == MemberKind.Method)
            {
                return $"{typeName} {owner}.@{member.Name}({parameters}) {{ throw null; }}";
            }

            string name = member.Name == "this" ? $"this[{parameters}]" : "@" + member.Name;
            string get = member.Get != Accessor.None ? "get { throw null; } " : "";
            string set = member.Set != Accessor.None ? "set { throw null; } " : "";
            return $"{typeName} {owner}.{name} {{ {get}{set}}}";
        }

        private static string Parameters(string parameters) =>
            Qualify(Parameter().Replace(parameters, "${head}@${name}${rest}"));

        private static string Qualify(string text) =>
            FullName().Replace(text, match => match.Groups["name"].Success ? "global::" + match.Value : match.Value);

        // A struct of these may not contain a field: the runtime knows what is inside.
        private static readonly HashSet<string> Primitives =
        [
            "System.Boolean", "System.Byte", "System.SByte", "System.Char", "System.Int16", "System.UInt16", "System.Int32", "System.UInt32",
            "System.Int64", "System.UInt64", "System.Single", "System.Double", "System.IntPtr", "System.UIntPtr", "System.Void",
        ];

        // Strings and characters are matched to be skipped.
        [GeneratedRegex(@"""(?:\\.|[^""\\])*""|'(?:\\.|[^'\\])+'|(?<name>\b[A-Za-z_]\w*(?:\.\w+)+)")]
        private static partial Regex FullName();

        [GeneratedRegex(@"(?<head>(?:^|, )(?:(?:this|params|ref|out|in) )?[\w.\[\]]+ )(?<name>\w+)(?<rest>(?: = (?:[^,""']|""[^""]*""|'[^']*')+)?)(?=, |$)")]
        private static partial Regex Parameter();
    }
}
