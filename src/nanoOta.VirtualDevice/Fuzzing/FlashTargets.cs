using nanoOta.VirtualDevice.Boot;
using nanoOta.VirtualDevice.Cloud;
using nanoOta.VirtualDevice.Flash;
using nanoOta.VirtualDevice.Images;
using nanoOta.VirtualDevice.Slots;
using ScenarioImages = nanoOta.VirtualDevice.PowerFail.Images;

namespace nanoOta.VirtualDevice.Fuzzing
{
    /// <summary>
    /// What a device reads from its own flash: slot record, otadata, journal, and what lies in a slot. Every other input gets its
    /// checksum repaired, so that what is behind the checksum is tried as well.
    /// </summary>
    internal sealed class FlashTargets(CoreKind core)
    {
        private const int Boots = 3;
        private const int MaxSteps = 200;
        private const int IdleImage = 1400;

        private static readonly FlashLayout _layout = FlashLayouts.Find("esp32-8mb")!;
        private static readonly SlotMap _map = new(_layout);
        private static readonly int _journal = (int)_map.Journal.Offset;

        public IReadOnlyList<FuzzTarget> All =>
        [
            new("slot-record", 20, [Updated(0)[..SlotRecord.Length], Updated(1)[..SlotRecord.Length]], input => Boot(Repaired(input, SlotRecord.Length), (int)_map.Record.Offset)),
            new("otadata", 20, [OtaEntry.Of(1, OtaState.New).ToBytes(), OtaEntry.Of(2, OtaState.PendingVerify).ToBytes()], input => Boot(input, (int)_map.OtaData!.Offset)),
            new("journal", 4, [.. JournalRecords()], Journal),
            new("slot", 40, [SampleImages.Deployment(new(1, 1), IdleImage), SampleImages.Deployment(new(2, 0), SampleImages.DeploymentMinimum)], Slot),
        ];

        // Boots on what is in a sector: the hook must choose something that exists, and say what it chose.
        private void Boot(byte[] sector, int at)
        {
            NorFlash flash = WithSector(sector, at);
            for (int boot = 0; boot < Boots; boot++)
            {
                var writes = new StateWrites();
                int running = Bootloader.Choose(flash, _map.Firmware, CoreKinds.OtaDataOf(flash, _map, writes));
                Require(running == 0, $"firmware {running} boots, which is not there");
                ISlotCore slots = core.Start(flash, _map, running, writes);
                if (slots.Hook(CauseOf(boot)))
                {
                    Require(slots.ActiveDeploy is 0 or 1, $"deployment {slots.ActiveDeploy}");
                    slots.GetStatus("1.0.0", new ModuleStatus());
                    slots.Open(FirmwareParts.Deployment, 0);
                    slots.Revert(ResultCode.SelfTestFailed);
                }

                RequireAgreement(slots.Disagreement);
            }
        }

        private static ResetCause CauseOf(int boot)
        {
            return (ResetCause)(boot % Enum.GetValues<ResetCause>().Length);
        }

        // A device starts with this journal, and goes for an update.
        private void Journal(byte[] input)
        {
            NorFlash flash = WithSector(Repaired(input, nanoOta.Journal.RecordLength), _journal);
            var server = new MemoryServer();
            var device = new Device(flash, _layout, new DeviceSetup
            {
                Channel = _ => new DesiredChannel(() => """{"updateVersion":"1.1.0","updateUrl":"https://files.example/"}"""),
                Source = _ => server.Connect(),
                Core = core,
                Clock = new VirtualClock(new DateTime(2026, 11, 20, 12, 0, 0, DateTimeKind.Utc)) { FollowsHost = false },
            });
            int steps = 0;
            RunEnd end = device.Run(() => ++steps > MaxSteps);
            Require(end is RunEnd.Settled or RunEnd.Stopped, $"ended {end}");
            Require(device.Status!.Fault == null, $"threw {device.Status.Fault}");
            RequireAgreement(device.Disagreement);
        }

        // The idle slot holds this when the agent is about to activate it.
        private void Slot(byte[] input)
        {
            NorFlash flash = ScenarioImages.Device(_layout);
            byte[] image = input[..Math.Min(input.Length, 4 * NorFlash.BlockLength)];
            for (int at = 0; at < image.Length; at += NorFlash.BlockLength)
            {
                flash.Replace((int)_map.Deploy[1].Offset + at, image.AsSpan(at, Math.Min(NorFlash.BlockLength, image.Length - at)));
            }

            ISlotCore slots = core.Start(flash, _map, 0, new StateWrites());
            slots.Hook(ResetCause.PowerOn);
            var component = new ManifestComponent { Id = ManifestComponent.Deployment, Size = Math.Max(1, image.Length), Version = SemanticVersion.Parse("1.1.0") };
            ResultCode code = new FirmwareModule(slots, new UpdateAgentOptions()).Verify(new UpdateManifest { Components = [component] }, new byte[NorFlash.BlockLength]);
            Require(code != ResultCode.Pending && code != ResultCode.InternalError, $"judged {code}");
            RequireAgreement(slots.Disagreement);
        }

        private static NorFlash WithSector(byte[] sector, int at)
        {
            NorFlash flash = ScenarioImages.Device(_layout);
            flash.Replace(at, sector.AsSpan(0, Math.Min(sector.Length, NorFlash.BlockLength)));
            return flash;
        }

        internal static byte[] Repaired(byte[] input, int length)
        {
            // By all bytes: the first is a magic's, and the same for nearly all.
            if (input.Length < length || input.Sum(b => b) % 2 != 0)
            {
                return input;
            }

            byte[] repaired = [.. input];
            BitConverter.TryWriteBytes(repaired.AsSpan(length - 4), Crc32.Ieee(repaired.AsSpan(0, length - 4)));
            return repaired;
        }

        // The state partition's sector of that number after an update.
        private static byte[] Updated(int sector)
        {
            PowerFail.World world = new(PowerFail.Scenarios.All[0], _layout, []);
            world.Run();
            return world.Flash.Read((int)_map.Record.Offset + sector * NorFlash.BlockLength, NorFlash.BlockLength);
        }

        private static IEnumerable<byte[]> JournalRecords()
        {
            byte[] sector = Updated(2);
            for (int at = 0; at < sector.Length; at += nanoOta.Journal.RecordLength)
            {
                yield return sector[at..(at + nanoOta.Journal.RecordLength)];
            }
        }

        private static void RequireAgreement(string? disagreement)
        {
            Require(disagreement == null, $"the slot core and its model differ: {disagreement}");
        }

        private static void Require(bool condition, string otherwise)
        {
            if (!condition)
            {
                throw new FuzzException(otherwise);
            }
        }
    }
}
