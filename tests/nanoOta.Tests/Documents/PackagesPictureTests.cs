using System.Xml.Linq;

namespace nanoOta.Tests.Documents
{
    /// <summary>docs/pictures/packages.txt beside the projects.</summary>
    public class PackagesPictureTests
    {
        private static readonly string _src = Path.Combine(Checkout.Root, "src");

        [Fact]
        public void The_picture_of_packages_has_each_project_and_each_reference()
        {
            Dictionary<string, string[]> projects = Directory.GetFiles(_src, "*.csproj", SearchOption.AllDirectories).ToDictionary(
                file => Short(Path.GetFileNameWithoutExtension(file)),
                file => XDocument.Load(file).Descendants("ProjectReference").Select(one => Short(Path.GetFileNameWithoutExtension(one.Attribute("Include")!.Value.Replace('\\', '/')))).ToArray());

            Dictionary<string, string[]> drawn = Drawn();
            Assert.Equal(projects.Keys.Order(), drawn.Keys.Order());
            foreach (string name in projects.Keys)
            {
                Assert.Equal((name, string.Join(' ', Reached(projects, name).Order())), (name, string.Join(' ', Reached(drawn, name).Order())));
            }
        }

        private static Dictionary<string, string[]> Drawn()
        {
            string[] lines = File.ReadAllLines(Path.Combine(Checkout.Root, "docs", "pictures", "packages.txt"));
            string[][] rows = [.. Of("boxes").Select(row => row.Split('|').Select(Name).Where(cell => cell is not ("<" or "[none]")).ToArray())];
            Dictionary<string, string[]> arrows = Of("arrow").Select(line => line.Split('>')).ToDictionary(ends => Name(ends[0]), ends => ends[1].Split(',').Select(Name).ToArray());
            return rows.SelectMany((row, at) => row.Select(name => (name, below: rows.Skip(at + 1).SelectMany(more => more)))).ToDictionary(
                box => box.name,
                box => arrows.GetValueOrDefault(box.name, []).SelectMany(end => end == "below" ? box.below : [end]).ToArray());

            IEnumerable<string> Of(string kind) => lines.Where(line => line.StartsWith(kind + ":", StringComparison.Ordinal)).Select(line => line[(kind.Length + 1)..]);
        }

        private static HashSet<string> Reached(Dictionary<string, string[]> edges, string from)
        {
            HashSet<string> reached = [.. edges[from]];
            reached.UnionWith(edges[from].SelectMany(to => Reached(edges, to)));
            return reached;
        }

        private static string Name(string cell) => string.Concat(cell.Split('/', StringSplitOptions.TrimEntries)).Replace(" (core)", "");

        private static string Short(string project) => project == "nanoOta" ? project : project["nanoOta.".Length..];
    }
}
