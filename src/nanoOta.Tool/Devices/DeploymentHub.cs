extern alias StandIns;

using System.Text.Json;
using System.Text.Json.Nodes;
using nanoOta.VirtualDevice.Cloud;
using StandIns::nanoFramework.Azure.Devices.Client;
using StandIns::nanoOta.StandIns;

namespace nanoOta.Tool.Devices
{
    /// <summary>A hub for one run of a device whose twin has a <c>deviceUpdate</c> component: the device's own channels speak with it.</summary>
    internal sealed class DeploymentHub
    {
        private const string Host = "hub.local";
        private const string Key = "bmFub090YW5hbm9PdGFuYW5vT3Rh";

        // The action of a workflow with which the service takes a deployment back.
        private const string Cancel = "255";

        private readonly LocalHub _hub;
        private readonly string _deviceId;
        private readonly DeviceUpdateOptions _options;
        private readonly JsonNode? _wanted;
        private DeviceUpdateChannel? _channel;

        private DeploymentHub(string desired, JsonObject service, string deviceId, RootKeys? roots)
        {
            _deviceId = deviceId;
            _hub = new LocalHub(Host, deviceId, Key);
            _hub.Twin.ReplaceDesired(desired);
            _options = new DeviceUpdateOptions { Manufacturer = "nanoOta", Model = "virtual", RootKeys = roots };
            if (service["updateManifest"] is JsonValue text)
            {
                JsonObject manifest = JsonNode.Parse((string)text!)!.AsObject();
                BeOf(manifest);
                if (service["workflow"]?["action"] is not JsonValue action || action.ToJsonString() != Cancel)
                {
                    _wanted = manifest["updateId"];
                }
            }
        }

        /// <summary>Whether the device rests on the update that was asked for, as Device Update judges it.</summary>
        public bool IsDeployed
        {
            get
            {
                JsonNode? agent = JsonNode.Parse(_hub.Twin.Text)!["reported"]!["deviceUpdate"]?["agent"];
                return _wanted == null || ((int?)agent?["state"] == 0
                    && JsonNode.DeepEquals(_wanted, JsonNode.Parse((string?)agent["installedUpdateId"] ?? "{}")));
            }
        }

        /// <summary>Why the device rejected the request; <see cref="ResultCode.None"/>: it did not.</summary>
        public ResultCode Rejection => _channel?.Rejection ?? ResultCode.None;

        /// <summary>Makes a hub when there is such a component.</summary>
        /// <returns>Null when there is none.</returns>
        /// <exception cref="Failure">The component cannot be read.</exception>
        public static DeploymentHub? For(string desired, string deviceId, RootKeys? roots, RunView view)
        {
            try
            {
                if (!desired.Contains("\"deviceUpdate\"", StringComparison.Ordinal) || JsonNode.Parse(desired)?["deviceUpdate"]?["service"] is not JsonObject service)
                {
                    return null;
                }

                var hub = new DeploymentHub(desired, service, deviceId, roots);
                hub._hub.OnReport = view.Reported;
                return hub;
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException or NullReferenceException)
            {
                throw new Failure(ExitCode.Usage, "the twin's deviceUpdate component cannot be read.");
            }
        }

        /// <summary>The device's channel after a boot.</summary>
        public IUpdateChannel Connect(UpdateAgentOptions options)
        {
            DeviceCloud.Hub = _hub;
            var connection = new HubConnection(options, () => new DeviceClient(Host, _deviceId, Key));
            _channel = new DeviceUpdateChannel(options, _options, connection);
            return new CombinedChannel(new TwinChannel(options, connection), _channel);
        }

        // The virtual device is of the product that the update is for.
        private void BeOf(JsonObject manifest)
        {
            _options.Provider = (string?)manifest["updateId"]?["provider"];
            _options.Name = (string?)manifest["updateId"]?["name"];
            var names = new List<string>();
            var values = new List<string>();
            JsonObject wanted = manifest["compatibility"]![0]!.AsObject();
            foreach ((string name, JsonNode? value) in wanted)
            {
                string text = (string)value!;
                switch (name)
                {
                    case "manufacturer":
                    case "deviceManufacturer" when !wanted.ContainsKey("manufacturer"):
                        _options.Manufacturer = text;
                        break;
                    case "model":
                    case "deviceModel" when !wanted.ContainsKey("model"):
                        _options.Model = text;
                        break;
                    default:
                        names.Add(name);
                        values.Add(text);
                        break;
                }
            }

            if (names.Count > DeviceUpdateOptions.MaxProperties - 2)
            {
                throw new Failure(ExitCode.Usage, $"a device has {DeviceUpdateOptions.MaxProperties} compatibility properties at the most, manufacturer and model among them.");
            }

            _options.CompatibilityNames = [.. names];
            _options.CompatibilityValues = [.. values];
        }
    }
}
