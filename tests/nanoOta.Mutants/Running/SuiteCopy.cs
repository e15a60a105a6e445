using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;

namespace nanoOta.Mutants.Running
{
    /// <summary>A copy of a test program whose assemblies can be replaced, and which runs in processes of its own.</summary>
    /// <param name="folder">Whatever belongs to the copy.</param>
    /// <param name="suite">The copied files.</param>
    /// <param name="program">The program's file.</param>
    internal sealed class SuiteCopy(string folder, string suite, string program)
    {
        // A mutant that allocates for ever is to end itself, not the machine.
        private const string HeapLimit = "0x60000000";

        private static readonly TimeSpan _poll = TimeSpan.FromMilliseconds(100);

        /// <summary>Replaces an assembly.</summary>
        public void Put(string file, byte[] content)
        {
            File.WriteAllBytes(Path.Combine(suite, file), content);
        }

        /// <summary>Makes a folder of the copy empty.</summary>
        /// <returns>Its path.</returns>
        public string EmptyFolder(string name)
        {
            string path = Path.Combine(folder, name);
            if (Directory.Exists(path))
            {
                Directory.Delete(path, recursive: true);
            }

            return Directory.CreateDirectory(path).FullName;
        }

        /// <summary>The names of the classes that have tests.</summary>
        public string[] List()
        {
            using Process process = Start(["-list", "classes/json"], new Dictionary<string, string>());
            string names = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? JsonSerializer.Deserialize<string[]>(names)! : throw new CampaignException($"{program} does not list its tests: {names}");
        }

        /// <summary>Runs classes of tests one after the other.</summary>
        /// <param name="classes">Their names.</param>
        /// <param name="limit">What they may take; then the process is ended.</param>
        /// <param name="environment">Environment variables to set.</param>
        /// <param name="toTheEnd">Whether the others run when a test has failed.</param>
        public SuiteRun Run(IEnumerable<string> classes, RunCost limit, IReadOnlyDictionary<string, string>? environment = null, bool toTheEnd = false)
        {
            var clock = Stopwatch.StartNew();
            string[] filter = [.. classes.SelectMany(name => new[] { "-class", name }), .. toTheEnd ? Array.Empty<string>() : ["-stopOnFail"]];
            using Process process = Start(["-parallel", "none", "-reporter", "json", .. filter], environment ?? new Dictionary<string, string>());
            var log = new TestLog();
            process.OutputDataReceived += (_, e) => log.Add(e.Data);
            process.BeginOutputReadLine();
            RunCost cost = default;
            bool inTime = true;
            while (!process.WaitForExit(_poll))
            {
                cost = new RunCost(Math.Max(cost.Processor, ProcessorSeconds(process)), clock.Elapsed.TotalSeconds);
                if (inTime && cost.Exceeds(limit))
                {
                    inTime = false;
                    process.Kill(entireProcessTree: true);
                }
            }

            process.WaitForExit();
            RunEnd end = !inTime ? RunEnd.TimedOut : log.Failed != null ? RunEnd.Failed : process.ExitCode == 0 && log.IsComplete ? RunEnd.Passed : RunEnd.Crashed;
            return new SuiteRun(end, log.Failed ?? log.Last, cost);
        }

        private static double ProcessorSeconds(Process process)
        {
            try
            {
                return process.TotalProcessorTime.TotalSeconds;
            }
            catch (Exception e) when (e is InvalidOperationException or Win32Exception)
            {
                // It has just ended: which of the two is thrown depends on how far that has come.
                return 0;
            }
        }

        private Process Start(string[] arguments, IReadOnlyDictionary<string, string> environment)
        {
            // A seed, so that tests come in the same order each time.
            var start = new ProcessStartInfo("dotnet", ["exec", Path.Combine(suite, program), ":1", "-noLogo", "-noColor", .. arguments])
            {
                WorkingDirectory = suite,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                RedirectStandardInput = true,
            };
            string temporary = EmptyFolder("temp");
            start.Environment["TMPDIR"] = temporary;
            start.Environment["TEMP"] = temporary;
            start.Environment["TMP"] = temporary;
            start.Environment["DOTNET_GCHeapHardLimit"] = HeapLimit;

            // Processes are many and short: nothing that only helps debuggers, or a long run.
            start.Environment["DOTNET_EnableDiagnostics"] = "0";
            start.Environment["DOTNET_TieredPGO"] = "0";
            foreach ((string name, string value) in environment)
            {
                start.Environment[name] = value;
            }

            Process process = Process.Start(start)!;
            process.StandardInput.Close();
            process.BeginErrorReadLine();
            return process;
        }

        // What xunit's reporter "json" says, line by line.
        private sealed class TestLog
        {
            private readonly Dictionary<string, string> _names = [];

            public string? Failed { get; private set; }

            public string? Last { get; private set; }

            public bool IsComplete { get; private set; }

            public void Add(string? line)
            {
                // Tests print as well, and a process that is ended may leave half a line.
                if (line == null || !line.StartsWith("{\"$type\":\"", StringComparison.Ordinal) || !line.EndsWith('}'))
                {
                    return;
                }

                using var message = JsonDocument.Parse(line);
                JsonElement root = message.RootElement;
                string type = root.GetProperty("$type").GetString()!;
                if (type == "test-starting")
                {
                    Last = root.GetProperty("TestDisplayName").GetString();
                    _names[root.GetProperty("TestUniqueID").GetString()!] = Last!;
                }
                else if (type == "test-failed")
                {
                    Failed ??= _names.GetValueOrDefault(root.GetProperty("TestUniqueID").GetString()!);
                }
                else if (type is "test-class-cleanup-failure" or "test-cleanup-failure" or "test-collection-cleanup-failure" or "error")
                {
                    Failed ??= Last ?? type;
                }
                else if (type == "test-assembly-finished")
                {
                    IsComplete = root.GetProperty("TestsTotal").GetInt32() > 0;
                }
            }
        }
    }
}
