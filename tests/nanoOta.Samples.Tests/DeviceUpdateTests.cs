using System.Text.Json.Nodes;
using Mono.Cecil;
using Mono.Cecil.Cil;
using nanoOta.VirtualDevice.Applications;

namespace nanoOta.Samples.Tests
{
    /// <summary>
    /// The sample trusts the keys of Azure's production service, with which nobody else can sign. So the library's text of one of them is
    /// replaced by that of a test key; nothing else of it is changed, nor of the sample.
    /// </summary>
    public sealed class DeviceUpdateTests : IDisposable
    {
        private const string Library = "nanoOta.DeviceUpdate.dll";

        private readonly TwinBench _twin = new("DeviceUpdate", "esp32-4mb", "washer-30aea4cc1234");

        public DeviceUpdateTests()
        {
            string image = PathOf("app.bin");
            File.WriteAllBytes(image, SampleBench.Image("1.1.0"));
            Bench.Server.Put("firmware/app.bin", SampleBench.Image("1.1.0"));
            Tool("adu", "import-manifest", image, "--provider", "Contoso", "--name", "Washer", "--version", "1.1.0", "--compat", "manufacturer=Contoso", "model=Washer", "--out", PathOf("washer.importmanifest.json"));
            Tool("adu", "request", PathOf("washer.importmanifest.json"), "--url", "https://account.blob.core.windows.net/firmware", "--keys", PathOf("keys"), "--out", PathOf("twin.json"));
            TrustTestKey();
            Directory.CreateDirectory(PathOf("shipped"));
            File.Copy(SampleFile.PathOf("DeviceUpdate"), PathOf("shipped/DeviceUpdate.dll"));
            Bench.Use("1.0.0", ApplicationFile.Read(PathOf("shipped/DeviceUpdate.dll")));
            Bench.Use("1.1.0", ApplicationFile.Read(PathOf("shipped/DeviceUpdate.dll")));
            _twin.Cloud.ReplaceDesired(File.ReadAllText(PathOf("twin.json")));
        }

        private SampleBench Bench => _twin.Bench;

        private JsonNode? Agent => JsonNode.Parse(_twin.Cloud.Twin.Text)!["reported"]!["deviceUpdate"]?["agent"];

        public void Dispose() => _twin.Dispose();

        [Fact]
        public void Main_follows_a_deployment_to_a_confirmed_version_and_reports_it()
        {
            Bench.RunUntil(() => (string?)Agent?["installedUpdateId"] is { } id && id.Contains("1.1.0"));

            Assert.Equal(("1.1.0", "1.1.0", 1), (Bench.Device.Version, Bench.Device.Confirmed, Bench.Device.Reboots));
            Assert.Equal(700, (int?)Agent?["lastInstallResult"]?["resultCode"]);
            Assert.Empty(Bench.Device.Uncaught);
            Bench.HasPrintedWhatItsReadmeShows();
        }

        [Fact]
        public void A_version_whose_pump_does_not_answer_is_rolled_back_and_reported()
        {
            Bench.Break("1.1.0");

            Bench.RunUntil(() => _twin.Cloud.Reports.Any(report => report.Contains("\"state\":255", StringComparison.Ordinal)));

            Assert.Equal(("1.0.0", 2), (Bench.Device.Version, Bench.Device.Reboots));
            Assert.DoesNotContain(_twin.Cloud.Reports, report => report.Contains("\"resultCode\":700", StringComparison.Ordinal));
            Assert.DoesNotContain("1.1.0", (string?)Agent?["installedUpdateId"] ?? "");
        }

        [Fact]
        public void Without_a_network_at_the_start_it_is_updated_once_there_is_one()
        {
            Bench.Network.IsThere = false;
            Bench.RunUntilPrinted("network: not yet");
            Bench.Network.IsThere = true;

            Bench.RunUntil(() => Bench.Device.Confirmed == "1.1.0");
        }

        private string PathOf(string name) => Path.Combine(Bench.Folder, name);

        private void TrustTestKey()
        {
            (string id, JsonNode? key) = JsonNode.Parse(File.ReadAllText(PathOf("keys/root-keys.json")))!.AsObject().Single();
            using ModuleDefinition module = ModuleDefinition.ReadModule(Path.Combine(AppContext.BaseDirectory, Library));
            TypeDefinition keys = module.GetType("nanoOta.RootKeys");
            var texts = keys.Methods.Where(method => method.HasBody).SelectMany(method => method.Body.Instructions).Where(one => one.OpCode == OpCodes.Ldstr).ToList();
            Instruction name = texts.Single(one => (string)one.Operand == "ADU.200702.R");
            name.Operand = id;
            name.Next.Operand = (string)key!["n"]!;
            module.Write(PathOf(Library));
        }

        private static void Tool(params string[] args)
        {
            var text = new StringWriter();
            int code = nanoOta.Tool.CommandLine.Run(args, text, text);
            Assert.True(code == 0, text.ToString());
        }
    }
}
