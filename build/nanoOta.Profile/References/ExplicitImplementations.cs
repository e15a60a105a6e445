using System.Text.RegularExpressions;
using nanoOta.Profile.Listings;

namespace nanoOta.Profile.References
{
    /// <summary>
    /// Listings do not show explicit interface implementations, C# demands them: finds the members of a type's
    /// interfaces that none of its public members implements.
    /// </summary>
    internal sealed partial class ExplicitImplementations
    {
        private readonly Dictionary<string, ListedType> _types = [];

        public ExplicitImplementations(IEnumerable<Listing> listings)
        {
            foreach (ListedType type in listings.SelectMany(listing => listing.Types))
            {
                _types[type.FullName] = type;
            }
        }

        public IEnumerable<(string Interface, ListedMember Member)> Of(ListedType type)
        {
            if (type.Kind == "interface")
            {
                return [];
            }

            HashSet<string> implemented = [.. Lineage(type).SelectMany(t => t.Members).Where(m => !m.IsProtected).Select(Signature)];
            return Interfaces(type)
                .SelectMany(i => i.Members.Select(member => (i.FullName, member)))
                .Where(pair => !implemented.Contains(Signature(pair.member)));
        }

        private IEnumerable<ListedType> Lineage(ListedType type)
        {
            for (ListedType? t = type; t is not null; t = Bases(t).FirstOrDefault(b => b.Kind == "class"))
            {
                yield return t;
            }
        }

        private HashSet<ListedType> Interfaces(ListedType type)
        {
            var found = new HashSet<ListedType>();
            var waiting = new Queue<ListedType>(Bases(type));
            while (waiting.TryDequeue(out ListedType? next))
            {
                if (next.Kind == "interface" && found.Add(next))
                {
                    foreach (ListedType inherited in Bases(next))
                    {
                        waiting.Enqueue(inherited);
                    }
                }
            }

            return found;
        }

        private IEnumerable<ListedType> Bases(ListedType type) =>
            type.Bases.Where(_types.ContainsKey).Select(name => _types[name]);

        // Parameter names and default values do not count; a getter alone does not implement a setter, too.
        private static string Signature(ListedMember member) =>
            $"{member.Type} {member.Name}({ParameterName().Replace(member.Parameters, "")}){member.Get}{member.Set}";

        [GeneratedRegex(@" \w+(?: = [^,]+)?(?=, |$)")]
        private static partial Regex ParameterName();
    }
}
