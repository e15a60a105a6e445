using nanoOta.VirtualDevice.Mcu;

namespace nanoOta.VirtualDevice.PowerFail.Components
{
    /// <summary>What is requested of a device with several components, what fails, and what must have come of it.</summary>
    public sealed class ComponentScenario
    {
        /// <summary>The version that is requested.</summary>
        public const string Version = "1.1.0";

        private static readonly string[] _all = ["deployment", "file", "mcu"];

        /// <summary>The name.</summary>
        public required string Name { get; init; }

        /// <summary>What the release consists of: deployment, mcu, file.</summary>
        public string[] Components { get; init; } = _all;

        /// <summary>Whether the MCU tries images first.</summary>
        public bool HasTrial { get; init; }

        /// <summary>Whether the new version fails its self-test.</summary>
        public bool FailsTest { get; init; }

        /// <summary>Whether the MCU refuses the new image, after so many uploads of a part.</summary>
        public int RefusesAfter { get; init; }

        /// <summary>Whether the new application of the MCU does not start.</summary>
        public bool BreaksMcu { get; init; }

        /// <summary>How the update must end.</summary>
        public ResultCode Code { get; init; } = ResultCode.Applied;

        /// <summary>Every scenario.</summary>
        public static IReadOnlyList<ComponentScenario> All { get; } =
        [
            new() { Name = "mcu", Components = ["mcu"] },
            new() { Name = "mcu-trial", Components = ["mcu"], HasTrial = true },
            new() { Name = "mcu-fails", Components = ["mcu"], FailsTest = true, Code = ResultCode.SelfTestFailed },
            new() { Name = "mcu-refuses", Components = ["mcu"], RefusesAfter = 20, Code = ResultCode.McuRefused },
            new() { Name = "mcu-broken", Components = ["mcu"], HasTrial = true, BreaksMcu = true, Code = ResultCode.McuSilent },
            new() { Name = "file", Components = ["file"] },
            new() { Name = "all" },
            new() { Name = "all-trial", HasTrial = true },
            new() { Name = "all-firmware-fails", FailsTest = true, Code = ResultCode.SelfTestFailed },
            new() { Name = "all-mcu-refuses", RefusesAfter = 20, Code = ResultCode.McuRefused },
            new() { Name = "all-mcu-broken", HasTrial = true, BreaksMcu = true, Code = ResultCode.McuSilent },
        ];

        /// <inheritdoc/>
        public override string ToString() => Name;

        /// <summary>The MCU as the factory delivers it.</summary>
        internal McubootMcu MakeMcu(byte[] image, int slotLength)
        {
            return new McubootMcu(image, slotLength) { HasDirectUpload = HasTrial, ApplicationSpeaks = HasTrial };
        }

        internal void Begin(ComponentWorld world)
        {
            McubootMcu mcu = world.Bench.Mcu;
            if (RefusesAfter > 0)
            {
                // What it has of the image tells which one it is.
                byte[] begun = ComponentWorld.McuImage(Version)[..(RefusesAfter * 256)];
                mcu.Refuse = (group, command) => group == 1 && command == 1 && mcu.Expected == begun.Length && mcu.Holds(0, begun) ? 1 : 0;
            }

            if (BreaksMcu)
            {
                mcu.Broken.Add(Version);
            }

            world.Publish(Version, Components);
        }

        internal bool MayEndWith(ResultCode code) => code == Code;

        internal (string Deployment, string Mcu, string File) Expected(ComponentWorld world)
        {
            string Of(string id) => Code == ResultCode.Applied && Components.Contains(id) ? Version : ComponentWorld.Factory;
            return (Of("deployment"), Of("mcu"), Of("file"));
        }
    }
}
