extern alias StandIns;

using StandIns::nanoOta.StandIns;

namespace nanoOta.Samples.Tests
{
    /// <summary><c>device run --app</c>: a developer's own Main on a PC.</summary>
    public sealed class AppCommandTests : IDisposable
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("nanoota-samples").FullName;
        private readonly TestServer _server = new(new BoardNetwork { AddressMilliseconds = 0 }, "updates.example");

        public AppCommandTests()
        {
            _server.Publish("washer/latest.json", "1.1.0", ("deployment", "1.1.0", SampleBench.Image("1.1.0")));
            File.WriteAllText(PathOf("root.pem"), _server.Root);
            File.WriteAllBytes(PathOf("app.bin"), SampleBench.Image("1.0.0"));
            Assert.Equal(0, Tool("device", "new", "--state", PathOf("board"), "--layout", "esp32-4mb", "--image", PathOf("app.bin")).Code);
        }

        public void Dispose()
        {
            _server.Dispose();
            Directory.Delete(_folder, recursive: true);
        }

        [Fact]
        public void An_application_runs_and_updates_its_device()
        {
            (int code, string text) = Run("--app", SampleFile.PathOf("LocalUpdate"));

            Assert.Equal(0, code);
            Assert.Contains("  boot: application 1.0.0.0 from deploy_0\n", text);
            Assert.Contains("  | update: 1.0.0 runs, rebooting, 100 %\n", text);
            Assert.Contains("  boot: application 1.1.0.0 from deploy_1, on trial\n", text);
            Assert.EndsWith("  1.1.0 runs, 1.1.0 is confirmed\n", text);
        }

        [Fact]
        public void The_power_is_cut_and_the_next_run_goes_on()
        {
            (int code, string text) = Run("--app", SampleFile.PathOf("LocalUpdate"), "--cut-after", "25");
            Assert.Equal(9, code);
            Assert.EndsWith("  power cut\n", text);

            (code, text) = Run("--app", SampleFile.PathOf("LocalUpdate"));
            Assert.Equal(0, code);
            Assert.EndsWith("  1.1.0 runs, 1.1.0 is confirmed\n", text);
        }

        [Fact]
        public void Each_version_runs_the_assembly_that_was_given_for_it()
        {
            string failing = SampleFile.Failing("LocalUpdate", PathOf("failing"), new Version(1, 1, 0, 0)).Path;

            (int code, string text) = Run("--app", SampleFile.PathOf("LocalUpdate"), "--app", failing);

            Assert.Equal(0, code);
            Assert.Contains("  | update: 1.1.0 runs, reverting, 0 %\n", text);
            Assert.Contains("  | update: last result 700\n", text);
            Assert.EndsWith("  1.0.0 runs, as the factory installed it\n", text);
        }

        [Theory]
        [InlineData("root.pem", "is not an assembly")]
        [InlineData("gone.dll", "cannot read")]
        public void What_is_no_application_is_said_so(string file, string sentence)
        {
            (int code, string text) = Run("--app", PathOf(file));

            Assert.Equal(2, code);
            Assert.Contains(sentence, text);
        }

        [Fact]
        public void A_library_is_no_application()
        {
            (int code, string text) = Run("--app", Path.Combine(AppContext.BaseDirectory, "nanoOta.dll"));

            Assert.Equal(2, code);
            Assert.Contains("has no static void Main(): it is a library.", text);
        }

        [Fact]
        public void An_application_has_its_own_channel()
        {
            (int code, string text) = Run("--app", SampleFile.PathOf("LocalUpdate"), "--manifest-url", "http://127.0.0.1/latest.json");

            Assert.Equal(2, code);
            Assert.Contains("--app brings its own channel", text);
        }

        private string PathOf(string name) => Path.Combine(_folder, name);

        private (int Code, string Text) Run(params string[] more) => Tool(["device", "run", "--state", PathOf("board"), "--ca", PathOf("root.pem"), .. more]);

        private static (int Code, string Text) Tool(params string[] args)
        {
            var text = new StringWriter { NewLine = "\n" };
            int code = nanoOta.Tool.CommandLine.Run(args, text, text);
            return (code, text.ToString());
        }
    }
}
