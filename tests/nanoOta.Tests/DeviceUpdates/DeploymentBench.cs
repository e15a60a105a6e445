using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using nanoOta.Tests.Azure;
using nanoOta.Tests.Devices;
using nanoOta.VirtualDevice;
using nanoOta.VirtualDevice.Cloud;

namespace nanoOta.Tests.DeviceUpdates
{
    /// <summary>A virtual device on a hub, and the service's side of Device Update: it signs and deploys, and reads what is reported.</summary>
    internal sealed class DeploymentBench
    {
        public const string Files = "http://contoso--du.b.nlu.dl.adu.microsoft.com/westus2/contoso--du/";
        public const string First = "workflow-1";

        private bool _stop;

        /// <param name="combined">Whether plain update requests are heard as well.</param>
        public DeploymentBench(bool combined = false)
        {
            DeviceCloud.Hub = Hub;
            Options = new DeviceUpdateOptions { Manufacturer = "Contoso", Model = "Washer", RootKeys = Service.Roots() };
            Device.Configure = options => options.Verifier = combined ? null : RefuseAll.Instance;
            Device.MakeChannel = options =>
            {
                Connection = new HubConnection(options, () => new DeviceClient(ClientBench.Host, "virtual", ClientBench.Key));
                TwinChannel? plain = combined ? new TwinChannel(options, Connection) : null;
                Channel = new DeviceUpdateChannel(options, Options, Connection);
                return plain == null ? Channel : new CombinedChannel(plain, Channel);
            };
        }

        public LocalHub Hub { get; } = new(ClientBench.Host, "virtual", ClientBench.Key);

        public Bench Device { get; } = new();

        public DeviceUpdateOptions Options { get; }

        public HubConnection? Connection { get; private set; }

        public DeviceUpdateChannel? Channel { get; private set; }

        public JsonNode Agent => JsonNode.Parse(Hub.Twin.Text)!["reported"]!["deviceUpdate"]!["agent"]!;

        public JsonNode Reported => JsonNode.Parse(Hub.Twin.Text)!["reported"]!;

        /// <summary>The version that the service takes for installed.</summary>
        public string? Installed => (string?)JsonNode.Parse((string)Agent["installedUpdateId"]!)!["version"];

        /// <summary>What was reported to Device Update, in words.</summary>
        public string[] Told => [.. Hub.Reports.Select(report => JsonNode.Parse(report)!["deviceUpdate"]).Where(part => part != null).Select(part => Words(part!))];

        public static string Manifest(string version, byte[] image, string step = "", string compatibility = """{"manufacturer":"Contoso","model":"Washer"}""", string handler = "nanoota/image:1", string provider = "Contoso")
        {
            step = step.Length == 0 ? "" : $",\"handlerProperties\":{{{step}}}";
            return $$"""{"manifestVersion":"5","updateId":{"provider":"{{provider}}","name":"Washer","version":"{{version}}"},"compatibility":[{{compatibility}}],"instructions":{"steps":[{"handler":"{{handler}}","files":["f1"]{{step}}}]},"files":{"f1":{"fileName":"washer.bin","sizeInBytes":{{image.Length}},"hashes":{"sha256":"{{Convert.ToBase64String(SHA256.HashData(image))}}"}{{"}}"}},"createdDateTime":"2026-11-20T12:00:00Z"}""";
        }

        /// <summary>A request as a patch of the desired properties.</summary>
        public static string Request(string manifest, string id = First, string? retry = null, string? signature = null, string url = Files + "f1.bin", string more = "")
        {
            var service = new JsonObject
            {
                ["workflow"] = new JsonObject { ["action"] = 3, ["id"] = id },
                ["updateManifest"] = manifest,
                ["updateManifestSignature"] = signature ?? Service.Sign(manifest),
                ["fileUrls"] = new JsonObject { ["f1"] = url },
            };
            if (retry != null)
            {
                service["workflow"]!["retryTimestamp"] = retry;
            }

            // As hubs write it: the client cannot read \u002B, a plus.
            string text = service.ToJsonString(new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
            return $$"""{"deviceUpdate":{"__t":"c","service":{{text[..^1]}}{{more}}{{"}}}"}}""";
        }

        public static string CancelOf(string id) => $$"""{"deviceUpdate":{"__t":"c","service":{"workflow":{"action":255,"id":"{{id}}"},"updateManifest":null,"updateManifestSignature":null,"fileUrls":null{{"}}}"}}""";

        /// <summary>An update, its image where its file lies.</summary>
        public string Publish(string version, int size = 20000, string step = "")
        {
            byte[] image = Bench.Deployment(version.Split('.').Length == 2 ? version + ".0" : version, size);
            Device.Server.Put(Files + "f1.bin", image);
            return Manifest(version, image, step);
        }

        public RunEnd Run() => Device.Run();

        /// <summary>Runs on although the device rests, until this is so.</summary>
        public void RunUntil(Func<bool> done)
        {
            _stop = false;
            Device.KeepsRunning = () => !(_stop |= done());
            Device.Run();
            Assert.True(_stop, string.Join("\n", Told) + "\n" + string.Join("\n", Device.Log));
        }

        /// <summary>Plans what the service does, from now on.</summary>
        public void At(double seconds, Action work) => Device.OnClock += clock => clock.Schedule.Add((long)(seconds * 1000), null, work);

        /// <summary>Does this once, when so many bytes of images have been read.</summary>
        public void AtBytes(long bytes, Action work)
        {
            Device.Server.OnRead = at =>
            {
                if (work != null && at >= bytes)
                {
                    Action once = work;
                    work = null!;
                    once();
                }

                return ResultCode.None;
            };
        }

        private static string Words(JsonNode part)
        {
            if (part["service"] is { } answer)
            {
                string why = (string?)answer["ad"] is { } ad ? $": {ad}" : "";
                return $"answer {answer["ac"]} to {answer["av"]}{why}";
            }

            JsonNode agent = part["agent"]!;
            string words = $"state {agent["state"]}";
            words += agent["workflow"] is { } workflow ? $" of {workflow["id"]}{((string?)workflow["retryTimestamp"] is { } retry ? $" ({retry})" : "")}" : "";
            words += agent["lastInstallResult"] is { } result ? $", result {result["resultCode"]}" : "";
            return words + ((string?)agent["installedUpdateId"] is { } id ? $", installed {JsonNode.Parse(id)!["version"]}" : "");
        }

        /// <summary>The agent has keys of its own, so that it believes nothing that the channel has not verified.</summary>
        private sealed class RefuseAll : IManifestVerifier
        {
            public static RefuseAll Instance { get; } = new();

            public string? KeyListName => null;

            public void Begin(byte[] document, int length, bool isKeyList)
            {
            }

            public ResultCode Step(out int length)
            {
                length = 0;
                return ResultCode.KeyUnknown;
            }
        }
    }
}
