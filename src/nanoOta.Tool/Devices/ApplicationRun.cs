extern alias StandIns;

using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using nanoOta.VirtualDevice;
using nanoOta.VirtualDevice.Applications;
using nanoOta.VirtualDevice.Boot;
using nanoOta.VirtualDevice.Flash;
using nanoOta.VirtualDevice.Images;
using StandIns::nanoOta.StandIns;

namespace nanoOta.Tool.Devices
{
    /// <summary>One run of a virtual device on which a user's application runs, over real HTTP.</summary>
    /// <param name="state">The device.</param>
    /// <param name="paths">The application: its assembly, or one for each of its versions.</param>
    internal sealed class ApplicationRun(StateFolder state, string[] paths)
    {
        // A device waits longer; on a PC, servers that do not answer in this time will not.
        private const int TimeoutMilliseconds = 3000;
        private const int DriveLength = 1 << 20;

        private readonly ApplicationFile[] _files = [.. paths.Select(Read)];
        private readonly SortedSet<string> _strangers = new(StringComparer.Ordinal);
        private bool _hasFound;

        /// <summary>With stock firmware, the loader's assembly, which loads applications from the drive; null: the device has a firmware of its own.</summary>
        public string? Loader { get; init; }

        /// <summary>The power is cut at this operation of the flash, from 1; 0: never.</summary>
        public long CutAfter { get; init; }

        /// <summary>How long the run may take, by the host's clock.</summary>
        public double MaxSeconds { get; init; } = 120;

        /// <summary>The run ends after so many seconds of the device's time without any change of its flash, when nothing is on trial.</summary>
        public double RestSeconds { get; init; } = 300;

        /// <summary>Certificates in the device's own store, PEM; empty: none.</summary>
        public string Authority { get; init; } = "";

        /// <summary>Runs, and shows what the application prints. The device's state is saved, whatever happens to it.</summary>
        /// <exception cref="Failure">The application cannot be loaded, or can never end what it does.</exception>
        public ExitCode Run(Output output)
        {
            DeviceNetwork.ConnectTimeoutMilliseconds = TimeoutMilliseconds;
            DeviceCertificateStore.Roots = Encoding.ASCII.GetBytes(Authority + '\0');
            Board board = PowerOn(output);
            RunningDevice device = board.Device;
            RunEnd end;
            string? confirmed = null;
            try
            {
                end = Run(board);
                confirmed = end == RunEnd.Stopped ? board.Confirmed() : null;
            }
            catch (Exception e) when (e is InvalidDataException or DeviceHangException)
            {
                throw new Failure(ExitCode.Usage, e.Message);
            }
            finally
            {
                if (Loader == null)
                {
                    Save(device.Files);
                }

                state.Save();
            }

            if (_strangers.Count > 0 && !_hasFound)
            {
                output.Complain($"the drive's application has no assembly of the name that --app gives ({string.Join(", ", _files.Select(file => file.Name).Distinct())}), but {string.Join(", ", _strangers)}: nothing of it ran. Give the assembly that the image on the drive is made from.");
            }

            foreach (Exception fault in device.Uncaught)
            {
                output.Line($"  an exception ended a thread of the application: {fault.GetType().Name}: {fault.Message}");
            }

            output.Json(new JsonObject { ["event"] = "end", ["end"] = end.ToString(), ["application"] = device.Version, ["confirmed"] = confirmed, ["reboots"] = device.Reboots });
            output.Line(end switch
            {
                RunEnd.PowerCut => "  power cut",
                RunEnd.Dead => "  no application starts: " + device.DeadBecause,
                _ when device.Version == null => "  the loader runs without an application",
                _ => $"  {device.Version} runs, {(confirmed == null ? "as the factory installed it" : $"{confirmed} is confirmed")}",
            });
            return end switch { RunEnd.PowerCut => ExitCode.PowerCut, RunEnd.Dead => ExitCode.Unsound, _ => ExitCode.Done };
        }

        private Board PowerOn(Output output)
        {
            var network = new BoardNetwork { IsWifi = state.Layout.IsEsp32 };
            NorFlash? flash = state.Storage.PowerOn(CutAfter);
            if (flash == null)
            {
                var stock = new LoaderDevice(state.Layout, Read(Loader!), Find) { Files = state.Storage.Drives, Network = network, Printed = Print, Log = Log };
                return new Board(stock, () => state.Storage.Operations, () => stock.Recorded.Trial == TrialPhase.Running, () => stock.Recorded.ConfirmedVersion);
            }

            var device = new ApplicationDevice(flash, state.Layout, Find) { Files = Drive(), Network = network, Printed = Print, Log = Log };
            return new Board(device, () => flash.Operations, () => device.Slots!.IsOnTrial, () => device.Confirmed);

            void Print(string line)
            {
                output.Json(new JsonObject { ["event"] = "printed", ["line"] = line });
                output.Line("  | " + line);
            }

            void Log(DeviceEvent e) => Show(output, e);
        }

        private RunEnd Run(Board board)
        {
            var watch = Stopwatch.StartNew();
            long operations = -1;
            TimeSpan changedAt = TimeSpan.Zero;
            VirtualClock clock = board.Device.Clock;
            return board.Device.Run(() =>
            {
                bool isResting = (clock.Elapsed - changedAt).TotalSeconds > RestSeconds;
                if (operations != board.Operations() || (isResting && board.IsOnTrial()))
                {
                    operations = board.Operations();
                    changedAt = clock.Elapsed;
                    isResting = false;
                }

                return watch.Elapsed.TotalSeconds > MaxSeconds || isResting;
            });
        }

        // An assembly on the drive is the application by its name: other ones of the file are libraries. In an image that was made up, the application's is always the same.
        private ApplicationFile? Find(NanoAssembly loaded)
        {
            bool isOurs = loaded.Name == SampleImages.ApplicationName || _files.Any(file => file.Name == loaded.Name);
            _hasFound |= isOurs;
            if (isOurs)
            {
                return Find(loaded.Version);
            }

            _strangers.Add(loaded.Name);
            return null;
        }

        // The one of that version, or else the newest, which then says that it has it.
        private ApplicationFile Find(AssemblyVersion version)
        {
            return Array.Find(_files, file => file.Version with { Revision = 0 } == version with { Revision = 0 })
                ?? _files.MaxBy(file => (file.Version.Major, file.Version.Minor, file.Version.Build))!;
        }

        private static ApplicationFile Read(string path)
        {
            try
            {
                return Failure.OfFiles($"cannot read {path}", () => ApplicationFile.Read(path));
            }
            catch (InvalidDataException e)
            {
                throw new Failure(ExitCode.Usage, e.Message);
            }
        }

        private static void Show(Output output, DeviceEvent e)
        {
            var json = new JsonObject { ["event"] = e.Name };
            foreach ((string name, object? value) in e.Data)
            {
                json[name] = value is bool b ? b : value?.ToString();
            }

            output.Json(json);
            output.Line(e.Name == "boot" && !json.ContainsKey("slot") ? "  boot: the loader"
                : e.Name == "boot" ? $"  boot: {(json["application"] is { } version ? $"application {version}" : "no application")} from {json["slot"]}{((bool)json["trial"]! ? ", on trial" : "")}"
                : (string?)json["cause"] == nameof(ResetCause.Watchdog) ? "  the watchdog resets it" : "  reboot");
        }

        private VirtualFileSystem Drive()
        {
            string path = Path.Combine(state.Folder, "files.bin");
            return !File.Exists(path) ? new VirtualFileSystem(DriveLength) : Failure.OfFiles($"cannot read {path}", () =>
            {
                using FileStream file = File.OpenRead(path);
                return VirtualFileSystem.Load(file);
            });
        }

        private void Save(VirtualFileSystem files) => OutputFile.Write(Path.Combine(state.Folder, "files.bin"), files.Save);

        // A device that runs, and what is asked of either kind.
        private sealed record Board(RunningDevice Device, Func<long> Operations, Func<bool> IsOnTrial, Func<string?> Confirmed);
    }
}
