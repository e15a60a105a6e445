using System.CommandLine;
using System.Text.Json.Nodes;
using nanoOta.Tool.Demo;
using nanoOta.VirtualDevice.Images;
using nanoOta.VirtualDevice.Slots;
using Spectre.Console;

namespace nanoOta.Tool.Commands
{
    /// <summary><c>nanoota demo</c>.</summary>
    internal static class DemoCommand
    {
        private const int LeastDevices = 50;
        private const int MostDevices = 20_000;
        private const int MostLive = 200;

        public static Command Create(CommandLine line)
        {
            var layout = new Option<string>("--layout") { Description = $"The device's flash layout: {LayoutName.All}.", DefaultValueFactory = _ => "esp32-8mb" };
            var core = CoreOption.Create();
            var fleet = new Option<int>("--fleet") { Description = $"Watch a fleet of so many virtual devices instead, {LeastDevices} to {MostDevices}, with its page: a staged rollout, a bad version that stops itself, the way back." };
            var mqtt = new Option<bool>("--mqtt") { Description = $"With --fleet: the devices connect over MQTT with TLS and fetch over HTTP, as boards do; up to {MostLive} of them. Otherwise they run without a network in this process." };
            var port = new Option<int>("--port") { Description = "With --fleet: the TCP port of the page; 0 takes any free one." };
            var container = new Option<string?>("--container", "-c") { Description = "With --fleet: publish to this container of blob storage, as deploy does, instead of a folder; with the account's connection string in NANOOTA_STORAGE, Azurite's for example." };
            return line.On(new Command("demo", """
                Watch a virtual ESP32, which runs the very assemblies that ship to devices, update itself over HTTP: an update, a rollback, a power cut, a tampered image, and one line changed. Nothing is left behind.

                Exits with 0 when every chapter went as it should, 4 when one did not.

                Examples: nanoota demo
                          nanoota demo --fleet 200
                          nanoota demo --fleet 50 --mqtt
                """) { layout, core, fleet, mqtt, port, container }, (result, output) =>
            {
                if (result.GetResult(fleet) is { Implicit: false })
                {
                    bool isLive = result.GetValue(mqtt);
                    string[] blobs = result.GetValue(container) is not { } name ? [] : line.SettingsFileOf(result) is { } file ? ["--container", name, "--settings", file] : ["--container", name];
                    int most = isLive ? MostLive : MostDevices;
                    return result.GetValue(fleet) is >= LeastDevices and var count && count <= most ? PlayFleet(output, count, ServeCommand.Port(result.GetValue(port)), isLive, blobs, line.Stop)
                        : throw new Failure(ExitCode.Usage, $"--fleet is from {LeastDevices} to {most}{(isLive ? " with --mqtt" : "")}.");
                }

                ExitCode code = Play(LayoutName.Find(result.GetRequiredValue(layout)), core.Choose(result), output);
                core.Say(result, output);
                return code;
            });
        }

        private static ExitCode PlayFleet(Output output, int count, int port, bool isLive, string[] container, CancellationToken stop)
        {
            using var story = new FleetStory(output, count, port, isLive, container, stop);
            output.Line();
            output.Line($"{count} virtual devices run 1.0.0{(isLive ? ", connected over MQTT with TLS" : "")}. Watch them: {story.PageUrl}");
            output.Json(new JsonObject { ["event"] = "fleet", ["devices"] = count, ["mqtt"] = isLive, ["page"] = story.PageUrl });
            ExitCode code = Conclude(output, story.Play());
            if (output.IsTerminal && !stop.IsCancellationRequested)
            {
                output.Line($"The page stays until you press Enter: {story.PageUrl}");
                System.Console.ReadLine();
            }

            return code;
        }

        private static ExitCode Play(FlashLayout layout, CoreKind core, Output output)
        {
            using var stage = new Stage(output, layout, core, "1.0.0");
            output.Line($"A virtual {layout.Target} with {layout.FlashSize / 1024 / 1024} MB of flash runs 1.0.0.");
            output.Json(new JsonObject { ["event"] = "device", ["layout"] = layout.Name, ["target"] = layout.Target, ["version"] = "1.0.0" });
            var chapters = new List<Chapter>();
            IReadOnlyList<string> titles = Story.Titles(stage);
            for (int number = 1; number <= titles.Count; number++)
            {
                output.Line();
                output.Line($"{number}. {titles[number - 1]}");
                output.Json(new JsonObject { ["event"] = "chapter", ["chapter"] = number, ["title"] = titles[number - 1] });
                Chapter chapter = Story.Play(stage, number);
                output.Json(new JsonObject { ["event"] = "outcome", ["chapter"] = number, ["ok"] = chapter.Ok, ["outcome"] = chapter.Outcome, ["version"] = chapter.Running });
                chapters.Add(chapter);
            }

            ExitCode code = Conclude(output, chapters);
            output.Line("Flash operations are programs and erases of the device's flash; writes of state are those of its journal and of what decides about booting.");
            return code;
        }

        /// <summary>Sums the chapters up.</summary>
        internal static ExitCode Conclude(Output output, IReadOnlyList<Chapter> chapters)
        {
            bool ok = chapters.All(chapter => chapter.Ok);
            output.Json(new JsonObject { ["event"] = "demo", ["ok"] = ok, ["chapters"] = chapters.Count });
            if (!output.IsJson)
            {
                Tabulate(output, chapters);
            }

            return ok ? ExitCode.Done : ExitCode.Unsound;
        }

        private static void Tabulate(Output output, IReadOnlyList<Chapter> chapters)
        {
            var table = new Table().AddColumns("", "Chapter", "What happened", "Runs now");
            foreach (Chapter chapter in chapters)
            {
                table.AddRow(new Text(chapter.Ok ? "✓" : "✗"), new Text(chapter.Title), new Text(chapter.Outcome), new Text(chapter.Running));
            }

            output.Line();
            output.Console.Write(table);
        }
    }
}
