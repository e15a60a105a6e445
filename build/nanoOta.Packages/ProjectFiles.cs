using System.Security.Cryptography;
using System.Text;

namespace nanoOta.Packages
{
    /// <summary>
    /// The files that a package needs beside its .csproj, all made from it by nanoFramework's conventions: whoever has Visual Studio
    /// and the real packages builds the same sources by the .nfproj; the .nuspec says what is packed.
    /// </summary>
    public static class ProjectFiles
    {
        private const string ProjectType = "{11A8DD76-328B-46DF-9F39-F559912D0360}";

        /// <summary>All files of all packages: path from the repository's root with forward slashes, and text with line feeds.</summary>
        public static IReadOnlyDictionary<string, string> Make(Repository repository)
        {
            Dictionary<string, string> files = [];
            foreach (DeviceProject project in repository.Projects.Append(repository.DeviceTests))
            {
                string folder = Path.GetRelativePath(repository.Root, project.Folder).Replace('\\', '/');
                files.Add($"{folder}/{project.Name}.nfproj", NfProject(repository, project));
                files.Add($"{folder}/packages.config", PackagesConfig(repository, project));
            }

            foreach (DeviceProject project in repository.Projects)
            {
                files.Add($"nuspec/{project.Name}.nuspec", Nuspec(repository, project));
            }

            files.Add("nanoOta.sln", Solution(File.ReadAllText(Path.Combine(repository.Root, "nanoOta.sln")).ReplaceLineEndings("\n"), repository));
            return files;
        }

        private static string NfProject(Repository repository, DeviceProject project)
        {
            StringBuilder text = new();
            bool isTests = project == repository.DeviceTests;
            string testing = isTests ? "\n    <IsTestProject>true</IsTestProject>\n    <TestProjectType>UnitTest</TestProjectType>\n    <RunSettingsFilePath>$(MSBuildProjectDirectory)\\nano.runsettings</RunSettingsFilePath>" : "";
            text.Append($"""
                <?xml version="1.0" encoding="utf-8"?>
                <!-- Made from {project.Name}.csproj by "build/nanoOta.Packages write" (nuspec/README.md). -->
                <Project ToolsVersion="Current" DefaultTargets="Build" xmlns="http://schemas.microsoft.com/developer/msbuild/2003">
                  <PropertyGroup Label="Globals">
                    <NanoFrameworkProjectSystemPath>$(MSBuildExtensionsPath)\nanoFramework\v1.0\</NanoFrameworkProjectSystemPath>
                    <BaseIntermediateOutputPath>obj\nanoFramework\</BaseIntermediateOutputPath>
                  </PropertyGroup>
                  <Import Project="$(NanoFrameworkProjectSystemPath)NFProjectSystem.Default.props" Condition="Exists('$(NanoFrameworkProjectSystemPath)NFProjectSystem.Default.props')" />
                  <PropertyGroup>
                    <Configuration Condition=" '$(Configuration)' == '' ">Debug</Configuration>
                    <Platform Condition=" '$(Platform)' == '' ">AnyCPU</Platform>
                    <ProjectTypeGuids>{ProjectType};{"{FAE04EC0-301F-11D3-BF4B-00C04F79EFBC}"}</ProjectTypeGuids>
                    <ProjectGuid>{Id(project.Name + ".nfproj")}</ProjectGuid>
                    <OutputType>Library</OutputType>
                    <FileAlignment>512</FileAlignment>
                    <RootNamespace>{(isTests ? "nanoOta.DeviceTests" : "nanoOta")}</RootNamespace>
                    <AssemblyName>{project.Name}</AssemblyName>
                    <TargetFrameworkVersion>v1.0</TargetFrameworkVersion>
                    <OutputPath>bin\nanoFramework\$(Configuration)\</OutputPath>
                    <DocumentationFile>bin\nanoFramework\$(Configuration)\{project.Name}.xml</DocumentationFile>{testing}
                  </PropertyGroup>
                  <Import Project="$(NanoFrameworkProjectSystemPath)NFProjectSystem.props" Condition="Exists('$(NanoFrameworkProjectSystemPath)NFProjectSystem.props')" />
                  <Import Project="..\..\build\NanoProject.props" />
                  <ItemGroup>

                """);
            Lines(text, [.. Repository.Sources(project.Folder), .. project.Shared], source => $"<Compile Include=\"{source}\" />");
            text.Append("  </ItemGroup>\n  <ItemGroup>\n    <None Include=\"packages.config\" />\n");
            text.Append(isTests ? "    <None Include=\"nano.runsettings\" />\n    <ProjectCapability Include=\"TestContainer\" />\n" : "").Append("  </ItemGroup>\n  <ItemGroup>\n");
            Lines(text, repository.AllReferences(project), package =>
                $"<Reference Include=\"{package.Identity}\">\n      <HintPath>..\\..\\packages\\{package.Id}.{package.Version}\\lib\\{package.Assembly}.dll</HintPath>\n    </Reference>");
            if (isTests)
            {
                ListedPackage framework = repository.Versions.Find("nanoFramework.TestFramework");
                text.Append($"    <Reference Include=\"nanoFramework.UnitTestLauncher\">\n      <HintPath>..\\..\\packages\\{framework.Id}.{framework.Version}\\lib\\nanoFramework.UnitTestLauncher.exe</HintPath>\n    </Reference>\n");
            }

            if (project.Needs.Length > 0)
            {
                text.Append("  </ItemGroup>\n  <ItemGroup>\n");
                Lines(text, project.Needs, name => $"<ProjectReference Include=\"..\\..\\src\\{name}\\{name}.nfproj\" />");
            }

            text.Append("""
                  </ItemGroup>
                  <Import Project="$(NanoFrameworkProjectSystemPath)NFProjectSystem.CSharp.targets" Condition="Exists('$(NanoFrameworkProjectSystemPath)NFProjectSystem.CSharp.targets')" />
                  <ProjectExtensions>
                    <ProjectCapabilities>
                      <ProjectConfigurationsDeclaredAsItems />
                    </ProjectCapabilities>
                  </ProjectExtensions>
                </Project>

                """);
            return text.ToString().ReplaceLineEndings("\n");
        }

        private static string PackagesConfig(Repository repository, DeviceProject project)
        {
            StringBuilder text = new("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<packages>\n");
            foreach (ListedPackage package in repository.AllReferences(project))
            {
                text.Append($"  <package id=\"{package.Id}\" version=\"{package.Version}\" targetFramework=\"netnano1.0\" />\n");
            }

            return text.Append("</packages>\n").ToString();
        }

        private static string Nuspec(Repository repository, DeviceProject project)
        {
            string native = project.NativeVersion is null ? "" : $"\n\n{NativeSentence(project.Name, "$nativeVersion$", "$checksum$")}";
            StringBuilder text = new();
            text.Append($"""
                <?xml version="1.0" encoding="utf-8"?>
                <!-- Made from {project.Name}.csproj by "build/nanoOta.Packages write" (nuspec/README.md). -->
                <package xmlns="http://schemas.microsoft.com/packaging/2012/06/nuspec.xsd">
                  <metadata>
                    <id>{project.Name}</id>
                    <version>$version$</version>
                    <title>{project.Name}</title>
                    <authors>$authors$</authors>
                    <requireLicenseAcceptance>false</requireLicenseAcceptance>
                    <license type="expression">MIT</license>
                    <readme>docs\README.md</readme>
                    <description>{project.Description}{native}</description>
                    <copyright>$copyright$</copyright>
                    <tags>nanoFramework C# csharp netnf ota firmware update</tags>
                    <dependencies>

                """);
            foreach ((string id, string version) in Dependencies(repository, project, "$version$"))
            {
                text.Append($"      <dependency id=\"{id}\" version=\"{version}\" />\n");
            }

            text.Append("    </dependencies>\n  </metadata>\n  <files>\n");
            foreach (string folder in PackageCheck.Folders)
            {
                foreach (string extension in PackageCheck.Extensions)
                {
                    text.Append($"    <file src=\"$folder$/{project.Name}{extension}\" target=\"{folder}{project.Name}{extension}\" />\n");
                }
            }

            return text.Append("    <file src=\"../README.md\" target=\"docs/README.md\" />\n    <file src=\"$folder$/LICENSE.md\" target=\"LICENSE.md\" />\n  </files>\n</package>\n")
                .ToString().ReplaceLineEndings("\n");
        }

        /// <summary>What a package needs directly: ids and versions, nanoFramework's first.</summary>
        public static IEnumerable<(string Id, string Version)> Dependencies(Repository repository, DeviceProject project, string version)
        {
            return project.References.Select(repository.Versions.Find).Select(package => (package.Id, package.Version)).Concat(project.Needs.Select(name => (name, version)));
        }

        /// <summary>What a package's description says of the native code, in nanoFramework's words, by which tools find it.</summary>
        public static string NativeSentence(string name, string version, string checksum)
        {
            return $"This package requires a target with {name} v{version} (checksum {checksum}).";
        }

        // Listed, so that Visual Studio shows them; without a Build line, so that "dotnet build" leaves them alone; in a folder of
        // their own, because in one folder no two projects may have the same name.
        private static string Solution(string solution, Repository repository)
        {
            const string FolderType = "{2150E333-8FDC-42A3-9474-1A3956D46DE8}";
            string folder = Id("nanoFramework");
            if (!solution.Contains(folder))
            {
                solution = BeforeGlobal(solution, $"Project(\"{FolderType}\") = \"nanoFramework\", \"nanoFramework\", \"{folder}\"\nEndProject\n");
            }

            foreach (DeviceProject project in repository.Projects.Append(repository.DeviceTests).Where(project => !solution.Contains($"{project.Name}.nfproj\"")))
            {
                string path = Path.GetRelativePath(repository.Root, project.Folder).Replace('/', '\\');
                string id = Id(project.Name + ".nfproj");
                solution = BeforeGlobal(solution, $"Project(\"{ProjectType}\") = \"{project.Name}\", \"{path}\\{project.Name}.nfproj\", \"{id}\"\nEndProject\n");
                int nested = solution.IndexOf("GlobalSection(NestedProjects)", StringComparison.Ordinal);
                solution = solution.Insert(solution.IndexOf('\n', nested) + 1, $"\t\t{id} = {folder}\n");
            }

            return solution;
        }

        private static string BeforeGlobal(string solution, string added)
        {
            return solution.Insert(solution.IndexOf("\nGlobal\n", StringComparison.Ordinal) + 1, added);
        }

        // The same on every machine, and not that of the .csproj.
        private static string Id(string name)
        {
            byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(name));
            return new Guid(hash.AsSpan(0, 16)).ToString("B").ToUpperInvariant();
        }

        private static void Lines<T>(StringBuilder text, IEnumerable<T> items, Func<T, string> line)
        {
            foreach (T item in items)
            {
                text.Append("    ").Append(line(item)).Append('\n');
            }
        }
    }
}
