using System.Text.Json.Nodes;
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
            Assert.Equal(9, calls.Length);
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

        [Fact]
        public void The_record_of_releases_goes_on_from_run_to_run_and_is_kept_before_anything_is_published()
        {
            string remote = Remote();
            for (int release = 1; release <= 2; release++)
            {
                Script run = Release($"1.{release}.0");
                Assert.True(run.Code == 0, run.Output + run.Error);
            }

            Script show = Script.Run("git", ["-C", remote, "show", "nanoota-record:releases.json"]);
            JsonArray releases = JsonNode.Parse(show.Output)!["releases"]!.AsArray();
            Assert.Equal([("1.1.0", 1), ("1.2.0", 2)], releases.Select(release => ((string)release!["version"]!, (int)release["counter"]!)));
            Assert.Equal("releases.json", Script.Run("git", ["-C", remote, "ls-tree", "-r", "--name-only", "nanoota-record"]).Output.Trim());

            // The job run again: the same bytes, and no other counter.
            Script again = Release("1.2.0");
            Assert.True(again.Code == 0, again.Output + again.Error);
            Assert.Contains("The record has 1.2.0 already", again.Output);
        }

        [Theory]
        [InlineData(false)]
        [InlineData(true)]
        public void A_release_has_a_counter_above_those_of_the_container_that_the_record_does_not_know(bool isSigned)
        {
            string remote = Remote();
            Directory.CreateDirectory(Path.Combine(_folder, "container", "back-6"));
            string back = Path.Combine(_folder, "container", "back-6", "v1_0_0.");
            File.WriteAllText(back + "json", Manifest(6));
            if (isSigned)
            {
                string key = Path.Combine(_folder, "back.pem");
                Assert.Equal(0, CommandLine.Run(["keygen", "--out", key, "--bits", "2048"], TextWriter.Null, TextWriter.Null, stop: TestContext.Current.CancellationToken));
                Assert.Equal(0, CommandLine.Run(["sign", back + "json", "--key", key, "--out", back + "jws"], TextWriter.Null, TextWriter.Null, stop: TestContext.Current.CancellationToken));
                File.Delete(back + "json");
            }

            // As the Azure CLI does it with the container's address as the source.
            File.WriteAllText(Path.Combine(_folder, "az"), "#!/bin/sh\n[ \"$*\" = \"storage blob download-batch --source https://fleet7ota.example/firmware --destination published --pattern $9 --auth-mode login --no-progress\" ] || exit 64\ncd container && find . -name \"$9\" -exec cp --parents {} ../published \\;\n");
            Assert.Equal(0, Script.Run("chmod", ["+x", Path.Combine(_folder, "az")]).Code);
            Script fetch = Run(Step("Fetch the manifests that are published"), new Dictionary<string, string> { ["CONTAINER"] = "https://fleet7ota.example/firmware" });
            Assert.True(fetch.Code == 0, fetch.Output + fetch.Error);
            Script run = Release("1.1.0");
            Assert.True(run.Code == 0, run.Output + run.Error);
            Script show = Script.Run("git", ["-C", remote, "show", "nanoota-record:releases.json"]);
            Assert.Equal(7, (int)JsonNode.Parse(show.Output)!["releases"]![0]!["counter"]!);
        }

        [Fact]
        public void A_record_that_cannot_be_fetched_is_not_taken_for_an_empty_one()
        {
            Directory.Delete(Remote(), recursive: true);
            Assert.NotEqual(0, Release("1.1.0").Code);
            Assert.False(Directory.Exists(Path.Combine(_folder, "run", "releases")));
        }

        [Fact]
        public void An_empty_signing_key_is_said_to_be_empty_and_the_key_leaves_no_file()
        {
            Remote();
            Script empty = Release("1.1.0", key: "");
            Assert.NotEqual(0, empty.Code);
            Assert.Contains("SIGNING_KEY is empty", empty.Output);
            Assert.Equal(0, Release("1.1.0").Code);
            Assert.Empty(Directory.GetFiles(Path.Combine(_folder, "temp")));
        }

        [Fact]
        public void The_signing_key_and_the_sign_in_to_Azure_are_never_in_one_job_and_no_job_has_more_rights_than_it_needs()
        {
            string[] jobs = Regex.Split(_workflow[_workflow.IndexOf("\njobs:\n", StringComparison.Ordinal)..], @"(?m)^  (?=[a-z]+:\n)")[1..];
            Assert.Equal(["build", "rehearse", "counters", "release", "deploy"], jobs.Select(job => job.Split(':')[0]));
            Assert.Equal([false, false, false, true, false], jobs.Select(job => job.Contains("secrets.SIGNING_KEY", StringComparison.Ordinal)));
            Assert.Equal([false, false, true, false, true], jobs.Select(job => job.Contains("secrets.AZURE", StringComparison.Ordinal)));
            Assert.Equal([false, false, true, false, true], jobs.Select(job => job.Contains("id-token: write", StringComparison.Ordinal)));
            Assert.Equal([false, false, true, false, true], jobs.Select(job => job.Contains("environment: release", StringComparison.Ordinal)));
            Assert.Equal([false, false, false, true, false], jobs.Select(job => job.Contains("contents: write", StringComparison.Ordinal)));
            Assert.Contains("\npermissions: {}\n", _workflow);
        }

        private static string Manifest(uint counter)
        {
            return $$"""{"schema":1,"version":"1.0.0","counter":{{counter}},"allowDowngrade":true,"target":"ESP32_REV0","components":[{"id":"deployment","version":"1.0.0","size":4,"sha256":"{{new string('0', 64)}}","urls":["../v1_0_0.bin"]}]}""";
        }

        // A repository as the runner finds it, under a server's address.
        private string Remote()
        {
            string remote = Path.Combine(_folder, "server", "contoso", "washer");
            Assert.Equal(0, Script.Run("git", ["init", "--quiet", "--bare", remote]).Code);
            return remote;
        }

        // The three steps of the job "release", in a folder of their own, as each run has one.
        private Script Release(string version, string? key = null)
        {
            string folder = Path.Combine(_folder, "run");
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }

            // The artifact of the job before: what it found in the container.
            Directory.CreateDirectory(Path.Combine(folder, "published"));
            if (Directory.Exists(Path.Combine(_folder, "published")))
            {
                Script.Run("cp", ["-r", Path.Combine(_folder, "published"), folder]);
            }

            Directory.CreateDirectory(Path.Combine(_folder, "temp"));
            Assert.True(AssemblyVersion.TryParse(version, out AssemblyVersion own));
            File.WriteAllBytes(Path.Combine(folder, "nanoota-app.bin"), SampleImages.Deployment(own, 32 * 1024, seed: 1));
            string pem = Path.Combine(_folder, "key.pem");
            if (!File.Exists(pem))
            {
                Assert.Equal(0, CommandLine.Run(["keygen", "--out", pem, "--bits", "2048"], TextWriter.Null, TextWriter.Null, stop: TestContext.Current.CancellationToken));
            }

            // Each step is a shell of its own.
            string steps = string.Join('\n', new[] { "Fetch the record", "Release and sign", "Keep the record" }.Select(name => $"(\n{Step(name)})"));
            return Run($"cd run\n{steps}\n", new Dictionary<string, string>
            {
                ["SIGNING_KEY"] = key ?? File.ReadAllText(pem),
                ["VERSION"] = version,
                ["RUNNER_TEMP"] = Path.Combine(_folder, "temp"),
                ["GITHUB_SERVER_URL"] = "file://" + Path.Combine(_folder, "server"),
                ["GITHUB_REPOSITORY"] = "contoso/washer",
                ["GH_TOKEN"] = "none",
                ["HOME"] = _folder,
            });
        }

        private Script Rehearse(string version, bool tamper = false)
        {
            Directory.CreateDirectory(Path.Combine(_folder, "last"));
            File.WriteAllBytes(Path.Combine(_folder, "last", "nanoota-app.bin"), SampleImages.Deployment(new AssemblyVersion(1, 0), 32 * 1024));
            Assert.True(AssemblyVersion.TryParse(version, out AssemblyVersion own));
            File.WriteAllBytes(Path.Combine(_folder, "nanoota-app.bin"), SampleImages.Deployment(own, 32 * 1024, seed: 1));
            string key = Path.Combine(_folder, "rehearsal.pem");
            using var error = new StringWriter();
            Assert.Equal(0, CommandLine.Run(["keygen", "--out", key, "--bits", "2048"], TextWriter.Null, error, stop: TestContext.Current.CancellationToken));
            Assert.Equal(0, CommandLine.Run(["release", Path.Combine(_folder, "nanoota-app.bin"), "--version", version, "--layout", "esp32-4mb", "--key", key, "--out", Path.Combine(_folder, "rehearsal")], TextWriter.Null, error, stop: TestContext.Current.CancellationToken));
            if (tamper)
            {
                string image = Directory.GetFiles(Path.Combine(_folder, "rehearsal"), "*.bin", SearchOption.AllDirectories).Single();
                byte[] bytes = File.ReadAllBytes(image);
                bytes[bytes.Length / 2] ^= 1;
                File.WriteAllBytes(image, bytes);
            }

            return Run(Step("Update a fresh virtual device"));
        }

        // As the runner does: bash that ends at the first failure. Any free port, because tests run side by side.
        private Script Run(string step, Dictionary<string, string>? more = null)
        {
            string tool = Path.Combine(_folder, "nanoota");
            File.WriteAllText(tool, $"#!/bin/sh\nexec dotnet exec '{typeof(CommandLine).Assembly.Location}' \"$@\"\n");
            Assert.Equal(0, Script.Run("chmod", ["+x", tool]).Code);
            string script = Path.Combine(_folder, "step.sh");
            File.WriteAllText(script, $"cd '{_folder}'\n{step.Replace("8099", RawDevice.FreePort().ToString(), StringComparison.Ordinal)}");
            return Script.Run("bash", ["--noprofile", "--norc", "-eo", "pipefail", script], new Dictionary<string, string>(more ?? [])
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
