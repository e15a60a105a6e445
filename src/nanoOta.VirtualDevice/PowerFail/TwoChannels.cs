using System.Text.Json.Nodes;

namespace nanoOta.VirtualDevice.PowerFail
{
    /// <summary>A plain update request and a deployment from Azure Device Update, on one device over one connection.</summary>
    /// <param name="late">Whether the deployment comes in the middle of the plain update; otherwise both wait from the start.</param>
    internal sealed class TwoChannels(string name, string about, bool late) : Scenario
    {
        private const string First = "1.1.0";
        private const string Second = "1.2.0";

        public override string Name => name;

        public override string About => about;

        public override bool IsOfChannel => true;

        public override string Expected => Second;

        public override bool RaisesCounter => true;

        public override void Begin(World world)
        {
            world.Kept = new Deployments(world);
            world.Publish(First, First, null, "\"counter\":6,");
            world.Publish(Second, Second, null, "\"counter\":7,");
            string plain = base.Request(world, late ? First : Second, "");
            world.Desired = late ? plain : Together(plain, Request(world, First, ""));
        }

        internal override string Request(World world, string version, string more)
        {
            return Deployments.Request(version, world.Published(version));
        }

        internal override IUpdateChannel Connect(World world, UpdateAgentOptions options)
        {
            return Service(world).Connect(world, options, withPlain: true);
        }

        internal override void Fetching(World world)
        {
            if (late && world.Server.ImageBytesRead > 20_000 && !world.Desired.Contains("deviceUpdate"))
            {
                world.Desired = Together(world.Desired, Request(world, Second, ""));
                Service(world).Deliver(world);
            }
        }

        // When both wait, Device Update wins.
        public override void TrialBegins(World world)
        {
            if (!late && world.Trials[0] != First)
            {
                world.Violate($"{world.Trials[0]} went on trial before the deployment");
            }
        }

        // What the service concludes, and what the operator reads.
        internal override string? FindInReport(World world, string boots)
        {
            Deployments service = Service(world);
            JsonNode? ota = service.Reported["ota"];
            return service.Find(late ? Second : First, ResultCode.Applied, Second)
                ?? ((string?)ota?["current"] != Second || (string?)ota["state"] != "idle" || (string?)ota["slot"] != boots ? $"reported {ota?.ToJsonString()}, {boots} boots" : null)
                ?? (!late && ((int?)ota!["last"]?["code"] != (int)ResultCode.Applied || (string?)ota["last"]?["version"] != Second) ? $"reported {ota["last"]?.ToJsonString()} as the last result" : null);
        }

        private static string Together(string plain, string request)
        {
            return $"{plain.TrimEnd()[..^1]},{request.TrimStart()[1..]}";
        }

        private static Deployments Service(World world)
        {
            return (Deployments)world.Kept!;
        }
    }
}
