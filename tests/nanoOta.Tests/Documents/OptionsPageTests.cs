using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace nanoOta.Tests.Documents
{
    /// <summary>
    /// The tables of docs/options.md are made from the classes and their XML documentation. With <c>NANOOTA_WRITE_PAGES</c> set the test
    /// writes them instead of comparing.
    /// </summary>
    public partial class OptionsPageTests
    {
        private const string Page = "docs/options.md";

        [Theory]
        [InlineData(typeof(UpdateAgentOptions))]
        [InlineData(typeof(DeviceUpdateOptions))]
        public void The_table_of_a_class_of_options_is_made_from_it(Type type)
        {
            string page = Checkout.Text(Page);
            string begin = $"<!-- made from {type.Name} -->\n", end = $"<!-- end of {type.Name} -->\n";
            int from = page.IndexOf(begin, StringComparison.Ordinal) + begin.Length, to = page.IndexOf(end, StringComparison.Ordinal);
            Assert.InRange(from, begin.Length, to);
            string table = Table(type);
            if (Environment.GetEnvironmentVariable("NANOOTA_WRITE_PAGES") != null)
            {
                File.WriteAllText(Path.Combine(Checkout.Root, Page), page[..from] + table + page[to..]);
                return;
            }

            Assert.Equal(table, page[from..to]);
        }

        private static string Table(Type type)
        {
            object options = Activator.CreateInstance(type)!;
            XElement members = XDocument.Load(Path.ChangeExtension(type.Assembly.Location, ".xml")).Root!.Element("members")!;
            IEnumerable<string> rows = type.GetFields(BindingFlags.Public | BindingFlags.Instance).Select(field =>
            {
                XElement member = members.Elements("member").Single(element => element.Attribute("name")!.Value == $"F:{type.FullName}.{field.Name}");
                return $"| `{field.Name}` | {Default(field.GetValue(options))} | {Text(member.Element("summary")!)} |\n";
            });
            return "| option | default | what it is |\n|---|---|---|\n" + string.Concat(rows);
        }

        private static string Default(object? value)
        {
            return value switch
            {
                null => "-",
                "" => "empty",
                bool set => set ? "yes" : "no",
                string[] { Length: 0 } => "none",
                string[] texts => string.Join(", ", texts.Select(text => $"`{text}`")),
                string text => $"`{text}`",
                int number => number.ToString(CultureInfo.InvariantCulture),
                Delegate => "the device's own",
                _ => "one of its own",
            };
        }

        private static string Text(XElement summary)
        {
            string text = string.Concat(summary.Nodes().Select(node => node switch
            {
                XText plain => plain.Value,
                XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
                XElement reference => $"`{Reference(reference.Attribute("cref")!.Value)}`",
                _ => "",
            }));
            return Space().Replace(text, " ").Trim();
        }

        // "P:nanoOta.UpdateAgent.Status" is UpdateAgent.Status, "T:nanoOta.Journal" is Journal.
        private static string Reference(string id)
        {
            string[] parts = id[2..].Split('(')[0].Split('.');
            return string.Join('.', parts.Skip(1));
        }

        [GeneratedRegex(@"\s+")]
        private static partial Regex Space();
    }
}
