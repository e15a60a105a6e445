extern alias StandIns;

using StandIns::nanoOta.StandIns;

namespace nanoOta.Samples.Tests
{
    /// <summary><c>device run --loader --app</c>: a developer's own loader and application on a PC, on a device with stock firmware.</summary>
    public sealed class AppCommandStockTests : IDisposable
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("nanoota-samples").FullName;
        private readonly TestServer _server = new(new BoardNetwork { AddressMilliseconds = 0 }, "updates.example");

        public AppCommandStockTests()
        {
            _server.Publish("washer/latest.json", "1.1.0", ("app", "1.1.0", StockBench.Image("1.1.0")));
            File.WriteAllText(PathOf("root.pem"), _server.Root);
            File.WriteAllBytes(PathOf("app.bin"), StockBench.Image("1.0.0"));
            Make("board", "stock-4mb", PathOf("app.bin"));
        }

        public void Dispose()
        {
            _server.Dispose();
            Directory.Delete(_folder, recursive: true);
        }

        [Fact]
        public void A_loader_runs_and_its_application_updates_itself()
        {
            (int code, string text) = Run("board");

            Assert.Equal(0, code);
            Assert.Contains("  boot: the loader\n", text);
            Assert.Contains("  | application 1.0.0 works\n", text);
            Assert.Contains("  | application 1.1.0 works\n", text);
            Assert.EndsWith("  1.1.0 runs, 1.1.0 is confirmed\n", text);
            Assert.Equal(["app.bin", "board", "root.pem"], Directory.GetFileSystemEntries(_folder).Select(Path.GetFileName).Order());
            Assert.Equal(["device.json", "device.lock", "drive.bin"], Directory.GetFiles(PathOf("board")).Select(Path.GetFileName).Order());

            // Nothing is left to do, and the drive has it all.
            (code, text) = Run("board");
            Assert.Equal(0, code);
            Assert.DoesNotContain("reboot", text);
            Assert.EndsWith("  1.1.0 runs, 1.1.0 is confirmed\n", text);
        }

        [Theory]
        [InlineData(3)]
        [InlineData(8)]
        [InlineData(9)]
        public void The_power_is_cut_at_a_change_of_the_drive_and_the_next_run_goes_on(int change)
        {
            (int code, string text) = Run("board", "--cut-after", $"{change}");
            Assert.Equal(9, code);
            Assert.EndsWith("  power cut\n", text);

            (code, text) = Run("board");
            Assert.Equal(0, code);
            Assert.EndsWith("  1.1.0 runs, 1.1.0 is confirmed\n", text);
        }

        [Fact]
        public void Each_version_runs_the_assembly_that_was_given_for_it()
        {
            string failing = SampleFile.Failing("StockApp", PathOf("failing"), new Version(1, 1, 0, 0)).Path;

            (int code, string text) = Run("board", "--app", failing);

            Assert.Equal(0, code);
            Assert.Contains($"  | update: last result {(int)ResultCode.SelfTestFailed}\n", text);
            Assert.EndsWith("  1.0.0 runs, 1.0.0 is confirmed\n", text);
        }

        [Fact]
        public void An_image_that_was_made_up_is_taken_for_the_application_and_one_of_another_name_is_named()
        {
            string image = PathOf("made.bin");
            Assert.Equal(0, Tool("image", "make", "--kind", "deployment", "--version", "1.0.0", "--size", "20000", "--out", image).Code);
            Make("made", "stock-4mb", image);
            Assert.EndsWith("  1.1.0 runs, 1.1.0 is confirmed\n", Run("made").Text);

            (int code, string text) = Tool("device", "run", "--state", PathOf("board"), "--ca", PathOf("root.pem"), "--loader", SampleFile.PathOf("StockLoader"), "--app", SampleFile.PathOf("LocalUpdate"));
            Assert.Equal(0, code);
            Assert.Contains("nanoota: the drive's application has no assembly of the name that --app gives (LocalUpdate), but StockApp: nothing of it ran.", text);
            Assert.EndsWith("  the loader runs without an application\n", text);
        }

        [Fact]
        public void A_loader_belongs_to_stock_firmware_and_stock_firmware_needs_one()
        {
            File.WriteAllBytes(PathOf("own.bin"), SampleBench.Image("1.0.0"));
            Make("own", "esp32-4mb", PathOf("own.bin"));
            Assert.Contains("which has no loader: leave out --loader.", Run("own").Text);
            (int code, string text) = Tool("device", "run", "--state", PathOf("board"), "--app", SampleFile.PathOf("StockApp"));
            Assert.Equal(2, code);
            Assert.Contains("is a device with stock firmware, where a loader runs and loads the application: name its assembly by --loader.", text);
            Assert.Contains("--loader goes with --app.", Tool("device", "run", "--state", PathOf("board"), "--loader", SampleFile.PathOf("StockLoader"), "--manifest-url", "http://127.0.0.1/latest.json").Text);
        }

        private string PathOf(string name) => Path.Combine(_folder, name);

        private void Make(string name, string layout, string image)
        {
            (int code, string text) = Tool("device", "new", "--state", PathOf(name), "--layout", layout, "--image", image);
            Assert.True(code == 0, text);
        }

        private (int Code, string Text) Run(string device, params string[] more)
        {
            return Tool(["device", "run", "--state", PathOf(device), "--ca", PathOf("root.pem"), "--loader", SampleFile.PathOf("StockLoader"), "--app", SampleFile.PathOf("StockApp"), .. more]);
        }

        private static (int Code, string Text) Tool(params string[] args)
        {
            var text = new StringWriter { NewLine = "\n" };
            int code = nanoOta.Tool.CommandLine.Run(args, text, text);
            return (code, text.ToString());
        }
    }
}
