using System.Text;
using System.Text.Json.Nodes;
using nanoOta.Tests.Tool;
using nanoOta.Tool;
using nanoOta.Tool.Reports;
using nanoOta.VirtualDevice;
using nanoOta.VirtualDevice.Flash;
using nanoOta.VirtualDevice.Images;
using nanoOta.VirtualDevice.PowerFail;
using nanoOta.VirtualDevice.Slots;

namespace nanoOta.Tests.PowerFail
{
    /// <summary>The report of power-fail tests, and the page that holds their figures.</summary>
    public sealed class ReportTests : IDisposable
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("nanoota").FullName;

        public void Dispose()
        {
            Directory.Delete(_folder, recursive: true);
        }

        [Theory]
        [InlineData("self-test", "esp32-8mb")]
        [InlineData("adu-cancel", "esp32-8mb")]
        [InlineData("cancel", "stock-4mb")]
        public void Two_runs_with_the_same_seed_give_the_same_report_and_another_seed_gives_another(string scenario, string layout)
        {
            string first = Report(scenario, layout, seed: 3);
            Assert.Equal(first, Report(scenario, layout, seed: 3));
            Assert.NotEqual(StatesHash(first), StatesHash(Report(scenario, layout, seed: 4)));
        }

        [Fact]
        public void The_report_says_what_ran_and_what_came_of_it()
        {
            JsonNode report = JsonNode.Parse(Report("deployment", "esp32-4mb", seed: 3))!;
            Assert.Equal(("model", "", 3, 5), ((string?)report["core"], (string?)report["sanitizers"], (int)report["seed"]!, (int)report["pairs"]!));
            Assert.Equal(((string?)report["tool"], true), ((string?)report["library"], report["tool"] != null));
            JsonNode only = Assert.Single(report["scenarios"]!.AsArray())!;
            Assert.Equal(("deployment", "esp32-4mb", 0), ((string?)only["scenario"], (string?)only["layout"], (int)only["failures"]!));
            Assert.Equal((int)only["cuts"]!, (int)report["total"]!["cuts"]!);
            Assert.Equal((string?)only["statesHash"], (string?)report["total"]!["statesHash"]);
            Assert.Matches("^[0-9a-f]{64}$", (string?)only["statesHash"]);
        }

        // It is found, and the flash goes through other states.
        [Fact]
        public void A_planted_defect_changes_the_report()
        {
            ScenarioResult good = Run(core => core);
            ScenarioResult bad = Run(core => new KeepsTail(core));
            Assert.Equal(good.StatesHash, Run(core => new DefectiveSlots(core)).StatesHash);
            Assert.NotEqual(good.StatesHash, bad.StatesHash);
            Assert.NotEqual(ToReport(good), ToReport(bad));
            Assert.NotEmpty(bad.Failures);
        }

        [Fact]
        public void The_state_of_a_flash_is_its_bytes_and_which_bits_are_unstable()
        {
            var flash = new NorFlash(8 * NorFlash.BlockLength);
            NorFlash other = flash.Copy();
            string blank = Hash(flash);
            flash.Program(NorFlash.BlockLength, [0xFF, 0xFF]);
            Assert.Equal(blank, Hash(flash));
            flash.Program(NorFlash.BlockLength, [0x7F]);
            string programmed = Hash(flash);
            Assert.NotEqual(blank, programmed);
            Cut(other, [0x7F], TearKind.All);
            Assert.Equal(programmed, Hash(other));
            flash.Erase(NorFlash.BlockLength);
            Assert.Equal(blank, Hash(flash));
            Cut(flash, [0x7F], TearKind.Unstable);
            Assert.DoesNotContain(Hash(flash), new[] { blank, programmed });
            Assert.NotEqual(blank, Hash(new NorFlash(4 * NorFlash.BlockLength)));
        }

        private static void Cut(NorFlash flash, byte[] bytes, TearKind kind)
        {
            flash.CutAt = flash.Operations + 1;
            flash.Tear = new Tear(kind, 1);
            Assert.ThrowsAny<Exception>(() => flash.Program(NorFlash.BlockLength, bytes));
            flash.PowerOn();
        }

        private static string Hash(NorFlash flash)
        {
            return Convert.ToHexString(flash.StateHash());
        }

        private static string StatesHash(string report)
        {
            return (string)JsonNode.Parse(report)!["total"]!["statesHash"]!;
        }

        private static ScenarioResult Run(Func<ISlotCore, IFirmwareSlots> wrap)
        {
            return new Campaign(Scenarios.All.First(s => s.Name == "new-offer"), FlashLayouts.Find("esp32-4mb")!)
            {
                MakeWorld = (s, layout, cuts) => new World(s, layout, cuts) { WrapSlots = wrap },
            }.Run(pairs: 0, seed: 1);
        }

        private static string ToReport(ScenarioResult result)
        {
            var figures = new PowerFailFigures();
            figures.Add(result);
            return Encoding.UTF8.GetString(figures.ToReport(new PowerFailOptions(0, 1, CoreKind.Model)));
        }

        private string Report(string scenario, string layout, int seed)
        {
            string file = Path.Combine(_folder, "report.json");
            ToolResult result = ToolResult.Of("powerfail", "--scenario", scenario, "--layout", layout, "--pairs", "5", "--seed", $"{seed}", "--core", "model", "--report", file);
            Assert.Equal((0, ""), (result.ExitCode, result.Error));
            return File.ReadAllText(file);
        }
    }
}
