using System.Text.Json.Nodes;

namespace nanoOta.VirtualDevice.Torture
{
    /// <summary>A new deployment that comes from Azure Device Update: signed, and judged by what the service would conclude from the twin.</summary>
    internal sealed class Deployed(string name, string about, SelfTestMode mode, ResultCode code) : Story
    {
        private const string Wanted = "1.1.0";
        private const int Success = 700;

        public override string Name => name;

        public override string About => about;

        public override string Expected => code == ResultCode.Applied ? Wanted : Images.Factory;

        public override string LastVersion => Wanted;

        public override ResultCode ExpectedCode => code;

        public override bool RaisesCounter => code == ResultCode.Applied;

        public override void Begin(World world)
        {
            world.Kept = new Deployments(world);
            world.Publish(Wanted, Wanted, null, "\"counter\":7,");
            world.Wish(Wanted);
        }

        public override SelfTestMode SelfTest(World world, string version)
        {
            return version == Wanted ? mode : SelfTestMode.Pass;
        }

        internal override string Request(World world, string version, string more)
        {
            return Deployments.Request(version, world.Published(version));
        }

        internal override IUpdateChannel Connect(World world)
        {
            return ((Deployments)world.Kept!).Connect(world);
        }

        // Idle with the version that runs, the result of this workflow, and its request accepted; that it failed must have been
        // said if, and only if, it did: the service counts it by that.
        internal override string? FindInReport(World world, string boots)
        {
            var service = (Deployments)world.Kept!;
            JsonNode reported = service.Reported;
            JsonNode? agent = reported["deviceUpdate"]?["agent"];
            JsonNode? answer = reported["deviceUpdate"]?["service"];
            JsonNode? result = agent?["lastInstallResult"];
            bool applied = code == ResultCode.Applied;
            string workflow = Deployments.WorkflowOf(Wanted);
            int extended = applied ? 0 : (1 << 28) | ((int)code / 100 << 20) | (int)code;
            string? installed = (string?)JsonNode.Parse((string?)agent?["installedUpdateId"] ?? "{}")!["version"];
            return (int?)agent?["state"] != 0 || installed != Expected || (string?)reported["deviceInformation"]?["swVersion"] != Expected
                ? $"reported state {agent?["state"]}, installed {installed}, running {reported["deviceInformation"]?["swVersion"]}"
                : (string?)agent["workflow"]?["id"] != workflow || (int?)result?["resultCode"] != (applied ? Success : 0) || (int?)result?["extendedResultCode"] != extended
                ? $"reported {result?.ToJsonString()} of {agent["workflow"]?.ToJsonString()}"
                : (int?)answer?["ac"] != 200 || (int?)answer["av"] != service.RequestVersion ? $"answered {answer?.ToJsonString()}"
                : service.SaidFailed(workflow) == applied ? $"{(applied ? "a" : "no")} failure was reported" : null;
        }
    }
}
