extern alias StandIns;

using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using nanoOta.VirtualDevice.Cloud;
using StandIns::nanoFramework.Azure.Devices.Client;
using StandIns::nanoOta.StandIns;
using Base64 = System.Buffers.Text.Base64Url;

namespace nanoOta.VirtualDevice.PowerFail
{
    /// <summary>Azure Device Update in a world: an IoT hub with a twin, and the service that signs deployments into it.</summary>
    internal sealed class Deployments
    {
        private const string Host = "hub.local";
        private const string Device = "virtual";
        private const string Key = "bmFub090YW5hbm9PdGFuYW5vT3Rh";
        private const string Provider = "Contoso";
        private const string Model = "Washer";
        private const string RootId = "TEST.ROOT";
        private const int Success = 700;

        private static readonly string _sjwk = Jws(TestKeys.Root, $$"""{"alg":"RS256","kid":"{{RootId}}"}""", Jwk(TestKeys.Signing));
        private static readonly JsonSerializerOptions _asHubsWrite = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

        // Each is signed once: worlds come by the thousand.
        private static readonly ConcurrentDictionary<string, string> _signatures = new();

        private readonly LocalHub _hub = new(Host, Device, Key);
        private string? _asked;

        public Deployments(World world)
        {
            _hub.Faults.OnReport = () =>
            {
                world.Points.Pass(InjectionKind.Report);
                return world.Flash.IsOff ? 500 : null;
            };
        }

        /// <summary>The twin's version of the request.</summary>
        public int RequestVersion => _hub.Twin.DesiredVersion;

        /// <summary>What the device has reported, all of it together.</summary>
        public JsonNode Reported => JsonNode.Parse(_hub.Twin.Text)!["reported"]!;

        /// <summary>Whether the request as it is now was answered, and accepted.</summary>
        public bool IsAnswered => Reported["deviceUpdate"]?["service"] is { } answer && (int?)answer["ac"] == 200 && (int?)answer["av"] == RequestVersion;

        /// <summary>The result of the last workflow; null: none was reported.</summary>
        public int? Result => (int?)Reported["deviceUpdate"]?["agent"]?["lastInstallResult"]?["resultCode"];

        /// <summary>Whether it was ever said of a workflow that it failed.</summary>
        public bool SaidFailed(string workflow)
        {
            return _hub.Reports.Select(report => JsonNode.Parse(report)!["deviceUpdate"]?["agent"])
                .Any(agent => (int?)agent?["state"] == DeviceUpdateReport.Failed && (string?)agent["workflow"]?["id"] == workflow);
        }

        /// <summary>Whether it was said of a workflow that it is in progress.</summary>
        public bool SaidInProgress(string workflow)
        {
            return _hub.Reports.Select(report => JsonNode.Parse(report)!["deviceUpdate"]?["agent"])
                .Any(agent => (int?)agent?["state"] == DeviceUpdateReport.InProgress && (string?)agent["workflow"]?["id"] == workflow);
        }

        /// <summary>Judges what the service would conclude from the twin.</summary>
        /// <param name="deployed">The version of the deployment.</param>
        /// <param name="code">What must have come of it.</param>
        /// <param name="runs">The version that runs.</param>
        /// <returns>Null when it is true, otherwise what is not.</returns>
        public string? Find(string deployed, ResultCode code, string runs)
        {
            JsonNode reported = Reported;
            JsonNode? agent = reported["deviceUpdate"]?["agent"];
            JsonNode? result = agent?["lastInstallResult"];
            bool applied = code == ResultCode.Applied;
            string workflow = WorkflowOf(deployed);
            int extended = applied ? 0 : (1 << 28) | ((int)code / 100 << 20) | (int)code;
            return FindIdle(runs)
                ?? ((string?)agent!["workflow"]?["id"] != workflow || (int?)result?["resultCode"] != (applied ? Success : 0) || (int?)result?["extendedResultCode"] != extended
                ? $"reported {result?.ToJsonString()} of {agent["workflow"]?.ToJsonString()}"
                : !IsAnswered ? $"answered {reported["deviceUpdate"]?["service"]?.ToJsonString()}"
                : SaidFailed(workflow) == applied ? $"{(applied ? "a" : "no")} failure was reported" : null);
        }

        /// <summary>Judges whether the device reported that it is idle, and what runs on it.</summary>
        public string? FindIdle(string runs)
        {
            JsonNode? agent = Reported["deviceUpdate"]?["agent"];
            string? installed = (string?)JsonNode.Parse((string?)agent?["installedUpdateId"] ?? "{}")!["version"];
            JsonNode? software = Reported["deviceInformation"]?["swVersion"];
            return (int?)agent?["state"] != 0 || installed != runs || (string?)software != runs ? $"reported state {agent?["state"]}, installed {installed}, running {software}" : null;
        }

        /// <summary>The id of the workflow that deploys a version.</summary>
        public static string WorkflowOf(string version)
        {
            return "deploy-" + version;
        }

        /// <summary>The device's way to the hub after a boot; the hub then has the world's update request.</summary>
        /// <param name="world">The world.</param>
        /// <param name="withPlain">Whether plain update requests are heard, too.</param>
        public IUpdateChannel Connect(World world, UpdateAgentOptions agent, bool withPlain)
        {
            DeviceCloud.Hub = _hub;
            Deliver(world);

            RSAParameters root = TestKeys.Root.ExportParameters(false);
            var options = new DeviceUpdateOptions
            {
                Manufacturer = Provider,
                Model = Model,
                RootKeys = new RootKeys([RsaPublicKey.Create(RootId, root.Modulus, root.Exponent)]),
            };
            var connection = new HubConnection(agent, () => new DeviceClient(Host, Device, Key));
            TwinChannel? plain = withPlain ? new TwinChannel(agent, connection) : null;
            var channel = new DeviceUpdateChannel(agent, options, connection);
            return plain == null ? channel : new CombinedChannel(plain, channel);
        }

        /// <summary>The hub has the world's update request, and notifies the device if it is there.</summary>
        public void Deliver(World world)
        {
            if (_asked != world.Desired)
            {
                _asked = world.Desired;
                _hub.ReplaceDesired(_asked);
            }
        }

        /// <summary>The desired properties that take a deployment back.</summary>
        public static string CancelOf(string version)
        {
            return $$"""{"deviceUpdate":{"__t":"c","service":{"workflow":{"action":{{DeviceUpdateRequest.Cancel}},"id":"{{WorkflowOf(version)}}"} } } }""";
        }

        /// <summary>The desired properties that deploy a version: each of its images is a step.</summary>
        public static string Request(string version, Publication published)
        {
            var steps = new JsonArray();
            var files = new JsonObject();
            var urls = new JsonObject();
            foreach ((string id, string own, string url, byte[] image) in published.Images)
            {
                steps.Add(JsonNode.Parse($$$"""{"handler":"nanoota/image:1","files":["{{{id}}}"],"handlerProperties":{{{{published.More}}}"component":"{{{id}}}","installedCriteria":"{{{own}}}"}}"""));
                files[id] = JsonNode.Parse($$$"""{"fileName":"{{{id}}}.bin","sizeInBytes":{{{image.Length}}},"hashes":{"sha256":"{{{Convert.ToBase64String(SHA256.HashData(image))}}}"}}""");
                urls[id] = url;
            }

            string manifest = new JsonObject
            {
                ["manifestVersion"] = "5",
                ["updateId"] = new JsonObject { ["provider"] = Provider, ["name"] = Model, ["version"] = version },
                ["compatibility"] = new JsonArray(new JsonObject { ["manufacturer"] = Provider, ["model"] = Model }),
                ["instructions"] = new JsonObject { ["steps"] = steps },
                ["files"] = files,
                ["createdDateTime"] = "2026-11-20T12:00:00Z",
            }.ToJsonString(_asHubsWrite);
            var service = new JsonObject
            {
                ["workflow"] = new JsonObject { ["action"] = DeviceUpdateRequest.Process, ["id"] = WorkflowOf(version) },
                ["updateManifest"] = manifest,
                ["updateManifestSignature"] = _signatures.GetOrAdd(manifest, Sign),
                ["fileUrls"] = urls,
            };
            return new JsonObject { ["deviceUpdate"] = new JsonObject { ["__t"] = "c", ["service"] = service } }.ToJsonString(_asHubsWrite);
        }

        private static string Sign(string manifest)
        {
            string hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(manifest)));
            return Jws(TestKeys.Signing, $$"""{"alg":"RS256","sjwk":"{{_sjwk}}"}""", $$"""{"sha256":"{{hash}}"}""");
        }

        private static string Jws(RSA key, string header, string payload)
        {
            string signed = $"{Base64.EncodeToString(Encoding.UTF8.GetBytes(header))}.{Base64.EncodeToString(Encoding.UTF8.GetBytes(payload))}";
            byte[] signature = key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            return $"{signed}.{Base64.EncodeToString(signature)}";
        }

        private static string Jwk(RSA key)
        {
            RSAParameters parts = key.ExportParameters(false);
            return $$"""{"kty":"RSA","kid":"TEST.SIGNING","alg":"RS256","n":"{{Base64.EncodeToString(parts.Modulus)}}","e":"{{Base64.EncodeToString(parts.Exponent)}}"}""";
        }
    }
}
