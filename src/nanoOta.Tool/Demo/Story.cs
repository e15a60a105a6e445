using nanoOta.Tool.Devices;
using nanoOta.VirtualDevice;

namespace nanoOta.Tool.Demo
{
    /// <summary>A chapter as it went.</summary>
    /// <param name="Number">From 1.</param>
    /// <param name="Title">What it is about.</param>
    /// <param name="Outcome">What happened.</param>
    /// <param name="Running">The version that runs at its end.</param>
    /// <param name="Ok">Whether it went as it should.</param>
    internal sealed record Chapter(int Number, string Title, string Outcome, string Running, bool Ok);

    /// <summary>The chapters of the demo. Each leaves the device to the next.</summary>
    internal static class Story
    {
        private static readonly string[] _titles =
        [
            "The operator sets updateVersion to 1.1.0",
            "1.2.0 fails its self-test",
            "The power is cut in the middle of 1.3.0",
            "Somebody has tampered with 1.4.0",
            "One line of 1.3.0 is changed in 1.5.0",
        ];

        /// <summary>Their titles; the last chapter needs a device that fetches only what changed.</summary>
        public static IReadOnlyList<string> Titles(Stage stage)
        {
            return stage.HasDeltas ? _titles : _titles[..^1];
        }

        /// <summary>Plays a chapter.</summary>
        public static Chapter Play(Stage stage, int number)
        {
            return number switch
            {
                1 => Update(stage),
                2 => RollBack(stage),
                3 => CarryOn(stage),
                4 => Refuse(stage),
                _ => FetchChanged(stage),
            };
        }

        private static Chapter Update(Stage stage)
        {
            stage.Publish("1.1.0");
            RunResult run = stage.Request(1, "1.1.0");
            return End(1, run, Sentence(run), run is { ExitCode: ExitCode.Done, Version: "1.1.0", Code: ResultCode.Applied });
        }

        private static Chapter RollBack(Stage stage)
        {
            stage.Publish("1.2.0");
            RunResult run = stage.Request(2, "1.2.0", SelfTestMode.Fail);
            return End(2, run, Sentence(run), run is { ExitCode: ExitCode.Refused, Version: "1.1.0", Code: ResultCode.SelfTestFailed });
        }

        private static Chapter CarryOn(Stage stage)
        {
            stage.Publish("1.3.0");
            RunResult cut = stage.Request(3, "1.3.0", cutAfter: stage.CutAt);
            RunResult run = stage.Request(3, "1.3.0");
            int resumedAt = stage.Requests.FirstOrDefault(request => request.Path.EndsWith(".bin", StringComparison.Ordinal))?.Offset ?? 0;
            bool ok = cut.ExitCode == ExitCode.PowerCut && resumedAt > 0 && run.BytesFetched < stage.ImageSize
                && run is { ExitCode: ExitCode.Done, Version: "1.3.0", Code: ResultCode.Applied };
            return End(3, run, $"Carried on at byte {resumedAt} of {stage.ImageSize}. {Sentence(run)}", ok);
        }

        private static Chapter Refuse(Stage stage)
        {
            byte[] image = stage.Publish("1.4.0");
            image[image.Length / 2] ^= 1;
            RunResult run = stage.Request(4, "1.4.0");
            return End(4, run, Sentence(run), run is { ExitCode: ExitCode.Refused, Version: "1.3.0", Code: ResultCode.HashMismatch, Device.Reboots: 0 });
        }

        private static Chapter FetchChanged(Stage stage)
        {
            stage.PublishChanged("1.5.0", "1.3.0");
            RunResult run = stage.Request(5, "1.5.0");
            long fetched = run.Device.Fetched;
            bool ok = fetched > 0 && fetched < stage.ImageSize / 100 && run is { ExitCode: ExitCode.Done, Version: "1.5.0", Code: ResultCode.Applied };
            return End(5, run, FormattableString.Invariant($"{fetched} bytes fetched instead of {stage.ImageSize}: {100.0 * fetched / stage.ImageSize:0.0} %. {Sentence(run)}"), ok);
        }

        private static Chapter End(int number, RunResult run, string outcome, bool ok)
        {
            return new Chapter(number, _titles[number - 1], outcome, run.Version ?? "nothing", ok);
        }

        private static string Sentence(RunResult run)
        {
            return ResultText.Sentence(run.Code);
        }
    }
}
