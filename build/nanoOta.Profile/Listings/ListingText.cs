using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace nanoOta.Profile.Listings
{
    /// <summary>Writes the public surface of a compiled assembly as the lines of a listing. Shares nothing with <see cref="ListingReader"/>, so that each checks the other.</summary>
    public static class ListingText
    {
        private static readonly SymbolDisplayFormat Full = new(
            typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypesAndNamespaces,
            genericsOptions: SymbolDisplayGenericsOptions.IncludeTypeParameters,
            miscellaneousOptions: SymbolDisplayMiscellaneousOptions.UseSpecialTypes);

        // As Full, but System.String for what is declared: "string" is only for what is used.
        private static readonly SymbolDisplayFormat Declared = Full.WithMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.None);

        /// <summary>One line for each public or protected type and member. A property has a line for each accessor. The interfaces of a type are sorted.</summary>
        public static IEnumerable<(ISymbol Symbol, string Line)> Of(IAssemblySymbol assembly) => Types(assembly.GlobalNamespace).SelectMany(Lines);

        private static IEnumerable<INamedTypeSymbol> Types(INamespaceOrTypeSymbol container) => container.GetMembers().SelectMany(member => member switch
        {
            INamespaceSymbol inner => Types(inner),
            INamedTypeSymbol type when IsVisible(type) => Types(type).Prepend(type),
            _ => [],
        });

        private static IEnumerable<(ISymbol Symbol, string Line)> Lines(INamedTypeSymbol type)
        {
            yield return (type, TypeLine(type));
            if (type.TypeKind == TypeKind.Delegate)
            {
                yield break;
            }

            foreach (ISymbol member in type.GetMembers().Where(IsVisible))
            {
                if (member is IFieldSymbol { AssociatedSymbol: null } or IEventSymbol
                    || (member is IMethodSymbol method && !method.IsImplicitlyDeclared && method.MethodKind is not (MethodKind.EventAdd or MethodKind.EventRemove)))
                {
                    yield return (member, MemberLine(member));
                }
            }
        }

        private static string TypeLine(INamedTypeSymbol type)
        {
            string attributes = Attributes(type);
            string access = Access(type);
            string name = type.ToDisplayString(Declared);
            if (type.DelegateInvokeMethod is { } invoke)
            {
                return $"{attributes}{access}delegate {name}({Parameters(invoke.Parameters)}) -> {Type(invoke.ReturnType)}";
            }

            string modifiers = type.TypeKind != TypeKind.Class
                ? (type.IsReadOnly ? "readonly " : "") + (type.IsRefLikeType ? "ref " : "")
                : type.IsStatic ? "static " : type.IsAbstract ? "abstract " : type.IsSealed ? "sealed " : "";
            string kind = type.TypeKind.ToString().ToLowerInvariant();
            IEnumerable<string> interfaces = type.Interfaces
                .Where(i => !type.Interfaces.Any(other => other.AllInterfaces.Contains(i, SymbolEqualityComparer.Default)))
                .Select(Type).Order(StringComparer.Ordinal);
            IEnumerable<string> bases = type switch
            {
                { TypeKind: TypeKind.Enum } => [Type(type.EnumUnderlyingType!)],
                { TypeKind: TypeKind.Class, IsStatic: false, BaseType: { } parent } => interfaces.Prepend(Type(parent)),
                _ => interfaces,
            };
            string list = string.Join(", ", bases);
            return $"{attributes}{access}{modifiers}{kind} {name}{(list.Length > 0 ? " : " + list : "")}";
        }

        private static string MemberLine(ISymbol member)
        {
            string owner = member.ContainingType.ToDisplayString(Declared);
            ISymbol described = (member as IMethodSymbol)?.AssociatedSymbol ?? member;
            string head = Attributes(described) + Access(member) + Modifiers(member);
            switch (member)
            {
                case IFieldSymbol { IsConst: true } field:
                    string keyword = field.ContainingType.TypeKind == TypeKind.Enum ? "" : "const ";
                    return $"{head}{keyword}{owner}.{field.Name} = {Value(field.ConstantValue)} -> {Type(field.Type)}";
                case IFieldSymbol field:
                    return $"{head}{owner}.{field.Name} -> {Type(field.Type)}";
                case IEventSymbol occurrence:
                    return $"{head}event {owner}.{occurrence.Name} -> {Type(occurrence.Type)}";
                case IMethodSymbol { AssociatedSymbol: IPropertySymbol property } accessor:
                    string name = property.IsIndexer ? $"this[{Parameters(property.Parameters)}]" : property.Name;
                    bool isGet = accessor.MethodKind == MethodKind.PropertyGet;
                    return $"{head}{owner}.{name}.{(isGet ? "get" : "set")} -> {(isGet ? Type(property.Type) : "void")}";
                default:
                    var method = (IMethodSymbol)member;
                    return $"{head}{owner}.{Name(method)}({Parameters(method.Parameters)}) -> {Type(method.ReturnType)}";
            }
        }

        private static string Name(IMethodSymbol method) => method.MethodKind switch
        {
            MethodKind.Constructor => method.ContainingType.Name,
            _ when IsFinalizer(method) => "~" + method.ContainingType.Name,
            MethodKind.Conversion => method.Name == "op_Implicit" ? "implicit operator" : "explicit operator",
            MethodKind.UserDefinedOperator => "operator " + SyntaxFacts.GetText(SyntaxFacts.GetOperatorKind(method.Name)),
            _ => method.Name,
        };

        private static string Modifiers(ISymbol member) => member switch
        {
            _ when member.ContainingType.TypeKind == TypeKind.Interface || IsFinalizer(member) => "",
            IFieldSymbol { IsConst: true } => "",
            IFieldSymbol field => (field.IsStatic ? "static " : "") + (field.IsReadOnly ? "readonly " : ""),
            { IsStatic: true } => "static ",
            { IsAbstract: true } => "abstract ",
            { IsOverride: true } => "override ",
            { IsVirtual: true } => "virtual ",
            _ => "",
        };

        // The listed Object has no Finalize that a finalizer could override.
        private static bool IsFinalizer(ISymbol member) => member is IMethodSymbol { Name: "Finalize", Parameters: [] };

        private static string Attributes(ISymbol symbol)
        {
            IEnumerable<string> attributes = symbol.GetAttributes()
                .Where(a => a.AttributeClass!.Name is "FlagsAttribute" or "ObsoleteAttribute" or "ConditionalAttribute" or "AttributeUsageAttribute")
                .Select(Attribute);
            if (symbol is IPropertySymbol { IsIndexer: true } indexer && indexer.MetadataName != "Item")
            {
                attributes = attributes.Append($"[System.Runtime.CompilerServices.IndexerName(\"{indexer.MetadataName}\")] ");
            }

            return string.Concat(attributes);
        }

        private static string Attribute(AttributeData attribute)
        {
            string name = Type(attribute.AttributeClass!)[..^"Attribute".Length];
            IEnumerable<string> arguments = attribute.ConstructorArguments.Select(Argument)
                .Concat(attribute.NamedArguments.Select(pair => $"{pair.Key} = {Argument(pair.Value)}"));
            string list = string.Join(", ", arguments);
            return $"[{name}{(list.Length > 0 ? $"({list})" : "")}] ";
        }

        private static string Argument(TypedConstant constant) =>
            constant.Kind == TypedConstantKind.Enum ? $"({Type(constant.Type!)}){constant.Value}" : Value(constant.Value);

        private static string Parameters(IEnumerable<IParameterSymbol> parameters) => string.Join(", ", parameters.Select(parameter =>
        {
            bool isThis = parameter.Ordinal == 0 && parameter.ContainingSymbol is IMethodSymbol { IsExtensionMethod: true };
            string kind = isThis ? "this " : parameter.IsParams ? "params " : parameter.RefKind == RefKind.None ? "" : parameter.RefKind.ToString().ToLowerInvariant() + " ";
            return $"{kind}{Type(parameter.Type)} {parameter.Name}{Default(parameter)}";
        }));

        private static string Default(IParameterSymbol parameter)
        {
            if (!parameter.HasExplicitDefaultValue)
            {
                return "";
            }

            object? value = parameter.ExplicitDefaultValue;
            if (value is null && parameter.Type.IsValueType)
            {
                return $" = default({Type(parameter.Type)})";
            }

            IFieldSymbol? named = parameter.Type.TypeKind == TypeKind.Enum
                ? parameter.Type.GetMembers().OfType<IFieldSymbol>().First(field => field.HasConstantValue && Equals(field.ConstantValue, value))
                : null;
            return " = " + (named is null ? Value(value) : $"{Type(parameter.Type)}.{named.Name}");
        }

        private static string Value(object? value) => value switch
        {
            double.NaN => "0.0 / 0.0",
            double.PositiveInfinity => "1.0 / 0.0",
            double.NegativeInfinity => "-1.0 / 0.0",
            float.NaN => "0.0f / 0.0f",
            float.PositiveInfinity => "1.0f / 0.0f",
            float.NegativeInfinity => "-1.0f / 0.0f",
            double number => number.ToString(CultureInfo.InvariantCulture) + "D",
            float number => number.ToString(CultureInfo.InvariantCulture) + "F",
            string text => SymbolDisplay.FormatLiteral(text, quote: true),
            char c => SymbolDisplay.FormatLiteral(c, quote: true),
            null => "null",
            bool flag => flag ? "true" : "false",
            IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
            _ => throw new NotSupportedException($"no listing has a constant of {value.GetType()}"),
        };

        /// <summary>A type as it is written where it is used, such as <c>string</c> for System.String.</summary>
        public static string Type(ITypeSymbol type) => type.ToDisplayString(Full);

        private static string Access(ISymbol symbol) => symbol.DeclaredAccessibility == Accessibility.Public ? "" : "protected ";

        private static bool IsVisible(ISymbol symbol) =>
            symbol.DeclaredAccessibility is Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal;
    }
}
