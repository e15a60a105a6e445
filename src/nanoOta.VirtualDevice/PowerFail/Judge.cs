using nanoOta.VirtualDevice.Flash;

namespace nanoOta.VirtualDevice.PowerFail
{
    /// <summary>What a scenario takes when nothing is cut.</summary>
    /// <param name="Bytes">Image bytes fetched.</param>
    /// <param name="Trials">Boots on trial.</param>
    public sealed record Uncut(long Bytes, int Trials);

    /// <summary>
    /// Judges what the power cuts left of a device: by what its flash holds and boots, not by what its agent says of itself. Only the
    /// last questions are about that: whether it reported the truth, stays idle, and can be updated again.
    /// </summary>
    public static class Judge
    {
        /// <summary>The counter of the update that was applied, in scenarios that use one.</summary>
        private const int AppliedCounter = 7;

        /// <summary>Judges a world after its scenario.</summary>
        /// <param name="world">The world.</param>
        /// <param name="scenario">Its scenario.</param>
        /// <param name="end">How the last run ended.</param>
        /// <param name="uncut">What the scenario takes when nothing is cut.</param>
        /// <returns>Null when all is well, otherwise what is not.</returns>
        public static string? Find(World world, Scenario scenario, RunEnd end, Uncut uncut)
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

            return OfFlash(world, scenario) ?? OfEffort(world, scenario, uncut) ?? OfReport(world, scenario) ?? OfIdle(world) ?? OfCounter(world, scenario)
                ?? OfNext(world, scenario);
        }

        private static string? OfFlash(World world, Scenario scenario)
        {
            (string deployment, string set) = world.Set(scenario.Expected);
            string? found = NextBoot.Find(world.Flash, world.Map, (deployment, world.DeploymentImage(deployment)!),
                (scenario.ExpectedFirmware ?? set, world.FirmwareImage(scenario.ExpectedFirmware ?? set)!));
            return found ?? NextBoot.Of(world.Flash, world.Map)!.Record.Sets.Select(s => s.Version).Where(version => version.Length > 0).Append(scenario.Expected)
                .Where(version => !world.Passed.Contains(version)).Select(version => $"{version} is confirmed and never passed").FirstOrDefault();
        }

        // A cut costs at most a checkpoint's interval and a block more, and no more trials than there were.
        private static string? OfEffort(World world, Scenario scenario, Uncut uncut)
        {
            long most = uncut.Bytes + world.Points.Cuts * (World.CheckpointInterval + NorFlash.BlockLength);
            return scenario.KeepsJournal && world.Server.ImageBytesRead > most ? $"{world.Server.ImageBytesRead} image bytes were fetched, {most} would have done"
                : world.Trials.Count > uncut.Trials * (world.Points.Cuts + 1) ? $"{world.Trials.Count} boots on trial" : null;
        }

        private static string? OfReport(World world, Scenario scenario)
        {
            return scenario.FindInReport(world, NextBoot.Of(world.Flash, world.Map)!.ActiveSlot);
        }

        // Turned off and on again with the same update request, it has nothing to do.
        private static string? OfIdle(World world)
        {
            (long bytes, int trials) = (world.Server.ImageBytesRead, world.Trials.Count);
            world.IsOver = true;
            world.HubIsDown = false;
            world.Flash.PowerOn();
            RunEnd end = world.Run();
            return end != RunEnd.Settled || world.Server.ImageBytesRead != bytes || world.Trials.Count != trials
                ? $"does not stay idle: {end}, {world.Server.ImageBytesRead - bytes} bytes fetched, {world.Trials.Count - trials} boots on trial" : world.Violation;
        }

        // What was applied had a counter: from now on a lower one is refused.
        private static string? OfCounter(World world, Scenario scenario)
        {
            if (!scenario.RaisesCounter)
            {
                return null;
            }

            world.Publish("8.0.0", "8.0.0", null, $"\"counter\":{AppliedCounter - 1},");
            world.Request("8.0.0");
            world.Run();
            return world.Device!.Status!.LastCode == ResultCode.CounterTooLow ? null : $"{world.Device.Status.LastCode} for a lower counter";
        }

        // A counter above the one applied must do, and one below it when nothing was.
        private static string? OfNext(World world, Scenario scenario)
        {
            bool applied = scenario.ExpectedCode == ResultCode.Applied;
            bool withFirmware = world.Map.Firmware.Count > 1;
            string firmware = withFirmware ? "1.90.0" : Images.FactoryFirmware;
            world.Publish("9.0.0", "9.0.0", withFirmware ? firmware : null, $"\"counter\":{(applied ? AppliedCounter + 1 : AppliedCounter - 1)},");
            world.Request("9.0.0");
            RunEnd end = world.Run();
            return end != RunEnd.Settled || world.Device!.Status!.Current != "9.0.0" ? $"cannot be updated any more: {end}, {world.Device!.Status?.LastCode}"
                : NextBoot.Find(world.Flash, world.Map, ("9.0.0", world.DeploymentImage("9.0.0")!), (firmware, world.FirmwareImage(firmware)!)) ?? world.Violation;
        }
    }
}
