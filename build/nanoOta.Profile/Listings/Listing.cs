namespace nanoOta.Profile.Listings
{
    /// <summary>The public surface of one nanoFramework assembly, as read from <c>build/profile/api</c>.</summary>
    public sealed class Listing(string name, string assembly, string version, IReadOnlyList<string> references)
    {
        /// <summary>Name of the listing: the assembly's, and more where another package has an assembly of that name.</summary>
        public string Name { get; } = name;

        /// <summary>Simple name of the assembly.</summary>
        public string Assembly { get; } = assembly;

        /// <summary>Assembly version, four parts.</summary>
        public string Version { get; } = version;

        /// <summary>Names of the listings this one needs.</summary>
        public IReadOnlyList<string> References { get; } = references;

        /// <summary>All types, nested ones included, in the listing's order.</summary>
        public List<ListedType> Types { get; } = [];
    }

    /// <summary>One type line of a listing, and the members that follow it.</summary>
    public sealed class ListedType
    {
        public required string Attributes { get; init; }

        public required string Modifiers { get; init; }

        /// <summary>class, struct, interface, enum or delegate.</summary>
        public required string Kind { get; init; }

        /// <summary>Full name without type parameters; nested types are separated by a dot, too.</summary>
        public required string FullName { get; init; }

        /// <summary><c>&lt;T1, T2&gt;</c> or empty. Only delegates have any: the device knows no other generics.</summary>
        public string TypeParameters { get; init; } = "";

        /// <summary>Base type and interfaces; the underlying type of an enum.</summary>
        public IReadOnlyList<string> Bases { get; init; } = [];

        /// <summary>A delegate's parameters.</summary>
        public string Parameters { get; init; } = "";

        /// <summary>A delegate's return type.</summary>
        public string Returns { get; init; } = "";

        public List<ListedMember> Members { get; } = [];

        public List<ListedType> Nested { get; } = [];

        public bool IsNested { get; set; }

        public string Name => FullName[(FullName.LastIndexOf('.') + 1)..];

        public string Namespace => FullName[..FullName.LastIndexOf('.')];
    }

    public enum MemberKind
    {
        Field,
        Event,
        Property,
        Constructor,
        Finalizer,
        Method,
        Operator,
    }

    /// <summary>A member of a listed type. The two accessor lines of a property make one member.</summary>
    public sealed class ListedMember
    {
        public required string Attributes { get; init; }

        /// <summary>As listed, without "protected", "const" and "event".</summary>
        public required string Modifiers { get; init; }

        public required MemberKind Kind { get; init; }

        /// <summary>"this" for an indexer; "operator +" or "implicit operator" for an operator.</summary>
        public required string Name { get; init; }

        public string Parameters { get; init; } = "";

        /// <summary>Type of a field, event or property; return type of a method.</summary>
        public string Type { get; set; } = "";

        /// <summary>Value of a constant or an enum's member.</summary>
        public string Value { get; init; } = "";

        public bool IsProtected { get; init; }

        public Accessor Get { get; set; }

        public Accessor Set { get; set; }
    }

    public enum Accessor
    {
        None,
        Public,
        Protected,
    }
}
