extern alias StandIns;

using System.Text.Json.Nodes;
using nanoOta.VirtualDevice.Cloud;
using StandIns::nanoOta.StandIns;

namespace nanoOta.Samples.Tests
{
    /// <summary>A sample that follows a twin: with a provisioning service, a hub and a container of images.</summary>
    internal sealed class TwinBench : IDisposable
    {
        public const string Hub = "washers.azure-devices.net";

        private const string IdScope = "0ne00000000";
        private const string Container = "account.blob.core.windows.net";

        /// <summary>The device's key, base64.</summary>
        private static readonly string _key = Convert.ToBase64String(Enumerable.Range(0, 32).Select(i => (byte)i).ToArray());

        /// <summary>Makes it.</summary>
        /// <param name="sample">The sample.</param>
        /// <param name="layout">The flash layout.</param>
        /// <param name="registrationId">The device's name, as its address gives it.</param>
        /// <param name="keyFile">Where its key is expected.</param>
        /// <param name="hasKey">Whether it signs with a key; otherwise it comes with a certificate.</param>
        public TwinBench(string sample, string layout, string registrationId, string keyFile = @"I:\device.key", bool hasKey = true)
        {
            Bench = new SampleBench(sample, layout, Container);
            Service = new LocalProvisioning(IdScope, registrationId, hasKey ? _key : null, Hub);
            Cloud = new LocalHub(Hub, registrationId, hasKey ? _key : null);
            DeviceCloud.Hub = new CloudHosts(Bench.Network, Service, Cloud);
            if (!Bench.Files.HasDrive(keyFile[..2]))
            {
                Bench.Files.AddDrive(keyFile[..2], 1 << 20);
            }

            Bench.Provide(keyFile, _key + "\n");
        }

        public SampleBench Bench { get; }

        public LocalProvisioning Service { get; }

        public LocalHub Cloud { get; }

        /// <summary>The object <c>ota</c> as reported last.</summary>
        public JsonNode? Reported => JsonNode.Parse(Cloud.Twin.Text)!["reported"]!["ota"];

        /// <summary>Puts a version into the container and into the twin.</summary>
        public void Request(string version)
        {
            Bench.Server.Publish($"firmware/v{version.Replace('.', '_')}.json", version, ("deployment", version, SampleBench.Image(version)));
            Cloud.PatchDesired($$"""{"updateVersion":"{{version}}","updateUrl":"https://{{Container}}/firmware"}""");
        }

        /// <summary>Runs until the twin shows a result.</summary>
        /// <param name="code">The result.</param>
        public void RunUntilReported(ResultCode code)
        {
            Bench.RunUntil(() => (int?)Reported?["last"]?["code"] == (int)code && (string?)Reported["state"] == "idle");
        }

        public void Dispose() => Bench.Dispose();
    }
}
