using System.Text.RegularExpressions;
using nanoOta.Tool;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.Hub.Tests
{
    /// <summary>The reusable workflow: its calls of the tool, and the step that rehearses an update, taken out of the file and run.</summary>
    public sealed partial class WorkflowTests : IDisposable
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("nanoota").FullName;
        private static readonly string _workflow = File.ReadAllText(Path.Combine(Script.Repository, ".github", "workflows", "update.yml"));

        public void Dispose() => Directory.Delete(_folder, recursive: true);

        [Fact]
        public void Every_call_of_the_tool_is_one_that_the_tool_takes()
        {
            string[] calls = [.. ToolCall().Matches(_workflow).Select(match => match.Groups[1].Value)];
            Assert.Equal(7, calls.Length);
            Assert.All(calls, call => Assert.True(IsWellFormed(call), call));
            Assert.False(IsWellFormed("release app.bin --versoin 1"));
        }

        [Fact]
        public void No_expression_of_the_caller_is_pasted_into_a_script()
        {
            // A version named $(…) must stay a text: inputs go by the environment.
            Assert.All(Regex.Matches(_workflow, @"(?m)^ +run: \|\n((?: {10,}.*\n|\n)+)").Select(match => match.Groups[1].Value), script => Assert.DoesNotContain("${{", script));
        }

        [Fact]
        public void The_rehearsal_updates_a_virtual_device_from_the_last_release_to_this_one()
        {
            Script run = Rehearse("1.1.0");
            Assert.True(run.Code == 0, run.Output + run.Error);
            Assert.Contains("1.1.0", run.Output);
        }

        [Fact]
        public void The_rehearsal_fails_when_the_device_cannot_take_the_release()
        {
            Script run = Rehearse("1.1.0", tamper: true);
            Assert.NotEqual(0, run.Code);
        }

        [Fact]
        public void The_first_release_has_nothing_to_update_from()
        {
            Script run = Run(Step("Update a fresh virtual device"));
            Assert.Equal(0, run.Code);
            Assert.Contains("Nothing to update from", run.Output);
        }

        private Script Rehearse(string version, bool tamper = false)
        {
            Directory.CreateDirectory(Path.Combine(_folder, "last"));
            File.WriteAllBytes(Path.Combine(_folder, "last", "nanoota-app.bin"), SampleImages.Deployment(new AssemblyVersion(1, 0), 32 * 1024));
            Assert.True(AssemblyVersion.TryParse(version, out AssemblyVersion own));
            File.WriteAllBytes(Path.Combine(_folder, "nanoota-app.bin"), SampleImages.Deployment(own, 32 * 1024, seed: 1));
            string key = Path.Combine(_folder, "signing-key.pem");
            using var error = new StringWriter();
            Assert.Equal(0, CommandLine.Run(["keygen", "--out", key, "--bits", "2048"], TextWriter.Null, error, stop: TestContext.Current.CancellationToken));
            Assert.Equal(0, CommandLine.Run(["release", Path.Combine(_folder, "nanoota-app.bin"), "--version", version, "--layout", "esp32-4mb", "--key", key, "--out", Path.Combine(_folder, "releases")], TextWriter.Null, error, stop: TestContext.Current.CancellationToken));
            if (tamper)
            {
                string image = Directory.GetFiles(Path.Combine(_folder, "releases"), "*.bin", SearchOption.AllDirectories).Single();
                byte[] bytes = File.ReadAllBytes(image);
                bytes[bytes.Length / 2] ^= 1;
                File.WriteAllBytes(image, bytes);
            }

            return Run(Step("Update a fresh virtual device"));
        }

        // As the runner does: bash that ends at the first failure. Any free port, because tests run side by side.
        private Script Run(string step)
        {
            string tool = Path.Combine(_folder, "nanoota");
            File.WriteAllText(tool, $"#!/bin/sh\nexec dotnet exec '{typeof(CommandLine).Assembly.Location}' \"$@\"\n");
            Assert.Equal(0, Script.Run("chmod", ["+x", tool]).Code);
            string script = Path.Combine(_folder, "step.sh");
            File.WriteAllText(script, $"cd '{_folder}'\n{step.Replace("8099", RawDevice.FreePort().ToString(), StringComparison.Ordinal)}");
            return Script.Run("bash", ["--noprofile", "--norc", "-eo", "pipefail", script], new Dictionary<string, string>
            {
                ["PATH"] = $"{_folder}:{Environment.GetEnvironmentVariable("PATH")}",
                ["LAYOUT"] = "esp32-4mb",
                ["XDG_DATA_HOME"] = _folder,
            });
        }

        private static string Step(string name)
        {
            int start = _workflow.IndexOf($"- name: {name}\n", StringComparison.Ordinal);
            string[] lines = _workflow[_workflow.IndexOf("run: |\n", start, StringComparison.Ordinal)..].Split('\n')[1..];
            return string.Join('\n', lines.TakeWhile(line => line.Length == 0 || line.StartsWith("          ", StringComparison.Ordinal)).Select(line => line.Length > 10 ? line[10..] : "")) + "\n";
        }

        private static bool IsWellFormed(string call)
        {
            string[] words = [.. Regex.Matches(call, "\"([^\"]*)\"|(\\S+)").Select(match => match.Groups[1].Success ? match.Groups[1].Value : match.Groups[2].Value)];

            // The canary is a number that the runner puts there.
            return CommandLine.IsWellFormed([.. words.TakeWhile(word => word is not ("&&" or ">" or "&")).Select(word => word == "$CANARY" ? "5" : word)]);
        }

        [GeneratedRegex(@"(?m)^ +nanoota (.+)$")]
        private static partial Regex ToolCall();
    }
}
