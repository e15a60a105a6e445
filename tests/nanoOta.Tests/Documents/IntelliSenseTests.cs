using System.Text.RegularExpressions;

namespace nanoOta.Tests.Documents
{
    /// <summary>Who installs a package sees its texts in an editor, without this repository.</summary>
    public partial class IntelliSenseTests
    {
        [Fact]
        public void Texts_in_packages_refer_to_nothing_that_is_not_in_them()
        {
            string[] device = [.. Checkout.Files.Where(file => file.StartsWith("src/", StringComparison.Ordinal) && file.EndsWith(".csproj", StringComparison.Ordinal) && Checkout.Text(file).Contains("<NanoDevice>true")).Select(file => Path.GetDirectoryName(file)!.Replace('\\', '/') + "/")];
            IEnumerable<string> lines = Checkout.Files.Where(file => file.EndsWith(".cs", StringComparison.Ordinal) && device.Any(folder => file.StartsWith(folder, StringComparison.Ordinal)))
                .SelectMany(file => Checkout.Text(file).Split('\n').Where(line => line.TrimStart().StartsWith("///", StringComparison.Ordinal)).Select(line => $"{file}: {line.Trim()}"));

            Assert.Contains(lines, line => line.Contains("<summary>"));
            string[] found = [.. lines.Where(line => Reference().IsMatch(line[line.IndexOf("///", StringComparison.Ordinal)..]))];
            Assert.Equal([], found);
        }

        [GeneratedRegex(@"\bdocs/|\bfacts/|\bseed document|\w\.(cs|md)\b")]
        private static partial Regex Reference();
    }
}
