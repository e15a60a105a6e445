using nanoOta.VirtualDevice.Boot;
using nanoOta.VirtualDevice.Flash;

namespace nanoOta.VirtualDevice.PowerFail
{
    /// <summary>The scenarios of devices with native slots.</summary>
    public static class Scenarios
    {
        /// <summary>Every scenario.</summary>
        public static IReadOnlyList<Scenario> All { get; } =
        [
            new Plain("deployment", "a new deployment", firmware: false, deployment: true),
            new Plain("both", "firmware and deployment together", firmware: true, deployment: true),
            new Plain("clr", "a new firmware alone", firmware: true, deployment: false),
            new CorruptedFirmware("corrupted-clr", early: false),
            new CorruptedFirmware("corrupted-clr-early", early: true),
            new FailsAfterCorruption(),
            new Failing("self-test", "the new version fails its self-test", SelfTestMode.Fail, ResultCode.SelfTestFailed, firmware: false),
            new Failing("crash", "the new version crashes, boot after boot", SelfTestMode.Crash, ResultCode.TrialCrashed, firmware: false),
            new Failing("hang", "the new version hangs", SelfTestMode.Hang, ResultCode.TrialHung, firmware: false),
            new Failing("self-test-both", "new firmware and deployment fail their self-test", SelfTestMode.Fail, ResultCode.SelfTestFailed, firmware: true),
            new Failing("crash-both", "new firmware and deployment crash", SelfTestMode.Crash, ResultCode.TrialCrashed, firmware: true),
            new Failing("hang-both", "new firmware and deployment hang", SelfTestMode.Hang, ResultCode.TrialHung, firmware: true),
            new Cancel(),
            new NewOffer(),
            new HubDown(),
            new BadJournal("journal-empty", "the journal is empty at every boot", BadJournal.Damage.Empty),
            new BadJournal("journal-torn", "the journal is torn at every boot", BadJournal.Damage.Torn),
            new BadJournal("journal-unrecognized", "the journal is another device's at every boot", BadJournal.Damage.Unrecognized),
            new BadJournal("journal-worn", "half of the journal's sectors are worn out", BadJournal.Damage.Worn),
            new FullJournal("journal-full", "the journal is full in the middle of the update", oneSector: false),
            new FullJournal("journal-full-one", "the same where the journal is one sector", oneSector: true),
            new Mirror(),
            new ChangedParts("copy", "a new deployment: what stayed is copied, what changed comes in ranges", withPatch: false),
            new ChangedParts("patch", "a new deployment: what stayed is copied, what changed comes from a patch", withPatch: true),
            new Encrypted("encrypted", "a new deployment that is encrypted; the connection breaks once within a block", inParts: false),
            new Encrypted("encrypted-parts", "an encrypted deployment: what stayed is copied, what changed comes in encrypted ranges", inParts: true),
            new WayBack(),
            new Deployed("adu", "a new deployment, signed, from Azure Device Update", SelfTestMode.Pass, ResultCode.Applied),
            new Deployed("adu-fail", "a deployment from Azure Device Update fails its self-test", SelfTestMode.Fail, ResultCode.SelfTestFailed),
            new Deployed("adu-both", "firmware and deployment together from Azure Device Update", SelfTestMode.Pass, ResultCode.Applied, firmware: true),
            new DeploymentCancelled(),
            new TwoChannels("two-channels", "a plain update request and a deployment from Azure Device Update wait together", late: false),
            new TwoChannels("two-channels-late", "a deployment from Azure Device Update comes in the middle of a plain update", late: true),
        ];

        private sealed class Plain(string name, string about, bool firmware, bool deployment) : Scenario
        {
            public override string Name => name;

            public override string About => about;

            public override bool NeedsFirmwareSlots => firmware;

            public override bool RaisesCounter => true;

            public override void Begin(World world)
            {
                world.Publish("1.1.0", deployment ? "1.1.0" : null, firmware ? "1.17.0" : null, "\"counter\":7,");
                world.Request("1.1.0");
            }
        }

        private sealed class Failing(string name, string about, SelfTestMode mode, ResultCode code, bool firmware) : Scenario
        {
            public override string Name => name;

            public override string About => about;

            public override bool NeedsFirmwareSlots => firmware;

            public override string Expected => "1.0.0";

            public override string LastVersion => "1.1.0";

            public override ResultCode ExpectedCode => code;

            public override void Begin(World world)
            {
                world.Publish("1.1.0", "1.1.0", firmware ? "1.17.0" : null, "\"counter\":7,");
                world.Request("1.1.0");
            }

            public override SelfTestMode SelfTest(World world, string version)
            {
                return version == "1.1.0" ? mode : SelfTestMode.Pass;
            }
        }

        private class CorruptedFirmware(string name, bool early) : Scenario
        {
            public override string Name => name;

            public override string About => "both, then the deployment alone; the active firmware is damaged " + (early ? "meanwhile" : "afterwards");

            public override string ExpectedFirmware => "1.16.0";

            public override bool NeedsFirmwareSlots => true;

            public override string Expected => "1.2.0";

            public override void Begin(World world)
            {
                world.Publish("1.1.0", "1.1.0", "1.17.0");
                world.Publish("1.2.0", "1.2.0", null);
                world.Request("1.1.0");
            }

            public override void Step(World world)
            {
                // In the second update: in the first one, the firmware on trial would be damaged, and not the active one.
                if (early && world.Desired.Contains("1.2.0") && world.Server.ImageBytesRead > 68_000 + 20_000 && Damage(world))
                {
                    world.Flash.CutPower();
                }
            }

            public override bool WhenIdle(World world)
            {
                if (world.Device!.Status!.Current == "1.1.0")
                {
                    world.Request("1.2.0");
                    return true;
                }

                return !early && Damage(world);
            }

            private static bool Damage(World world)
            {
                bool first = world.Device!.Slots!.Running == 1;
                if (first)
                {
                    world.Flash.Decay((int)world.Map.Firmware[1].Offset + 0x2000, 64);
                }

                return first;
            }
        }

        // The firmware that runs then is bound to no deployment: it took over the other's.
        private sealed class FailsAfterCorruption() : CorruptedFirmware("corrupted-clr-fail", early: false)
        {
            public override string About => "both, then the deployment alone; the active firmware is damaged, and what should replace it fails its self-test";

            public override ResultCode ExpectedCode => ResultCode.SelfTestFailed;

            public override string LastVersion => "1.3.0";

            public override void Begin(World world)
            {
                base.Begin(world);
                world.Publish("1.3.0", "1.3.0", "1.18.0");
            }

            public override SelfTestMode SelfTest(World world, string version)
            {
                return version == "1.3.0" ? SelfTestMode.Fail : SelfTestMode.Pass;
            }

            public override bool WhenIdle(World world)
            {
                bool goesOn = base.WhenIdle(world);
                if (!goesOn && !world.Desired.Contains("1.3.0"))
                {
                    world.Request("1.3.0");
                    return true;
                }

                return goesOn;
            }
        }

        private sealed class Cancel : Scenario
        {
            public override string Name => "cancel";

            public override string About => "the update request is withdrawn in the middle of the download, and another one made when the device is idle";

            public override string Expected => "1.2.0";

            public override void Begin(World world)
            {
                world.Publish("1.1.0", "1.1.0", null);
                world.Publish("1.2.0", "1.2.0", null);
                world.Request("1.1.0");
            }

            public override void Step(World world)
            {
                if (world.Desired.Contains("1.1.0") && world.Server.ImageBytesRead > 26_000)
                {
                    world.Desired = "{}";
                }
            }

            public override void TrialBegins(World world)
            {
                if (world.Trials.Contains("1.1.0"))
                {
                    world.Violate("1.1.0 went on trial after it was withdrawn");
                }
            }

            public override bool WhenIdle(World world)
            {
                bool first = world.Desired == "{}";
                if (first)
                {
                    world.Request("1.2.0");
                }

                return first;
            }
        }

        private sealed class NewOffer : Scenario
        {
            public override string Name => "new-offer";

            public override string About => "another version is offered during the trial";

            public override string Expected => "1.2.0";

            public override void Begin(World world)
            {
                world.Publish("1.1.0", "1.1.0", null);
                world.Publish("1.2.0", "1.2.0", null);
                world.Request("1.1.0");
            }

            public override void TrialBegins(World world)
            {
                world.Request("1.2.0");
            }
        }

        private sealed class HubDown : Scenario
        {
            public override string Name => "hub-down";

            public override string About => "the hub is out of reach for six hours from the trial on";

            public override void Begin(World world)
            {
                world.Publish("1.1.0", "1.1.0", null);
                world.Request("1.1.0");
            }

            public override void TrialBegins(World world)
            {
                world.HubDownSince ??= world.Clock.Elapsed;
            }

            public override void Step(World world)
            {
                world.HubIsDown = world.HubDownSince is { } since && world.Clock.Elapsed - since < TimeSpan.FromHours(6);
            }
        }

        private sealed class Mirror : Scenario
        {
            private const string First = "https://mirror.example/v1_1_0.bin";

            public override string Name => "mirror";

            public override string About => "the first of two mirrors goes down in the middle of the download";

            public override void Begin(World world)
            {
                world.Publish("1.1.0", "1.1.0", null, "", First);
                world.Request("1.1.0");
                world.Server.OnOpen = (url, offset) => url == First && offset >= 20_000 ? ResultCode.Unreachable : ResultCode.None;
                world.BreaksAt = 20_480;
            }
        }
    }
}
