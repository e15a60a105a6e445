using System.Text.Json.Nodes;
using nanoOta.VirtualDevice;
using nanoOta.VirtualDevice.Boot;
using Spectre.Console;

namespace nanoOta.Tool.Devices
{
    /// <summary>Shows what happens to a device while it runs: lines or JSON, and on a terminal a bar for a download.</summary>
    internal sealed class RunView
    {
        private readonly Output _output;
        private readonly int _chapter;
        private readonly ProgressContext? _bars;
        private readonly Action<JsonObject>? _watcher;
        private ProgressTask? _bar;
        private bool _hasBegun;

        private RunView(Output output, int chapter, Action<JsonObject>? watcher, ProgressContext? bars)
        {
            _output = output;
            _chapter = chapter;
            _watcher = watcher;
            _bars = bars;
        }

        /// <summary>Runs something with a view.</summary>
        /// <param name="output">Where it shows.</param>
        /// <param name="run">What runs.</param>
        /// <param name="chapter">The story's chapter that is shown; 0: none.</param>
        /// <param name="watcher">Is given each event, the run's end as well; null: nobody.</param>
        public static RunResult Watch(Output output, Func<RunView, RunResult> run, int chapter = 0, Action<JsonObject>? watcher = null)
        {
            RunResult result = !output.IsTerminal ? run(new RunView(output, chapter, watcher, null)) : output.Console.Progress()
                .AutoClear(true).HideCompleted(true)
                .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn())
                .Start(bars => run(new RunView(output, chapter, watcher, bars)));
            watcher?.Invoke(result.ToJson());
            output.Json(WithChapter(result.ToJson(), chapter));
            foreach (string line in result.ToText())
            {
                output.Line("  " + line);
            }

            return result;
        }

        /// <summary>Shows an event.</summary>
        public void Show(DeviceEvent e)
        {
            // The run's end tells more of it.
            if (e.Name == "dead")
            {
                return;
            }

            var json = new JsonObject { ["event"] = e.Name };
            foreach ((string name, object? value) in e.Data)
            {
                json[name] = value switch { null => null, bool b => b, int i => i, _ => value.ToString() };
            }

            if (_bar != null && (string?)json["state"] != "downloading")
            {
                _bar.StopTask();
                _bar = null;
            }

            _output.Json(WithChapter(json, _chapter));
            string? line = e.Name switch
            {
                "boot" => Boot(json),
                "reset" => Reset(Enum.Parse<ResetCause>((string)json["cause"]!)),
                _ => State(json),
            };
            if (line != null)
            {
                _output.Line("  " + line);
            }

            _watcher?.Invoke(json);
        }

        /// <summary>Shows a patch of reported properties.</summary>
        public void Reported(string patch)
        {
            _output.Json(WithChapter(new JsonObject { ["event"] = "reported", ["patch"] = JsonNode.Parse(patch) }, _chapter));
            _output.Line("  reported: " + patch);
        }

        /// <summary>Shows how far a download has come.</summary>
        public void Advance(UpdateStatus status)
        {
            if (status.State == UpdateState.Download && _bars != null)
            {
                _bar ??= _bars.AddTask("  downloading");
                _bar.Value = status.Progress;
            }
        }

        private static string Boot(JsonObject e)
        {
            string application = (string?)e["application"] is { } version ? $"application {version}" : "no application";
            return $"boot: {application} from {e["slot"]}{((bool)e["trial"]! ? ", on trial" : "")}";
        }

        private static string Reset(ResetCause cause)
        {
            return cause switch
            {
                ResetCause.Panic => "it crashes, and resets",
                ResetCause.Watchdog => "it does not move, and the watchdog resets it",
                _ => "reboot",
            };
        }

        // What a person wants to know; the bar stands for the steps of a download.
        private string? State(JsonObject e)
        {
            string state = (string)e["state"]!;
            if ((string?)e["waiting"] is { } waiting)
            {
                return $"{state}: {ResultText.Sentence(Enum.Parse<ResultCode>(waiting))}";
            }

            return state switch
            {
                "idle" or "waiting" => null,
                "downloading" => Download((int)e["progress"]!),
                "discarding" => "discarding the download",
                "confirming" => "self-test passed, confirming",
                _ => state,
            };
        }

        // What is gone on with did not begin at 0 %.
        private string? Download(int progress)
        {
            bool isFirst = !_hasBegun;
            _hasBegun = true;
            return isFirst && progress == 0 ? "downloading" : _bars == null ? $"downloading, {progress} %" : null;
        }

        private static JsonObject WithChapter(JsonObject e, int chapter)
        {
            if (chapter > 0)
            {
                e.Insert(1, "chapter", chapter);
            }

            return e;
        }
    }
}
