using System.Text.RegularExpressions;

namespace nanoOta.Tests.Documents
{
    public partial class CheckoutTests
    {
        private const string NanoProject = "{11A8DD76-328B-46DF-9F39-F559912D0360}";

        [Theory]
        [InlineData("src")]
        [InlineData("tests")]
        [InlineData("samples")]
        [InlineData("targets")]
        [InlineData("nuspec")]
        [InlineData("docs")]
        public void Each_room_is_there(string folder)
        {
            Assert.Contains(Checkout.Files, file => file.StartsWith(folder + "/", StringComparison.Ordinal));
        }

        [Fact]
        public void Projects_of_the_real_packages_are_listed_but_not_built()
        {
            Assert.Empty(SolutionFaults(Checkout.Text("nanoOta.sln"), Checkout.Files.Where(file => file.EndsWith(".nfproj", StringComparison.Ordinal) && !file.StartsWith("templates/", StringComparison.Ordinal))));
        }

        [Theory]
        [InlineData("", "not listed: src/a/a.nfproj")]
        [InlineData("Project(\"" + NanoProject + "\") = \"a\", \"src\\a\\a.nfproj\", \"{AAAAAAAA-0000-0000-0000-000000000001}\"\nEndProject\n", "")]
        [InlineData("Project(\"" + NanoProject + "\") = \"a\", \"src\\a\\a.nfproj\", \"{AAAAAAAA-0000-0000-0000-000000000001}\"\nEndProject\n\t\t{aaaaaaaa-0000-0000-0000-000000000001}.Debug|Any CPU.ActiveCfg = Debug|Any CPU\n", "")]
        [InlineData("Project(\"" + NanoProject + "\") = \"a\", \"src\\a\\a.nfproj\", \"{AAAAAAAA-0000-0000-0000-000000000001}\"\nEndProject\n\t\t{aaaaaaaa-0000-0000-0000-000000000001}.Debug|Any CPU.Build.0 = Debug|Any CPU\n", "built: src/a/a.nfproj")]
        [InlineData("Project(\"" + NanoProject + "\") = \"a\", \"src\\a\\a.nfproj\", \"{AAAAAAAA-0000-0000-0000-000000000001}\"\nEndProject\nProject(\"" + NanoProject + "\") = \"b\", \"src\\b\\b.nfproj\", \"{AAAAAAAA-0000-0000-0000-000000000002}\"\nEndProject\n", "not there: src/b/b.nfproj")]
        public void A_solution_that_would_build_them_or_leaves_them_out_is_seen(string solution, string faults)
        {
            Assert.Equal(faults, string.Join("; ", SolutionFaults(solution, ["src/a/a.nfproj"])));
        }

        [Fact]
        public void Nothing_tells_of_the_machine_it_was_made_on()
        {
            string[] told = [.. Checkout.Files.Where(file => !file.EndsWith(".bin", StringComparison.Ordinal))
                .SelectMany(file => Traces(Checkout.Text(file)).Select(trace => $"{file}: {trace}"))];
            Assert.Empty(told);
        }

        [Theory]
        [InlineData("reads /wor" + "k/main/src", "/wor" + "k/")]
        [InlineData("file:///hom" + "e/me/x", "/hom" + "e/")]
        [InlineData("C:\\User" + "s\\me", "C:\\User" + "s\\")]
        [InlineData("<add key=\"x\" value=\"https://packages.corp.exampl" + "e/v3/index.json\" />", "https://packages.corp.exampl" + "e/v3/index.json")]
        [InlineData("https://example.org/work/x, a/work/b", null)]
        public void Such_a_trace_is_seen(string text, string? trace)
        {
            Assert.Equal(trace, Traces(text).FirstOrDefault());
        }

        private static IEnumerable<string> Traces(string text)
        {
            return MachinePath().Matches(text).Concat(PackageSource().Matches(text)).Select(match => match.Value);
        }

        private static IEnumerable<string> SolutionFaults(string solution, IEnumerable<string> projects)
        {
            Dictionary<string, string> listed = ListedProject().Matches(solution).ToDictionary(match => match.Groups["path"].Value.Replace('\\', '/'), match => match.Groups["id"].Value);
            string[] there = [.. projects];
            return
            [
                .. there.Except(listed.Keys).Select(path => $"not listed: {path}"),
                .. listed.Keys.Except(there).Select(path => $"not there: {path}"),
                .. listed.Where(pair => Regex.IsMatch(solution, Regex.Escape(pair.Value) + @"\.[^\n=]*\.(Build|Deploy)\.0", RegexOptions.IgnoreCase)).Select(pair => $"built: {pair.Key}"),
            ];
        }

        [GeneratedRegex("^Project\\([^)]*\\) = \"[^\"]*\", \"(?<path>[^\"]+\\.nfproj)\", \"(?<id>[^\"]+)\"", RegexOptions.Multiline)]
        private static partial Regex ListedProject();

        // Absolute paths of build machines, on Linux, macOS and Windows.
        [GeneratedRegex(@"(?<![\w.\-)}*])/(work|tmp|home|root|Users|mnt|var/folders)/|\b[A-Za-z]:\\+Users\\+")]
        private static partial Regex MachinePath();

        // An index of packages.
        [GeneratedRegex(@"https?://[^\s""'<>]+/index\.json")]
        private static partial Regex PackageSource();
    }
}
