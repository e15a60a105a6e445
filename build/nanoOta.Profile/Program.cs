using System.Reflection;
using nanoOta.Profile.Lint;
using nanoOta.Profile.Redirect;
using nanoOta.Profile.References;

namespace nanoOta.Profile
{
    internal static class Program
    {
        private const string Usage = """
            usage: nanoOta.Profile refs PROFILE_DIR OUT_DIR [DLL...]  reference assemblies from the listings in PROFILE_DIR/api, and packages' own
                   nanoOta.Profile lint DLL                           what compiles and then fails on the device
                   nanoOta.Profile redirect IN.dll OUT.dll            the same assembly, runnable on .NET
            """;

        private static int Main(string[] args)
        {
            try
            {
                switch (args)
                {
                    case ["refs", var profile, var output, .. var packaged]:
                        ReferenceFolder.Update(output, ReferenceBuilder.Build(profile, packaged));
                        return 0;
                    case ["lint", var dll]:
                        return Report(DeviceLint.Check(dll));
                    case ["redirect", var input, var output]:
                        File.WriteAllBytes(output, AssemblyRedirect.Apply(File.ReadAllBytes(input), StandInsVersion));
                        return 0;
                    default:
                        Console.Error.WriteLine(Usage);
                        return 2;
                }
            }
            catch (InvalidDataException e)
            {
                Console.Error.WriteLine($"nanoOta.Profile: error NOTA000: {e.Message}");
                return 1;
            }
        }

        // nanoOta.StandIns and this tool take their version from the same line of Directory.Build.props.
        private static Version StandInsVersion => Assembly.GetExecutingAssembly().GetName().Version!;

        private static int Report(IReadOnlyList<Finding> findings)
        {
            foreach (Finding finding in findings)
            {
                Console.WriteLine(finding);
            }

            return findings.Count == 0 ? 0 : 1;
        }
    }
}
