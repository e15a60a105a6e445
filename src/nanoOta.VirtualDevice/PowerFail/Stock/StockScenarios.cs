namespace nanoOta.VirtualDevice.PowerFail.Stock
{
    /// <summary>The scenarios of stock devices.</summary>
    public static class StockScenarios
    {
        /// <summary>Every scenario.</summary>
        public static IReadOnlyList<StockScenario> All { get; } =
        [
            new Plain(),
            new Failing("self-test", "the new version fails its self-test", SelfTestMode.Fail, ResultCode.SelfTestFailed),
            new Failing("crash", "the new version crashes, boot after boot", SelfTestMode.Crash, ResultCode.TrialCrashed),
            new Failing("hang", "the new version's self-test does not return", SelfTestMode.Hang, ResultCode.TrialHung),
            new Failing("not-started", "the new version has no entry point", null, ResultCode.NotStarted),
            new Cancel(),
            new Damaged(),
            new JournalLost(),
        ];

        private sealed class Plain() : StockScenario("deployment", "a new application");

        private sealed class Failing(string name, string about, SelfTestMode? mode, ResultCode code) : StockScenario(name, about)
        {
            public override string Expected => "1.0.0";

            public override ResultCode ExpectedCode => code;

            public override SelfTestMode SelfTest(string version)
            {
                return version == "1.1.0" && mode != null ? mode.Value : SelfTestMode.Pass;
            }

            public override bool HasEntryPoint(string version)
            {
                return version != "1.1.0" || mode != null;
            }
        }

        private sealed class Cancel() : StockScenario("cancel", "the update request is withdrawn in the middle of the download, and another one made when the device is idle")
        {
            public override string Expected => "1.2.0";

            public override void Begin(StockWorld world)
            {
                base.Begin(world);
                world.Publish("1.2.0");
            }

            public override void Step(StockWorld world)
            {
                if (world.Desired.Contains("1.1.0") && world.Server.ImageBytesRead > 26_000)
                {
                    world.Desired = "{}";
                }
            }

            public override void TrialBegins(StockWorld world, string version)
            {
                if (version == "1.1.0")
                {
                    world.Violate("1.1.0 went on trial after it was withdrawn");
                }
            }

            public override bool WhenIdle(StockWorld world)
            {
                bool first = world.Desired == "{}";
                if (first)
                {
                    world.Request("1.2.0");
                }

                return first;
            }
        }

        private sealed class Damaged() : StockScenario("damaged", "the active file is damaged after the update; the device goes back to the one before, and mends itself")
        {
            // What was fetched once is fetched again, and that is the point.
            public override bool KeepsJournal => false;

            public override bool WhenIdle(StockWorld world)
            {
                bool first = world.Kept == null && world.Device!.Status!.Current == "1.1.0";
                if (first)
                {
                    world.Kept = world;
                    world.Damage();
                }

                return first;
            }
        }

        private sealed class JournalLost() : StockScenario("journal-lost", "the journal is gone at every boot")
        {
            public override bool KeepsJournal => false;

            public override void Booting(StockWorld world)
            {
                world.ForgetJournal();
            }
        }
    }
}
