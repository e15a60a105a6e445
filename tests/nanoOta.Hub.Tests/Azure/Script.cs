using System.Diagnostics;
using System.Reflection;

namespace nanoOta.Hub.Tests
{
    /// <summary>Runs a program and keeps what it says.</summary>
    internal sealed record Script(int Code, string Output, string Error)
    {
        private static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);

        /// <summary>The folder of the repository.</summary>
        public static string Repository => Metadata("Repository");

        /// <summary>A value that the build noted.</summary>
        public static string Metadata(string key)
        {
            return typeof(Script).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
        }

        /// <summary>Runs to the end.</summary>
        public static Script Run(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string input = "")
        {
            var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
            foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
            {
                start.Environment[name] = value;
            }

            using Process process = Process.Start(start)!;
            process.StandardInput.Write(input);
            process.StandardInput.Close();
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            Task<string> error = process.StandardError.ReadToEndAsync();
            Assert.True(process.WaitForExit(_patience));
            return new Script(process.ExitCode, output.Result, error.Result);
        }
    }
}
