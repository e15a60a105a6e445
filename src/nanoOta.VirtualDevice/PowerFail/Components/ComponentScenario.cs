using nanoOta.VirtualDevice.Mcu;

namespace nanoOta.VirtualDevice.PowerFail.Components
{
    /// <summary>What is requested of a device with several components, what fails, and what must have come of it.</summary>
    public sealed class ComponentScenario
    {
        /// <summary>The version that is requested.</summary>
        public const string Version = "1.1.0";

        private static readonly string[] _all = ["deployment", "file", "mcu"];
        private static readonly string[] _pair = ["file", "mcu"];

        /// <summary>The name.</summary>
        public required string Name { get; init; }

        /// <summary>What the release consists of: deployment, mcu, file.</summary>
        public string[] Components { get; init; } = _all;

        /// <summary>Whether the MCU tries images first.</summary>
        public bool HasTrial { get; init; }

        /// <summary>Whether the new version fails its self-test.</summary>
        public bool FailsTest { get; init; }

        /// <summary>Whether the self-test comes out the other way once the power has been cut: what the cut leaves must be whole all the same.</summary>
        public bool CutTurnsTest { get; init; }

        /// <summary>Whether the new file fails its module's test.</summary>
        public bool BreaksFile { get; init; }

        /// <summary>Whether the device must reset for the file to take effect.</summary>
        public bool RebootsDevice { get; init; }

        /// <summary>Whether the file's module reboots last, and leads where there is no firmware in the release.</summary>
        public bool FileIsLast { get; init; }

        /// <summary>Whether the agent has a module for the firmware. Without one, that of the file is the first.</summary>
        public bool HasFirmware { get; init; } = true;

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
            new() { Name = "pair", Components = _pair },
            new() { Name = "pair-fails", Components = _pair, FailsTest = true, Code = ResultCode.SelfTestFailed },
            new() { Name = "pair-fails-late", Components = _pair, CutTurnsTest = true },
            new() { Name = "pair-passes-late", Components = _pair, FailsTest = true, CutTurnsTest = true, Code = ResultCode.SelfTestFailed },
            new() { Name = "pair-mcu-refuses", Components = _pair, RefusesAfter = 20, Code = ResultCode.McuRefused },
            new() { Name = "pair-file-broken", Components = _pair, FileIsLast = true, BreaksFile = true, Code = ResultCode.ActivationFailed },
            new() { Name = "pair-file-last-fails", Components = _pair, FileIsLast = true, FailsTest = true, CutTurnsTest = true, Code = ResultCode.SelfTestFailed },
            new() { Name = "pair-reboots", Components = _pair, RebootsDevice = true },
            new() { Name = "pair-reboots-fails", Components = _pair, RebootsDevice = true, FailsTest = true, Code = ResultCode.SelfTestFailed },
            new() { Name = "pair-alone", Components = _pair, HasFirmware = false },
            new() { Name = "pair-alone-fails", Components = _pair, HasFirmware = false, RebootsDevice = true, FailsTest = true, Code = ResultCode.SelfTestFailed },
            new() { Name = "pair-alone-file-broken", Components = _pair, HasFirmware = false, BreaksFile = true, Code = ResultCode.ActivationFailed },
            new() { Name = "all" },
            new() { Name = "all-trial", HasTrial = true },
            new() { Name = "all-firmware-fails", FailsTest = true, Code = ResultCode.SelfTestFailed },
            new() { Name = "all-file-broken", BreaksFile = true, Code = ResultCode.ActivationFailed },
            new() { Name = "all-reboots-fails", RebootsDevice = true, FailsTest = true, Code = ResultCode.SelfTestFailed },
            new() { Name = "all-mcu-refuses", RefusesAfter = 20, Code = ResultCode.McuRefused },
            new() { Name = "all-mcu-broken", HasTrial = true, BreaksMcu = true, Code = ResultCode.McuSilent },
        ];

        /// <summary>The kinds of injection points that it must pass.</summary>
        internal IEnumerable<ComponentPoint> Points => Enum.GetValues<ComponentPoint>().Where(point => point switch
        {
            ComponentPoint.Chip or ComponentPoint.McuFlash or ComponentPoint.Uart => Components.Contains("mcu"),
            ComponentPoint.File => Components.Contains("file"),
            ComponentPoint.Reset => RebootsDevice || (Components.Contains("deployment") && Code is ResultCode.Applied or ResultCode.SelfTestFailed),
            _ => true,
        });

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

        /// <summary>Whether the update may end so: where its self-test depends on the cuts, in either way.</summary>
        internal bool MayEndWith(ResultCode code) => code == Code || (CutTurnsTest && code is ResultCode.Applied or ResultCode.SelfTestFailed);

        /// <summary>The versions that all components must have, by what the device says of the update.</summary>
        internal (string Deployment, string Mcu, string File) Expected(ResultCode code)
        {
            string Of(string id) => code == ResultCode.Applied && Components.Contains(id) ? Version : ComponentWorld.Factory;
            return (Of("deployment"), Of("mcu"), Of("file"));
        }
    }
}
