using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using nanoOta.Profile.Listings;

namespace nanoOta.Profile.Tests
{
    public class ForwardsTests(Profile profile)
    {
        // The assemblies whose types are forwarded to .NET; of the others only what device projects use stands in.
        private static readonly string[] Forwarded =
        [
            "mscorlib", "nanoFramework.System.Collections", "nanoFramework.System.Text", "System.IO.Streams", "System.Math", "System.Threading",
        ];

        [Fact]
        public void What_the_device_has_and_the_host_has_not_is_listed()
        {
            string[] known = [.. File.ReadAllLines(Path.Combine(Profile.Folder, "gaps.txt")).Where(line => line.Length > 0 && line[0] != '#')];

            string[] found = [.. Gaps()];

            Assert.Empty(found.Except(known));
            Assert.Empty(known.Except(found));
        }

        /// <summary>Otherwise device code would look for a member with the one type and there would be one with the other.</summary>
        [Fact]
        public void A_stand_in_shows_the_types_that_device_code_finds()
        {
            IAssemblySymbol standIns = StandIns();
            IEnumerable<string> mistaken = Assemblies(DeviceCompilation).SelectMany(ListingText.Of)
                .Where(item => HostMember(standIns, item.Symbol) is { } member && !TypesOf(member).All(type => IsFound(standIns, type)))
                .Select(item => item.Line);

            Assert.Empty(mistaken);
        }

        private IEnumerable<string> Gaps()
        {
            IAssemblySymbol standIns = StandIns();
            foreach (IAssemblySymbol assembly in Assemblies(DeviceCompilation))
            {
                bool isForwarded = Forwarded.Contains(assembly.Name);
                foreach ((ISymbol symbol, string line) in ListingText.Of(assembly))
                {
                    if (symbol is INamedTypeSymbol type)
                    {
                        if (isForwarded && type.Arity == 0 && HostType(standIns, type) is null)
                        {
                            yield return line;
                        }
                    }
                    else if (HostType(standIns, symbol.ContainingType) is { } owner
                        && (isForwarded || !SymbolEqualityComparer.Default.Equals(owner.ContainingAssembly, standIns))
                        && HostMember(standIns, symbol) is null)
                    {
                        yield return line;
                    }
                }
            }
        }

        private CSharpCompilation DeviceCompilation => CSharpCompilation.Create("device", references: profile.MetadataReferences);

        private static IAssemblySymbol StandIns()
        {
            string[] platform = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);
            var host = CSharpCompilation.Create("host", references: platform.Select(file => MetadataReference.CreateFromFile(file)));
            return Assemblies(host).Single(assembly => assembly.Name == "nanoOta.StandIns");
        }

        private static IEnumerable<IAssemblySymbol> Assemblies(Compilation compilation) =>
            compilation.References.Select(compilation.GetAssemblyOrModuleSymbol).OfType<IAssemblySymbol>();

        private static INamedTypeSymbol? HostType(IAssemblySymbol standIns, INamedTypeSymbol type)
        {
            if (type.ContainingType is { } outer)
            {
                return HostType(standIns, outer)?.GetTypeMembers(type.Name).FirstOrDefault();
            }

            string name = $"{type.ContainingNamespace.ToDisplayString()}.{type.MetadataName}";
            return standIns.GetTypeByMetadataName(name) ?? standIns.ResolveForwardedType(name);
        }

        // A method may be inherited: the runtime looks for it in base types, too.
        private static ISymbol? HostMember(IAssemblySymbol standIns, ISymbol member)
        {
            ISymbol? found = null;
            for (INamedTypeSymbol? owner = member.ContainingType is { } type ? HostType(standIns, type) : null; owner is not null && found is null; owner = owner.BaseType)
            {
                found = owner.GetMembers(member.MetadataName).FirstOrDefault(other => Signature(other) == Signature(member));
            }

            return found;
        }

        private static IEnumerable<ITypeSymbol> TypesOf(ISymbol member) => member switch
        {
            IMethodSymbol method => method.Parameters.Select(parameter => parameter.Type).Append(method.ReturnType),
            IFieldSymbol field => [field.Type],
            IEventSymbol occurrence => [occurrence.Type],
            _ => [],
        };

        private static bool IsFound(IAssemblySymbol standIns, ITypeSymbol type) => type switch
        {
            IArrayTypeSymbol array => IsFound(standIns, array.ElementType),
            INamedTypeSymbol named => SymbolEqualityComparer.Default.Equals(HostType(standIns, named), named),
            _ => false,
        };

        private static string Signature(ISymbol member) => member switch
        {
            IMethodSymbol method => $"{method.IsStatic} {ListingText.Type(method.ReturnType)} ({string.Join(", ", method.Parameters.Select(p => $"{p.RefKind} {ListingText.Type(p.Type)}"))})",
            IFieldSymbol field => $"{field.IsStatic} {ListingText.Type(field.Type)} {field.ConstantValue}",
            IEventSymbol occurrence => $"{occurrence.IsStatic} {ListingText.Type(occurrence.Type)}",
            _ => "",
        };
    }
}
