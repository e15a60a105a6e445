using nanoOta.VirtualDevice;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.Tests.Devices
{
    /// <summary>
    /// Every result code, each provoked on a virtual device with the agent that ships. Whatever happens, the running version
    /// keeps running, confirmed, and the device comes to rest.
    /// </summary>
    public class RefusalTests
    {
        private const string Hash = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

        private static readonly Dictionary<ResultCode, Action<Bench>> _refusals = new()
        {
            [ResultCode.OfferMalformed] = b => b.Desired = """{"updateVersion":"1.1.0","updateShare":101}""",
            [ResultCode.OfferAmbiguous] = b => b.Desired = """{"updateVersion":"1.1.0","update":{"version":"1.1.0"}}""",
            [ResultCode.VersionMalformed] = b => b.Desired = """{"updateVersion":"1.1"}""",
            [ResultCode.UrlMissing] = b => b.Desired = """{"updateVersion":"1.1.0"}""",
            [ResultCode.UrlMalformed] = b => b.Desired = """{"updateVersion":"1.1.0","updateUrl":"ftp://files.example/"}""",
            [ResultCode.UrlTooLong] = b => b.Desired = $$"""{"updateVersion":"1.1.0","updateUrl":"https://files.example/{{new string('a', Url.MaxLength - 24)}}"}""",
            [ResultCode.HostNotAllowed] = b => b.Configure = o => o.AllowedHosts = ["other.example"],
            [ResultCode.InsecureTransport] = b => b.Desired = """{"updateVersion":"1.1.0","updateUrl":"http://files.example/firmware"}""",
            [ResultCode.ManifestMalformed] = b => Manifest(b, "{}x"),
            [ResultCode.ManifestTooLarge] = b => Manifest(b, new string(' ', 4097)),
            [ResultCode.SchemaUnknown] = b => Manifest(b, """{"schema":2,"version":"1.1.0"}"""),
            [ResultCode.ManifestVersionMismatch] = b => b.Desired = $$"""{"updateVersion":"1.2.0","updateUrl":"{{Renamed(b)}}"}""",
            [ResultCode.ComponentUnknown] = b => b.Publish("1.1.0", ("radio", "1.0.0", new byte[5000])),
            [ResultCode.WrongTarget] = b => b.Configure = o => o.Target = "ESP32_S3_ALL",
            [ResultCode.WrongProduct] = b => b.Configure = o => o.Product = "Washer",
            [ResultCode.NotNewer] = b => Older(b, ""),
            [ResultCode.CounterTooLow] = b => Older(b, "\"allowDowngrade\":true,\"counter\":0,"),
            [ResultCode.Expired] = b => b.Publish("1.1.0", "\"expires\":\"2026-11-20T11:59:59Z\",", ("deployment", "1.1.0", Bench.Deployment("1.1.0"))),
            [ResultCode.TooLarge] = b => b.Publish("1.1.0", ("deployment", "1.1.0", Bench.Deployment("1.1.0", 0x180004))),
            [ResultCode.RequirementUnmet] = b => Manifest(b, Component("\"requires\":{\"clr\":\"1.16.1\"},")),
            [ResultCode.EncryptionMalformed] = b => Encrypted(b, json => json.Replace("\"iv\"", "\"nonce\""), "group"),
            [ResultCode.EncryptionUnsupported] = b => Encrypted(b, json => json.Replace("A256CTR", "A256GCM"), "group"),
            [ResultCode.RecipientMissing] = b => Encrypted(b, json => json, "others"),
            [ResultCode.ContentKeyInvalid] = b => Encrypted(b, json => json, "group", 1),
            [ResultCode.Unreachable] = b => b.Server.OnOpen = (_, _) => ResultCode.Unreachable,
            [ResultCode.TimedOut] = b => b.Server.OnOpen = (_, _) => ResultCode.TimedOut,
            [ResultCode.ConnectionLost] = b => b.Server.OnRead = at => at >= 8000 ? ResultCode.ConnectionLost : ResultCode.None,
            [ResultCode.AccessDenied] = b => b.Server.OnOpen = (url, _) => url.EndsWith(".bin") ? ResultCode.AccessDenied : ResultCode.None,
            [ResultCode.NotFound] = b => b.Desired = b.Desired.Replace("1.1.0", "1.3.0"),
            [ResultCode.ServerBusy] = b => b.Server.OnOpen = (_, _) => ResultCode.ServerBusy,
            [ResultCode.ServerError] = b => b.Server.OnOpen = (_, _) => ResultCode.ServerError,
            [ResultCode.BadResponse] = b => b.Server.OnOpen = (_, _) => ResultCode.BadResponse,
            [ResultCode.RedirectRefused] = b => b.Server.OnOpen = (_, _) => ResultCode.RedirectRefused,
            [ResultCode.TooManyRedirects] = b => b.Server.OnOpen = (_, _) => ResultCode.TooManyRedirects,
            [ResultCode.RedirectTooLong] = b => b.Server.OnOpen = (_, _) => ResultCode.RedirectTooLong,
            [ResultCode.RangeMismatch] = b => b.Server.OnOpen = (url, _) => url.EndsWith(".bin") ? ResultCode.RangeMismatch : ResultCode.None,
            [ResultCode.FileChanged] = b => b.Server.OnOpen = (url, _) => url.EndsWith(".bin") ? ResultCode.FileChanged : ResultCode.None,
            [ResultCode.SizeMismatch] = b => b.Server.Put(Bench.Container + "v1_1_0.deployment.bin", Bench.Deployment("1.1.0", 20004)),
            [ResultCode.HashMismatch] = b => b.Server.Put(Bench.Container + "v1_1_0.deployment.bin", Bench.Deployment("1.1.0", 20000, 7)),
            [ResultCode.ReadBackMismatch] = b => b.Flash.Worn.Add((0x5A0000 / 4096) + 2),
            [ResultCode.ImageMalformed] = b => b.Publish("1.1.0", ("deployment", "1.1.0", [.. Bench.Deployment("1.1.0"), .. new byte[200]])),
            [ResultCode.WrongChip] = b => b.Publish("1.1.0", ("clr", "1.17.0", EspImageBuilder.Build(new EspImageSpec("1.17.0") { ChipId = 9 }, 8192))),
            [ResultCode.ImageVersionMismatch] = b => b.Publish("1.1.0", ("deployment", "1.1.0", Bench.Deployment("1.0.9"))),
            [ResultCode.NativesMismatch] = b => b.Publish("1.1.0", ("deployment", "1.1.0", NeedsNatives("1.1.0"))),
            [ResultCode.ActivationFailed] = b => Wear(b, 1),
            [ResultCode.JournalFailed] = b => Wear(b, 2, 3, 4, 5, 6, 7),
            [ResultCode.InternalError] = b => b.Server.OnOpen = (_, _) => throw new InvalidOperationException("planted"),
        };

        public static TheoryData<ResultCode> Codes => [.. _refusals.Keys];

        [Theory]
        [MemberData(nameof(Codes))]
        public void An_update_is_refused_with_its_code_and_the_running_version_stays(ResultCode code)
        {
            var bench = new Bench();
            bench.Publish("1.1.0", ("deployment", "1.1.0", Bench.Deployment("1.1.0")));
            bench.Desired = $$"""{"updateVersion":"1.1.0","updateUrl":"{{Bench.Container}}"}""";
            _refusals[code](bench);
            Assert.Equal(RunEnd.Settled, bench.Run());
            Assert.True(code == bench.Status.LastCode, string.Join("\n", bench.Log.Append($"{bench.Status.LastCode}")));
            Assert.Equal(("1.0.0", UpdateState.Idle, "ota_0/deploy_0", 0), (bench.Status.Current, bench.Status.State, bench.Status.Slot, bench.Device!.Reboots));
            Assert.False(bench.Device.Slots!.Record.HasTrial);
        }

        [Fact]
        public void A_slot_that_another_firmware_would_start_is_not_overwritten_before_that_is_undone_durably()
        {
            var bench = new Bench();
            bench.Publish("1.0.1", ("clr", "1.17.0", SampleImages.Esp32("1.17.0.0", 8192)), ("deployment", "1.0.1", Bench.Deployment("1.0.1")));
            bench.Publish("1.1.0", ("deployment", "1.1.0", Bench.Deployment("1.1.0")));
            bench.Request("1.0.1");
            Wear(bench, 0, 1);
            bench.Request("1.1.0");
            Assert.Equal((ResultCode.FlashFailed, "1.0.1", "ota_1/deploy_1"), (bench.Status.LastCode, bench.Status.Current, bench.Status.Slot));
            Assert.Equal(0, bench.Device!.Slots!.Record.DeployFor[0]);
            Assert.True(bench.Status.HasFallback);
        }

        private static void Manifest(Bench bench, string text)
        {
            bench.Server.Put(Bench.Container + "v1_1_0.json", System.Text.Encoding.UTF8.GetBytes(text));
        }

        private static string Component(string more)
        {
            return $$"""{"schema":1,"version":"1.1.0","components":[{"id":"deployment","version":"1.1.0","size":20000,{{more}}"sha256":"{{Hash}}","urls":["x.bin"]}]}""";
        }

        // The manifest of 1.1.0 where 1.2.0 should be.
        private static string Renamed(Bench bench)
        {
            bench.Server.Put("https://files.example/other/v1_2_0.json", System.Text.Encoding.UTF8.GetBytes(Component("")));
            return "https://files.example/other";
        }

        // For a group, by a key of zeros; the device has a key of this name.
        private static void Encrypted(Bench bench, Func<string, string> change, string name, byte first = 0)
        {
            string json = ImageEncryption.Encrypt(Bench.Deployment("1.1.0"), [EncryptionKey.Create("group", new byte[32])]).Json;
            bench.Configure = o => o.Decryption = new EncryptedImages(new ManagedAes(), [EncryptionKey.Create(name, [first, .. new byte[31]])]);
            Manifest(bench, Component($"\"encryption\":{change(json)},"));
        }

        private static void Older(Bench bench, string more)
        {
            bench.Publish("0.9.0", more, ("deployment", "0.9.0", Bench.Deployment("0.9.0")));
            bench.Desired = bench.Desired.Replace("1.1.0", "0.9.0");
        }

        private static byte[] NeedsNatives(string version)
        {
            int[] v = [.. version.Split('.').Select(int.Parse)];
            return DeploymentBuilder.Build([new AssemblySpec("App", new AssemblyVersion((ushort)v[0], (ushort)v[1], (ushort)v[2])) { NativeChecksum = 0x12345678 }], 8000);
        }

        // Wears sectors of ota_state: two for the slot record, six for the journal.
        private static void Wear(Bench bench, params int[] sectors)
        {
            bench.Flash.Worn.UnionWith(sectors.Select(sector => 0x12000 / 4096 + sector));
        }
    }
}
