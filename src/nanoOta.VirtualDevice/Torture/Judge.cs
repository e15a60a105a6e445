using System.Text.Json.Nodes;
using nanoOta.VirtualDevice.Boot;
using nanoOta.VirtualDevice.Flash;
using nanoOta.VirtualDevice.Images;
using nanoOta.VirtualDevice.Slots;

namespace nanoOta.VirtualDevice.Torture
{
    /// <summary>
    /// Judges what is left of a tortured device: by what its flash holds and boots, not by what its agent says of itself. Only the
    /// last two questions are about that: whether it told the truth, and whether it can be updated again.
    /// </summary>
    public static class Judge
    {
        /// <summary>The counter of the update that was applied, in stories that use one.</summary>
        private const int AppliedCounter = 7;

        /// <summary>Judges a world after its story.</summary>
        /// <param name="world">The world.</param>
        /// <param name="story">Its story.</param>
        /// <param name="end">How the last run ended.</param>
        /// <param name="uncutBytes">The image bytes that the story fetches when nothing is cut.</param>
        /// <returns>Null when all is well, otherwise what is not.</returns>
        public static string? Find(World world, Story story, RunEnd end, long uncutBytes)
        {
            if (world.Violation != null)
            {
                return world.Violation;
            }

            if (world.Flash.Misuse is { } misuse)
            {
                return misuse.Message;
            }

            if (end != RunEnd.Settled)
            {
                return $"ended {end} {world.Device!.DeadBecause}";
            }

            if (world.Device!.Status!.Fault is { } fault)
            {
                return $"threw {fault}";
            }

            return OfFlash(world, story) ?? OfBytes(world, story, uncutBytes) ?? OfReport(world, story) ?? OfNext(world, story);
        }

        // Boots a copy of the flash, as after the next power-up.
        private static string? OfFlash(World world, Story story)
        {
            NorFlash flash = world.Flash.Copy();
            var writes = new StateWrites();
            OtaData? otaData = world.Map.OtaData is { } at ? new OtaData(flash, (int)at.Offset, world.Map.Firmware.Count, writes) : null;
            int running = Bootloader.Choose(flash, world.Map.Firmware, otaData);
            if (running < 0)
            {
                return "no firmware boots";
            }

            var slots = new SlotCore(flash, world.Map, otaData, running, writes);
            if (!slots.Hook(ResetCause.PowerOn) || slots.IsOnTrial)
            {
                return "what boots next is not confirmed";
            }

            Partition firmware = world.Map.Firmware[running];
            Partition deploy = world.Map.Deploy[slots.ActiveDeploy];
            (string deployment, string set) = world.Set(story.Expected);
            if (!World.Holds(flash.ReadUsed((int)deploy.Offset, (int)deploy.Size), world.DeploymentImage(deployment)!))
            {
                return $"{deploy.Label} does not hold {deployment}, and nothing else, from end to end";
            }

            if (!flash.ReadUsed((int)firmware.Offset, (int)firmware.Size).AsSpan().StartsWith(world.FirmwareImage(story.ExpectedFirmware ?? set)))
            {
                return $"{firmware.Label} does not hold {story.ExpectedFirmware ?? set}";
            }

            if (ClrModel.FindApplication(flash, firmware, deploy, out string reason) == null)
            {
                return reason;
            }

            string[] confirmed = [.. slots.Record.Sets.Select(s => s.Version).Where(version => version.Length > 0).Append(story.Expected)];
            return confirmed.FirstOrDefault(version => !world.Passed.Contains(version)) is { } unproved ? $"{unproved} is confirmed and never passed" : null;
        }

        private static string? OfBytes(World world, Story story, long uncutBytes)
        {
            long most = uncutBytes + world.Points.Cuts * (World.CheckpointInterval + NorFlash.SectorSize);
            return story.KeepsJournal && world.Server.ImageBytesRead > most
                ? $"{world.Server.ImageBytesRead} image bytes were fetched, {most} would have done" : null;
        }

        private static string? OfReport(World world, Story story)
        {
            JsonObject report = JsonNode.Parse(world.Reported ?? "{}")!.AsObject();
            string? current = (string?)report["current"];
            int? code = (int?)report["last"]?["code"];
            bool unsaid = story.MayEndUnsaid && code == null;
            return current != story.Expected || (string?)report["state"] != "idle" ? $"reported {current}, {report["state"]}"
                : code != (int)story.ExpectedCode && !unsaid ? $"reported {code} as the last result" : null;
        }

        // A counter above the one applied must do, and one below it when nothing was.
        private static string? OfNext(World world, Story story)
        {
            bool applied = story.ExpectedCode == ResultCode.Applied;
            bool withFirmware = world.Map.Firmware.Count > 1;
            world.Publish("9.0.0", "9.0.0", withFirmware ? "1.90.0" : null, $"\"counter\":{(applied ? AppliedCounter + 1 : AppliedCounter - 1)},");
            world.Wish("9.0.0");
            world.IsOver = true;
            world.HubIsDown = false;
            RunEnd end = world.Run();
            return end != RunEnd.Settled || world.Device!.Status!.Current != "9.0.0"
                ? $"cannot be updated any more: {end}, {world.Device!.Status?.LastCode}" : world.Violation;
        }
    }
}
