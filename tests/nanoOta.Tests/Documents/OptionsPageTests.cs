using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace nanoOta.Tests.Documents
{
    /// <summary>The tables of docs/options.md are made from the classes and their XML documentation.</summary>
    public partial class OptionsPageTests
    {
        [Theory]
        [InlineData(typeof(UpdateAgentOptions))]
        [InlineData(typeof(DeviceUpdateOptions))]
        public void The_table_of_a_class_of_options_is_made_from_it(Type type)
        {
            MadePage.Check("docs/options.md", type.Name, Table(type));
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
