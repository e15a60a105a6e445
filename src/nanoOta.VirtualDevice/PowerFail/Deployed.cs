namespace nanoOta.VirtualDevice.PowerFail
{
    /// <summary>A new version that comes from Azure Device Update: signed, and judged by what the service would conclude from the twin.</summary>
    internal sealed class Deployed(string name, string about, SelfTestMode mode, ResultCode code, bool firmware = false) : Scenario
    {
        private const string Wanted = "1.1.0";

        public override string Name => name;

        public override string About => about;

        public override bool IsOfChannel => true;

        public override string Expected => code == ResultCode.Applied ? Wanted : Images.Factory;

        public override string LastVersion => Wanted;

        public override ResultCode ExpectedCode => code;

        public override bool RaisesCounter => code == ResultCode.Applied;

        public override void Begin(World world)
        {
            world.Kept = new Deployments(world);
            world.Publish(Wanted, Wanted, firmware ? "1.17.0" : null, "\"counter\":7,");
            world.Request(Wanted);
        }

        public override SelfTestMode SelfTest(World world, string version)
        {
            return version == Wanted ? mode : SelfTestMode.Pass;
        }

        internal override string Request(World world, string version, string more)
        {
            return Deployments.Request(version, world.Published(version));
        }

        internal override IUpdateChannel Connect(World world, UpdateAgentOptions options)
        {
            return ((Deployments)world.Kept!).Connect(world, options, withPlain: false);
        }

        // Idle with the version that runs, the result of this workflow, and its request accepted; that it failed must have been
        // said if, and only if, it did: the service counts it by that.
        internal override string? FindInReport(World world, string boots)
        {
            return ((Deployments)world.Kept!).Find(Wanted, code, Expected);
        }
    }
}
