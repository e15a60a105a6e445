using nanoOta.VirtualDevice.Flash;

namespace nanoOta.VirtualDevice.PowerFail
{
    /// <summary>
    /// The service takes a deployment back, at each injection point: at the first cut of a run the cancel is sent, and the power goes as well
    /// unless that would leave the operation undone. When the device is idle, the next version is deployed.
    /// </summary>
    internal sealed class DeploymentCancelled : Scenario
    {
        private const string Wanted = "1.1.0";
        private const string Next = "1.2.0";
        private const int Cancelled = -1;

        private static readonly string _cancel = Deployments.CancelOf(Wanted);

        public override string Name => "adu-cancel";

        public override string About => "a deployment from Azure Device Update is cancelled at each injection point, and another one made when the device is idle";

        public override bool IsOfChannel => true;

        public override string Expected => Next;

        public override bool RaisesCounter => true;

        public override void Begin(World world)
        {
            world.Kept = new Deployments(world);
            world.Publish(Wanted, Wanted, null, "\"counter\":6,");
            world.Publish(Next, Next, null, "\"counter\":7,");
            world.Request(Wanted);
        }

        internal override string Request(World world, string version, string more)
        {
            return Deployments.Request(version, world.Published(version));
        }

        internal override IUpdateChannel Connect(World world, UpdateAgentOptions options)
        {
            return Service(world).Connect(world, options, withPlain: false);
        }

        internal override bool Allows(World world, Cut cut)
        {
            if (!IsRunning(world))
            {
                return true;
            }

            world.Desired = _cancel;
            Service(world).Deliver(world);
            return cut.Tear.Kind != TearKind.Nothing;
        }

        public override void TrialBegins(World world)
        {
            if (world.Desired == _cancel && world.Trials.Count == 1 && Service(world).IsAnswered)
            {
                world.Violate($"{Wanted} went on trial after its cancel was answered");
            }
        }

        public override bool WhenIdle(World world)
        {
            if (IsRunning(world))
            {
                world.Desired = _cancel;
                return true;
            }

            if (world.Desired != _cancel)
            {
                return false;
            }

            if (FindInCancel(world, Service(world)) is { } finding)
            {
                world.Violate($"after the cancel: {finding}");
            }

            world.Request(Next);
            return true;
        }

        internal override string? FindInReport(World world, string boots)
        {
            Deployments service = Service(world);
            return service.Find(Next, ResultCode.Applied, Next) ?? (service.SaidFailed(Deployments.WorkflowOf(Wanted)) ? "a failure of what was cancelled was reported" : null);
        }

        private static bool IsRunning(World world)
        {
            return world.Desired.Contains(Deployments.WorkflowOf(Wanted)) && world.Desired != _cancel;
        }

        private static Deployments Service(World world)
        {
            return (Deployments)world.Kept!;
        }

        // Answered, idle with what runs, and reported as cancelled when it was reported to be in progress and came to nothing.
        private static string? FindInCancel(World world, Deployments service)
        {
            bool came = world.Trials.Count > 0;
            bool mustSay = !came && service.SaidInProgress(Deployments.WorkflowOf(Wanted));
            string runs = world.Device!.Status!.Current;
            return !came && runs != Images.Factory ? $"{runs} runs"
                : !service.IsAnswered ? "it was not answered"
                : mustSay && service.Result != Cancelled ? $"the result is {service.Result}" : service.FindIdle(runs);
        }
    }
}
