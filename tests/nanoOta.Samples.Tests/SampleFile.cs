using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Mono.Cecil;
using Mono.Cecil.Cil;
using nanoOta.VirtualDevice.Applications;

namespace nanoOta.Samples.Tests
{
    /// <summary>A sample as its build made it for the device, and what a developer may have made of it.</summary>
    internal static class SampleFile
    {
        /// <summary>Where the repository lies.</summary>
        public static string Repository { get; } = Root();

        /// <summary>A sample's README.</summary>
        public static string Readme(string sample) => File.ReadAllText(Path.Combine(Repository, "samples", sample, "README.md"));

        /// <summary>
        /// Requires that each line which the sample's README shows in its section On the console was printed. Times of day are all alike.
        /// </summary>
        public static void HasPrinted(string sample, IEnumerable<string> console)
        {
            string section = Readme(sample).Split("## On the console\n")[1].Split("\n## ")[0];
            string[] shown = [.. Regex.Matches(section, "```\n(?<lines>[^`]*)```").SelectMany(block => block.Groups["lines"].Value.Trim().Split('\n'))];
            Assert.NotEmpty(shown);
            Assert.Equal("", string.Join('\n', shown.Select(Timeless).Except(console.Select(Timeless))));
        }

        /// <summary>The sample as it ships.</summary>
        public static ApplicationFile Of(string sample) => ApplicationFile.Read(PathOf(sample));

        /// <summary>The sample with other methods, which answer a number and do nothing else.</summary>
        /// <param name="sample">The sample.</param>
        /// <param name="folder">Where it is written to.</param>
        /// <param name="answer">What a method answers, by its type and name; null: it stays as it is.</param>
        /// <param name="version">Its version; null: that of the sample.</param>
        public static ApplicationFile Changed(string sample, string folder, Func<MethodDefinition, int?> answer, Version? version = null)
        {
            using ModuleDefinition module = ModuleDefinition.ReadModule(PathOf(sample));
            int changed = 0;
            foreach (MethodDefinition method in module.GetTypes().SelectMany(type => type.Methods).Where(method => method.HasBody))
            {
                if (answer(method) is { } number)
                {
                    method.Body = new MethodBody(method);
                    ILProcessor code = method.Body.GetILProcessor();
                    code.Emit(OpCodes.Ldc_I4, number);
                    code.Emit(OpCodes.Ret);
                    changed++;
                }
            }

            Assert.True(changed > 0, $"{sample} has no such method.");
            module.Assembly.Name.Version = version ?? module.Assembly.Name.Version;
            Directory.CreateDirectory(folder);
            string path = Path.Combine(folder, sample + ".dll");
            module.Write(path);
            return ApplicationFile.Read(path);
        }

        /// <summary>The sample with a mistake in it: its self-test fails.</summary>
        public static ApplicationFile Failing(string sample, string folder, Version? version = null)
        {
            return Changed(sample, folder, method =>
                method is { Name: "get_Answers", DeclaringType.Name: "Pump" } ? 0
                : method.ReturnType.Name == nameof(SelfTestResult) && !method.HasBodyThatCalls("get_Answers") ? (int)SelfTestResult.Failed : null, version);
        }

        private static bool HasBodyThatCalls(this MethodDefinition method, string name)
        {
            return method.Body.Instructions.Any(one => one.Operand is MethodReference called && called.Name == name);
        }

        /// <summary>The file that ships.</summary>
        public static string PathOf(string sample) => Path.Combine(Repository, "samples", sample, "bin/Release/net10.0/device", sample + ".dll");

        private static string Timeless(string line) => Regex.Replace(line, @"\d{4}-\d\d-\d\dT[\d:.]+Z", "TIME");

        private static string Root([CallerFilePath] string path = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "../.."));
    }
}
