extern alias StandIns;

using System.Text.Json.Nodes;
using nanoOta.VirtualDevice.Stock;
using StandIns::nanoOta.StandIns;
using DeviceFile = StandIns::System.IO.File;

namespace nanoOta.VirtualDevice.PowerFail.Stock
{
    /// <summary>
    /// Judges what the power cuts left of a stock device: by what its drive holds and its loader starts, then by what it reports, then by
    /// another update.
    /// </summary>
    public static class StockJudge
    {
        private const int BlockLength = 4096;

        /// <summary>Judges a world after its scenario.</summary>
        /// <param name="world">The world.</param>
        /// <param name="scenario">Its scenario.</param>
        /// <param name="end">How the last run ended.</param>
        /// <param name="uncutBytes">The image bytes that the scenario fetches when nothing is cut.</param>
        /// <returns>Null when all is well, otherwise what is not.</returns>
        public static string? Find(StockWorld world, StockScenario scenario, RunEnd end, long uncutBytes)
        {
            return world.Violation
                ?? (end != RunEnd.Settled ? $"ended {end} {world.Device!.DeadBecause}" : null)
                ?? (world.Device!.Status!.Fault is { } fault ? $"threw {fault}" : null)
                ?? OfFiles(world, scenario)
                ?? OfBytes(world, scenario, uncutBytes)
                ?? OfReport(world, scenario)
                ?? OfNext(world);
        }

        // Boots from a copy of the drive, as after the next power-up.
        private static string? OfFiles(StockWorld world, StockScenario scenario)
        {
            using var copy = new MemoryStream();
            world.Files.Save(copy);
            copy.Position = 0;
            VirtualFileSystem.Current = VirtualFileSystem.Load(copy);
            var runtime = new AppRuntimeModel();
            AppFolders folders = StockFiles.Boot(world.Layout, runtime);
            string version = folders.VersionOf(AppFolders.Component);
            var status = new ModuleStatus();
            folders.GetStatus(status);
            if (status.Trial == TrialPhase.Running || version != scenario.Expected)
            {
                return $"what boots next is {version}, {status.Trial}";
            }

            if (!DeviceFile.ReadAllBytes($@"{StockDevice.Root}{status.Slot}\app.bin").AsSpan().SequenceEqual(world.Image(scenario.Expected)))
            {
                return $"{status.Slot} does not hold {scenario.Expected} from end to end";
            }

            return !folders.Start() ? "what boots next cannot be loaded"
                : !world.Passed.Contains(version) ? $"{version} is confirmed and never passed" : null;
        }

        private static string? OfBytes(StockWorld world, StockScenario scenario, long uncutBytes)
        {
            long most = uncutBytes + world.Points.Cuts * (World.CheckpointInterval + BlockLength);
            return scenario.KeepsJournal && world.Server.ImageBytesRead > most
                ? $"{world.Server.ImageBytesRead} image bytes were fetched, {most} would have done" : null;
        }

        private static string? OfReport(StockWorld world, StockScenario scenario)
        {
            JsonObject report = JsonNode.Parse(world.Reported ?? "{}")!.AsObject();
            string? current = (string?)report["current"];
            int? code = (int?)report["last"]?["code"];
            bool unsaid = !scenario.KeepsJournal && code == null;
            return current != scenario.Expected || (string?)report["state"] != "idle" ? $"reported {current}, {report["state"]}"
                : code != (int)scenario.ExpectedCode && !unsaid ? $"reported {code} as the last result" : null;
        }

        private static string? OfNext(StockWorld world)
        {
            world.Publish("9.0.0");
            world.Request("9.0.0");
            world.IsOver = true;
            RunEnd end = world.Run();
            return end != RunEnd.Settled || world.Device!.Status!.Current != "9.0.0"
                ? $"cannot be updated any more: {end}, {world.Device!.Status?.LastCode}" : world.Violation;
        }
    }
}
