using System.Text.RegularExpressions;
using System.Xml.Linq;
using nanoOta.Packages;
using nanoOta.Tests.Documents;

namespace nanoOta.Tests.Packages
{
    public class ProjectFilesTests
    {
        private static readonly Repository _repository = new(Checkout.Root);

        // Those of the templates are somebody else's project; templates/test.sh compares their packages.
        private static IEnumerable<string> Sources => Checkout.Files.Where(file => !file.StartsWith("templates/", StringComparison.Ordinal));

        public static TheoryData<string> Projects => [.. _repository.Projects.Append(_repository.DeviceTests).Select(project => $"{Path.GetRelativePath(Checkout.Root, project.Folder).Replace('\\', '/')}/{project.Name}")];

        /// <summary>When it fails: dotnet run --project build/nanoOta.Packages -c Release -- write .</summary>
        [Fact]
        public void What_is_made_from_the_device_projects_is_what_is_there()
        {
            IReadOnlyDictionary<string, string> files = ProjectFiles.Make(_repository);
            Assert.Empty(files.Where(file => !Checkout.Files.Contains(file.Key) || Checkout.Text(file.Key) != file.Value).Select(file => file.Key));
            Assert.Empty(Sources.Where(file => file.EndsWith(".nfproj", StringComparison.Ordinal) || file.EndsWith("packages.config", StringComparison.Ordinal)).Except(files.Keys));
            Assert.Empty(Checkout.Files.Where(file => file.EndsWith(".nuspec", StringComparison.Ordinal)).Except(files.Keys));
        }

        [Theory]
        [MemberData(nameof(Projects))]
        public void A_nfproj_lists_every_source_of_its_folder_and_those_that_it_shares(string project)
        {
            string folder = project[..(project.LastIndexOf('/') + 1)];
            string[] there = [.. Checkout.Files.Where(file => file.StartsWith(folder, StringComparison.Ordinal) && file.EndsWith(".cs", StringComparison.Ordinal)).Select(file => file[folder.Length..])];
            string[] shared = Compiled(XDocument.Parse(Checkout.Text(project + ".csproj")));
            string[] listed = Compiled(NfProject(project));
            Assert.NotEmpty(there);
            Assert.All(shared, file => Assert.True(File.Exists(Path.Combine(Checkout.Root, folder, file)), file));
            Assert.Equal(there.Concat(shared).Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
        }

        [Theory]
        [MemberData(nameof(Projects))]
        public void A_nfproj_finds_each_reference_in_a_package_that_is_restored(string project)
        {
            var restored = XDocument.Parse(Checkout.Text(project[..project.LastIndexOf('/')] + "/packages.config"));
            string[] packages = [.. restored.Root!.Elements().Select(element => $"{(string?)element.Attribute("id")}.{(string?)element.Attribute("version")}")];
            string[] hints = [.. NfProject(project).Descendants().Where(element => element.Name.LocalName == "HintPath").Select(element => element.Value).Where(hint => hint.EndsWith(".dll", StringComparison.Ordinal)).Select(hint => hint.Split('\\')[3])];
            Assert.Contains(hints, hint => hint.StartsWith("nanoFramework.CoreLibrary.1.17", StringComparison.Ordinal));
            Assert.Equal(packages, hints);
        }

        [Fact]
        public void Packages_have_the_versions_of_the_profile()
        {
            string versions = Checkout.Text("build/profile/versions.tsv");
            (string Id, string Version)[] used = [.. _repository.Projects.SelectMany(project => _repository.AllReferences(project)).Select(package => (package.Id, package.Version)).Distinct()];
            Assert.Contains(("nanoFramework.Azure.Devices.Client", "1.2.120"), used);
            Assert.All(used, package => Assert.Matches(
                $@"(?m)^{Regex.Escape(package.Id).Replace(@"M2Mqtt\.Core", "M2Mqtt / .Core", StringComparison.Ordinal)}(\(\S+\)| / \S+)?\t{Regex.Escape(package.Version)}[\t ]", versions));
        }

        [Fact]
        public void Of_two_packages_with_one_assembly_a_project_has_the_one_that_it_names_and_nothing_for_the_other()
        {
            string[] packages = [.. _repository.AllReferences(_repository.DeviceTests).Select(package => package.Id)];
            Assert.Contains("nanoFramework.Azure.Devices.Client.FullyManaged", packages);
            Assert.DoesNotContain("nanoFramework.Azure.Devices.Client", packages);
            Assert.DoesNotContain("nanoFramework.M2Mqtt", packages);
        }

        [Fact]
        public void Only_the_slots_call_native_code_and_say_which()
        {
            Assert.Equal(["nanoOta.Native 100.0.0.4"], _repository.Projects.Where(project => project.NativeVersion is not null).Select(project => $"{project.Name} {project.NativeVersion}"));
        }

        [Fact]
        public void There_is_one_version()
        {
            Assert.Matches(@"^\d+\.\d+\.\d+$", _repository.Version);
            Assert.Equal(_repository.Version + ".0", typeof(UpdateAgent).Assembly.GetName().Version!.ToString());
            Assert.Single(Sources, file => !file.StartsWith("samples/", StringComparison.Ordinal) && (file.EndsWith(".props", StringComparison.Ordinal) || file.EndsWith("proj", StringComparison.Ordinal)) && Checkout.Text(file).Contains("<Version>"));
        }

        private static XDocument NfProject(string project)
        {
            return XDocument.Parse(Checkout.Text(project + ".nfproj"));
        }

        private static string[] Compiled(XDocument project)
        {
            return [.. project.Descendants().Where(element => element.Name.LocalName == "Compile").Select(element => ((string)element.Attribute("Include")!).Replace('\\', '/'))];
        }
    }
}
