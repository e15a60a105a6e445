using System.Text.RegularExpressions;

namespace nanoOta.Profile.Listings
{
    /// <summary>Reads a listing; the format is described in <c>build/profile/README.md</c>.</summary>
    public static partial class ListingReader
    {
        private const string Attributes = @"^(?<attributes>(?:\[(?:""(?:\\.|[^""\\])*""|[^\]""])*\] )*)";

        /// <exception cref="InvalidDataException">A line is not in the format; the message says which.</exception>
        public static Listing Read(string file) => Read(file, File.ReadAllLines(file));

        /// <summary>Reads a listing that is no file, or not only one.</summary>
        /// <param name="file">The file that is named in messages, and whose name is the listing's.</param>
        /// <param name="lines">Head and surface.</param>
        /// <exception cref="InvalidDataException">A line is not in the format; the message says which.</exception>
        public static Listing Read(string file, IReadOnlyList<string> lines)
        {
            Match assembly = lines.Select(line => AssemblyLine().Match(line)).FirstOrDefault(match => match.Success)
                ?? throw new InvalidDataException($"{file}: no '# assembly:' line");
            string references = lines.FirstOrDefault(line => line.StartsWith("# references: "))?["# references: ".Length..] ?? "";

            var listing = new Listing(
                Path.GetFileNameWithoutExtension(file),
                assembly.Groups["name"].Value,
                assembly.Groups["version"].Value,
                references.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
            if (!$"{listing.Name}.".StartsWith($"{listing.Assembly}.", StringComparison.Ordinal))
            {
                throw new InvalidDataException($"{file}: the file must be named after its assembly, {listing.Assembly}");
            }

            var types = new Dictionary<string, ListedType>();
            var members = new List<int>();
            for (int i = 0; i < lines.Count; i++)
            {
                if (lines[i].Length == 0 || lines[i][0] == '#')
                {
                    continue;
                }

                if (ReadType(lines[i]) is { } type)
                {
                    listing.Types.Add(type);
                    types[type.FullName] = type;
                }
                else
                {
                    members.Add(i);
                }
            }

            foreach (ListedType type in listing.Types)
            {
                if (types.TryGetValue(type.Namespace, out ListedType? outer))
                {
                    type.IsNested = true;
                    outer.Nested.Add(type);
                }
            }

            foreach (int i in members)
            {
                if (!ReadMember(lines[i], types))
                {
                    throw new InvalidDataException($"{file}({i + 1}): not understood: {lines[i]}");
                }
            }

            return listing;
        }

        private static ListedType? ReadType(string line)
        {
            Match head = TypeLine().Match(line);
            if (!head.Success)
            {
                return null;
            }

            return new ListedType
            {
                Attributes = head.Groups["attributes"].Value,
                Modifiers = head.Groups["modifiers"].Value,
                Kind = head.Groups["kind"].Value,
                FullName = head.Groups["name"].Value,
                TypeParameters = head.Groups["generics"].Value,
                Parameters = head.Groups["parameters"].Value,
                Returns = head.Groups["type"].Value,
                Bases = head.Groups["bases"].Value.Split(", ", StringSplitOptions.RemoveEmptyEntries),
            };
        }

        private static bool ReadMember(string line, Dictionary<string, ListedType> types)
        {
            Match head = MemberLine().Match(line);
            string left = head.Groups["left"].Value;
            foreach ((Regex pattern, MemberKind kind) in Shapes)
            {
                Match shape = pattern.Match(left);
                if (shape.Success && types.TryGetValue(shape.Groups["owner"].Value, out ListedType? owner))
                {
                    return kind == MemberKind.Property
                        ? AddAccessor(owner, head, shape)
                        : AddMember(owner, kind, head, shape);
                }
            }

            return false;
        }

        private static readonly (Regex Pattern, MemberKind Kind)[] Shapes =
        [
            (Operator(), MemberKind.Operator),
            (PropertyAccessor(), MemberKind.Property),
            (Method(), MemberKind.Method),
            (Value(), MemberKind.Field),
        ];

        private static bool AddMember(ListedType owner, MemberKind kind, Match head, Match shape)
        {
            string modifiers = head.Groups["modifiers"].Value;
            string name = shape.Groups["name"].Value;
            if (kind == MemberKind.Field && modifiers.Contains("event "))
            {
                kind = MemberKind.Event;
            }
            else if (kind == MemberKind.Method && name[0] == '~')
            {
                kind = MemberKind.Finalizer;
            }
            else if (kind == MemberKind.Method && name == owner.Name)
            {
                kind = MemberKind.Constructor;
            }

            owner.Members.Add(new ListedMember
            {
                Attributes = head.Groups["attributes"].Value,
                Modifiers = WithoutKeywords(modifiers),
                Kind = kind,
                Name = name,
                Parameters = shape.Groups["parameters"].Value,
                Type = head.Groups["type"].Value,
                Value = shape.Groups["value"].Value,
                IsProtected = modifiers.Contains("protected "),
            });
            return true;
        }

        private static bool AddAccessor(ListedType owner, Match head, Match shape)
        {
            string modifiers = head.Groups["modifiers"].Value;
            string name = shape.Groups["name"].Value;
            string parameters = shape.Groups["parameters"].Value;
            ListedMember? property = owner.Members.Find(
                m => m.Kind == MemberKind.Property && m.Name == name && m.Parameters == parameters);
            if (property is null)
            {
                property = new ListedMember
                {
                    Attributes = head.Groups["attributes"].Value,
                    Modifiers = WithoutKeywords(modifiers),
                    Kind = MemberKind.Property,
                    Name = name,
                    Parameters = parameters,
                };
                owner.Members.Add(property);
            }

            Accessor accessor = modifiers.Contains("protected ") ? Accessor.Protected : Accessor.Public;
            if (shape.Groups["accessor"].Value == "get")
            {
                property.Get = accessor;
                property.Type = head.Groups["type"].Value;
            }
            else
            {
                property.Set = accessor;
            }

            // A setter alone does not tell the type; no listing has one.
            return property.Type.Length > 0;
        }

        private static string WithoutKeywords(string modifiers) =>
            modifiers.Replace("protected ", "").Replace("const ", "").Replace("event ", "");

        [GeneratedRegex(@"^# assembly: (?<name>[^,]+), Version=(?<version>[\d.]+)")]
        private static partial Regex AssemblyLine();

        [GeneratedRegex(Attributes + @"(?<modifiers>(?:(?:protected|static|abstract|sealed|readonly|ref) )*)" +
            @"(?:(?<kind>delegate) (?<name>[\w.]+)(?<generics><[\w, ]+>)?\((?<parameters>.*)\) -> (?<type>.+)" +
            @"|(?<kind>class|struct|interface|enum) (?<name>[\w.]+)(?: : (?<bases>.+))?)$")]
        private static partial Regex TypeLine();

        [GeneratedRegex(Attributes + @"(?<modifiers>(?:(?:protected|static|abstract|virtual|override|sealed|new|readonly|const|event) )*)" +
            @"(?<left>.+) -> (?<type>.+)$")]
        private static partial Regex MemberLine();

        [GeneratedRegex(@"^(?<owner>[\w.]+)\.(?<name>(?:implicit |explicit )?operator ?[^\s(]*)\((?<parameters>.*)\)$")]
        private static partial Regex Operator();

        [GeneratedRegex(@"^(?<owner>[\w.]+)\.(?:(?<name>this)\[(?<parameters>.+)\]|(?<name>\w+))\.(?<accessor>get|set)$")]
        private static partial Regex PropertyAccessor();

        [GeneratedRegex(@"^(?<owner>[\w.]+)\.(?<name>~?\w+)\((?<parameters>.*)\)$")]
        private static partial Regex Method();

        [GeneratedRegex(@"^(?<owner>[\w.]+)\.(?<name>\w+)(?: = (?<value>.+))?$")]
        private static partial Regex Value();
    }
}
