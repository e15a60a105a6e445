using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using nanoOta.VirtualDevice.Cloud;

namespace nanoOta.Mcu.Tests
{
    /// <summary><c>device run</c> with what is attached to a device.</summary>
    public sealed class DeviceRunTests : IDisposable
    {
        private const string Own = "samples/OwnModule/bin/Release/net10.0/device/OwnModule.dll";

        private readonly string _folder = Directory.CreateTempSubdirectory("nanoota-tests").FullName;
        private readonly FileServer _server;

        public DeviceRunTests()
        {
            _server = new FileServer(FileServer.Folder(_folder));
        }

        public void Dispose()
        {
            _server.Dispose();
            Directory.Delete(_folder, recursive: true);
        }

        [Fact]
        public void An_MCU_and_a_file_are_updated_and_keep_it()
        {
            string device = Device();
            File.WriteAllText(PathOf("root.pem"), "old");
            Done("image", "make", "--kind", "mcuboot", "--version", "1.1.0", "--size", "30000", "--out", PathOf("mcu.bin"));
            Publish("1.1.0", ("mcu", "1.1.0", File.ReadAllBytes(PathOf("mcu.bin"))), ("ca", "2.0.0", "new certificate"u8.ToArray()));

            (int code, string text) = Run(device, "--with", "mcu", "--with", $"file=ca:{PathOf("root.pem")}");

            Assert.Equal(0, code);
            Assert.Contains("component \"mcu\":{\"state\":\"idle\",\"version\":\"1.1.0\"}, the MCU runs 1.1.0", text);
            Assert.Contains(@"component ""ca"":{""state"":""idle"",""version"":""2.0.0""}, I:\ca.1 with 15 bytes", text);
            (_, string again) = Run(device, "--with", "mcu", "--with", $"file=ca:{PathOf("root.pem")}");
            Assert.Contains("the MCU runs 1.1.0", again);
            Assert.Contains(@"I:\ca.1 with 15 bytes", again);
        }

        [Fact]
        public void A_cut_anywhere_is_gone_on_from()
        {
            Done("image", "make", "--kind", "mcuboot", "--version", "1.1.0", "--size", "9000", "--out", PathOf("mcu.bin"));
            Publish("1.1.0", ("mcu", "1.1.0", File.ReadAllBytes(PathOf("mcu.bin"))));
            foreach (int cut in new[] { 3, 40, 60, 80 })
            {
                string device = Device();
                (int code, string text) = Run(device, "--with", "mcu", "--cut-after", $"{cut}");
                Assert.Equal(9, code);
                Assert.Contains($"operation {cut}", text);

                (code, text) = Run(device, "--with", "mcu");
                Assert.Equal(0, code);
                Assert.Contains("the MCU runs 1.1.0", text);
            }
        }

        [Fact]
        public void A_users_own_module_is_loaded_from_its_assembly_and_survives_a_cut_at_each_operation()
        {
            string assembly = Path.Combine(Repository(), Own);
            Publish("1.1.0", ("colors", "1.1.0", [1, 2, 3, 4, 5, 6]));
            for (int cut = 1; ; cut++)
            {
                string device = Device();
                (int code, _) = Run(device, "--module", assembly, "--cut-after", $"{cut}");
                if (code == 0)
                {
                    Assert.InRange(cut, 10, 60);
                    break;
                }

                Assert.Equal(9, code);
                (code, string text) = Run(device, "--module", assembly);
                Assert.Equal(0, code);
                Assert.Contains("\"colors\":{\"state\":\"idle\",\"version\":\"1.1.0\"}", text);
            }
        }

        [Fact]
        public void What_the_users_module_refuses_is_refused()
        {
            Publish("1.1.0", ("colors", "1.1.0", [1, 2, 3, 4]));

            (int code, string text) = Run(Device(), "--module", Path.Combine(Repository(), Own));

            Assert.Equal(3, code);
            Assert.Contains("ImageMalformed", text);
        }

        [Theory]
        [InlineData("motor", "--with motor is not known: give mcu, or file=ID:PATH.")]
        [InlineData("file=ca", "--with file=ca is not known: give mcu, or file=ID:PATH.")]
        [InlineData("file=:x", "--with file=:x is not known: give mcu, or file=ID:PATH.")]
        [InlineData("file=ca:", "--with file=ca: is not known: give mcu, or file=ID:PATH.")]
        public void What_is_not_known_is_said(string with, string sentence)
        {
            Publish("1.1.0", ("mcu", "1.1.0", [1]));

            (int code, string text) = Run(Device(), "--with", with);

            Assert.Equal(2, code);
            Assert.Contains(sentence, text);
        }

        [Fact]
        public void An_assembly_without_a_module_is_said_so()
        {
            Publish("1.1.0", ("mcu", "1.1.0", [1]));
            string device = Device();

            (int code, string text) = Run(device, "--module", Path.Combine(Repository(), "samples/OwnModule/bin/Release/net10.0/device/nanoOta.dll"));
            Assert.Equal(2, code);
            (code, text) = Run(device, "--module", Path.Combine(Repository(), "src/nanoOta.Signing/bin/Release/net10.0/device/nanoOta.Signing.dll"));
            Assert.Equal(2, code);
            Assert.Contains("has no module: a public class that derives from UpdateModule", text);
            (code, text) = Run(device, "--module", PathOf("twin.json"));
            Assert.Equal(2, code);
            Assert.Contains("cannot be loaded", text);
        }

        private string PathOf(string name) => Path.Combine(_folder, name);

        private string Device()
        {
            string folder = PathOf($"device{Directory.GetDirectories(_folder).Length}");
            if (!File.Exists(PathOf("app.bin")))
            {
                Done("image", "make", "--kind", "deployment", "--version", "1.0.0", "--size", "40000", "--out", PathOf("app.bin"));
            }

            Done("device", "new", "--state", folder, "--layout", "esp32-4mb", "--image", PathOf("app.bin"));
            return folder;
        }

        private void Publish(string version, params (string Id, string Version, byte[] Image)[] components)
        {
            IEnumerable<string> listed = components.Select(one =>
            {
                File.WriteAllBytes(PathOf($"{one.Id}-{version}"), one.Image);
                return $$"""{"id":"{{one.Id}}","version":"{{one.Version}}","size":{{one.Image.Length}},"sha256":"{{Convert.ToHexStringLower(SHA256.HashData(one.Image))}}","urls":["{{one.Id}}-{{version}}"]}""";
            });
            File.WriteAllText(PathOf($"{SemanticVersion.Parse(version).FileStem}.json"), $$"""{"schema":1,"version":"{{version}}","components":[{{string.Join(',', listed)}}]}""");
            File.WriteAllText(PathOf("twin.json"), $$"""{"updateVersion":"{{version}}","updateUrl":"{{_server.Url}}"}""");
        }

        private (int Code, string Text) Run(string device, params string[] more)
        {
            return Tool(["device", "run", "--state", device, "--twin", PathOf("twin.json"), .. more]);
        }

        private static void Done(params string[] args)
        {
            (int code, string text) = Tool(args);
            Assert.True(code == 0, text);
        }

        private static (int Code, string Text) Tool(string[] args)
        {
            var text = new StringWriter { NewLine = "\n" };
            int code = nanoOta.Tool.CommandLine.Run(args, text, text);
            return (code, text.ToString());
        }

        private static string Repository([CallerFilePath] string path = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "../.."));
    }
}
